/**
 * Writes docs/requirements.md: every requirement with the test that proves it, or where it is open. Run by
 * `npm run docs`; a test finds a stale page and references that lead nowhere.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ROOT } from '../lib/bundles';
import { BEYOND, FAILOVER } from './requirements/failover';
import { DATA, DELIVERY, NETWORKS } from './requirements/platform';
import type { Proof, Row } from './requirements/row';
import { COMPUTE, MONITORING } from './requirements/services';

/** The page, from the repository's root. */
export const PAGE = 'docs/requirements.md';

/** All requirements by heading, in the order of the page. */
export const SECTIONS: readonly (readonly [string, readonly Row[]])[] = [
  ['N. Shape and delivery', DELIVERY],
  ['W. Network', NETWORKS],
  ['D. Data', DATA],
  ['C. Compute and API', COMPUTE],
  ['M. Detection and monitoring', MONITORING],
  ['F. Failover', FAILOVER],
  ['X. What no comparable system has', BEYOND],
];

/** All requirements. */
export const ROWS: readonly Row[] = SECTIONS.flatMap(([, rows]) => rows);

/** The text that the page should have. */
export function requirementsPage(): string {
  const done = ROWS.filter(({ proofs }) => proofs.every((proof) => 'test' in proof)).length;
  const sections = SECTIONS.map(([heading, rows]) => `## ${heading}\n\n${rows.map(paragraph).join('\n')}`);
  return `<!-- Written by scripts/requirements-doc.ts from scripts/requirements; a test compares both. -->

# Requirements

Every requirement, with the tests that prove it: file and title, which a test looks up, so that neither can go stale. What has
no proof yet is open and names the issue that it belongs to. ${done} of ${ROWS.length} are proven, the others open or open in part.

${sections.join('\n')}`;
}

/** References that lead nowhere: a file that is not there, or one without the title. */
export function brokenReferences(root = ROOT): readonly string[] {
  return ROWS.flatMap(({ id, proofs }) =>
    proofs.flatMap((proof) => {
      if (!('test' in proof)) return [];
      const file = path.join(root, proof.test);
      if (!existsSync(file)) return [`${id}: there is no ${proof.test}`];
      return written(readFileSync(file, 'utf8'), proof.title) ? [] : [`${id}: ${proof.test} has no "${proof.title}"`];
    }),
  );
}

/** Does a source contain a text, however its quotes are written? */
function written(source: string, title: string): boolean {
  return source.includes(title) || source.includes(title.replaceAll("'", "\\'"));
}

function paragraph({ id, text, proofs }: Row): string {
  return [`- **${id}** ${text}`, ...proofs.map((proof) => `  - ${shown(proof)}`), ''].join('\n');
}

function shown(proof: Proof): string {
  if ('test' in proof) return `${proof.test}: “${proof.title}”`;
  return `open: ${proof.open}${proof.what === undefined ? '' : ` (${proof.what})`}`;
}

/** Writes the page when it is stale. @throws Error naming every reference that leads nowhere. */
export function main(): void {
  const file = path.join(ROOT, PAGE);
  const page = requirementsPage();
  if (!existsSync(file) || readFileSync(file, 'utf8') !== page) writeFileSync(file, page);
  const broken = brokenReferences();
  if (broken.length > 0) throw new Error(broken.join('\n'));
}
