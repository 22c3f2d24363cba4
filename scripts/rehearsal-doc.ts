/**
 * Writes docs/rehearsal.md: what the rehearsal is, what goes wrong in it, and everything that it models with the test that
 * proves it. Run by `npm run docs`; a test finds a stale page and tests that are gone.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ROOT } from '../lib/bundles';
import type { ModelledBehaviour } from '../rehearsal/aws/fidelity';
import { ALL_BEHAVIOURS } from '../rehearsal/fidelity';
import type { ModelledService } from '../rehearsal/fidelity';
import { PACKS } from '../rehearsal/packs/packs';
import type { PackDefinition } from '../rehearsal/packs/packs';
import { markdownTable } from './config-table';
import { FAULT_STORIES } from './rehearsal/faults';
import { INTRODUCTION } from './rehearsal/introduction';
import { Titles } from './rehearsal/titles';

/** The page, from the repository's root. */
export const PAGE = 'docs/rehearsal.md';

const MODELS = ['exact', 'simplified', 'assumed'] as const satisfies readonly ModelledBehaviour['model'][];

/** What a run of a pack has to show, in words. */
const EXPECTATIONS = {
  'fails-over': 'fails over',
  stays: 'stays',
  survives: 'ends',
  'comes-home': 'comes home, and a switchover loses nothing',
} as const;

/** The text that the page should have. */
export function rehearsalPage(root = ROOT): string {
  const titles = new Titles(root);
  return `<!-- Written by scripts/rehearsal-doc.ts from rehearsal/; a test compares both. -->

${INTRODUCTION}
## Faults

Any of them from any moment on, for good or for a while, and any number at once. A schedule of faults is data: it is kept,
replayed and made smaller.

${markdownTable([['fault', 'what goes wrong'], ...Object.entries(FAULT_STORIES).map(([kind, story]) => [`\`${kind}\``, story])])}

## Scenarios

The class says what a run may be judged by. A: one fault that the budget is made for, so its time has to lie between the budget's
best and worst. B: A and one crash of the orchestrator, with a bound of its own. C: everything else, without a claim about time.

${PACKS.map(packSection).join('\n')}
## What is modelled

**exact** is as documented, as far as anybody in a run can see; **simplified** leaves something out and says what; **assumed** is where
AWS documents nothing, or a number is a choice. Every row names the test that shows the model doing it.

${summary()}

${ALL_BEHAVIOURS.map((service) => serviceSection(service, titles)).join('\n')}`;
}

/** Behaviours whose test is gone. */
export function missingTests(root = ROOT): readonly string[] {
  const titles = new Titles(root);
  return ALL_BEHAVIOURS.flatMap(({ service, behaviours }) =>
    behaviours.flatMap(({ test }) =>
      titles.fileOf(test) === undefined ? [`${service}: no test is named "${test}"`] : [],
    ),
  );
}

function packSection({ name, says, scenarios }: PackDefinition): string {
  const rows = scenarios.map(({ name: scenario, story, expectation, runClass }) => [
    `\`${scenario}\``,
    story,
    EXPECTATIONS[expectation],
    runClass,
  ]);
  return `### ${name}: ${says}

${markdownTable([['scenario', 'what happens', 'must', 'class'], ...rows])}
`;
}

function summary(): string {
  const count = (behaviours: readonly ModelledBehaviour[], model: ModelledBehaviour['model']): string =>
    String(behaviours.filter((one) => one.model === model).length);
  const all = ALL_BEHAVIOURS.flatMap(({ behaviours }) => behaviours);
  return markdownTable([
    ['part', ...MODELS],
    ...ALL_BEHAVIOURS.map(({ service, behaviours }) => [service, ...MODELS.map((model) => count(behaviours, model))]),
    ['together', ...MODELS.map((model) => count(all, model))],
  ]);
}

/** Rows too long to be aligned. */
function serviceSection({ service, behaviours }: ModelledService, titles: Titles): string {
  const rows = behaviours.map(({ behaviour, model, how, source, test }) =>
    row([behaviour, model, how, source, `“${test}” (${titles.fileOf(test) ?? 'gone'})`]),
  );
  return `### ${service}

<!-- prettier-ignore -->
${row(['behaviour', 'model', 'how it is modelled', 'source', 'test'])}
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[|*<>[\]]/g, String.raw`\$&`)).join(' | ')} |`;
}

/** Writes the page when it is stale. @throws Error naming every test that is gone. */
export function main(): void {
  const file = path.join(ROOT, PAGE);
  const page = rehearsalPage();
  if (!existsSync(file) || readFileSync(file, 'utf8') !== page) writeFileSync(file, page);
  const missing = missingTests();
  if (missing.length > 0) throw new Error(missing.join('\n'));
}
