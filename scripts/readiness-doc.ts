/**
 * Writes docs/readiness.md: every readiness check with what it looks at, why it matters and how to fix it. Run by `npm run docs`;
 * a test finds a stale page.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { checks } from '../lambda/readiness/checks/checks';
import type { Check, Place } from '../lambda/readiness/checks/form';
import { ROOT } from '../lib/bundles';
import { markdownTable } from './config-table';

/** The page, from the repository's root. */
export const PAGE = 'docs/readiness.md';

const PLACES: readonly (readonly [Place, string])[] = [
  ['graph', 'from the evaluated program alone: `npm start` prints them, and CI with it'],
  ['account', 'before a deployment: `npx tap preflight`'],
  ['live', 'on a deployed stack'],
  ['scheduled', 'there every five minutes, in both regions, by the function `readiness`'],
];

/** The text that the page should have. */
export function readinessPage(): string {
  const count = (place: Place): string => String(checks.filter(({ where }) => where.includes(place)).length);
  const blockers = checks.filter(({ severity }) => severity === 'blocker').length;
  return `<!-- Written by scripts/readiness-doc.ts from lambda/readiness/checks; a test compares both. -->

# Readiness

What has to be so for a region to take over, in one list of ${checks.length} checks. A **blocker** (${blockers} of them) is certain to make a
promotion impossible, or, before a deployment, the deployment; everything else that is wrong is a **warning**. Only blockers keep an
automatic failover off, and only what is certain blocks: a question that nobody answers is told, counted apart, and blocks nothing.

${markdownTable([['where', 'what it means', 'checks'], ...PLACES.map(([place, meaning]) => [place, meaning, count(place)])])}

"Here" is the region that would take over, "there" the one that it would take over from: each region looks at itself. While a check
fails, those that depend on it are not judged: they would say the same again.

The function writes what it found to the local item \`readiness\` of its region, which the orchestrator reads, and publishes:

${markdownTable([
  ['metric', 'what it says'],
  ['`ReadinessFailures`', 'findings and unanswered questions; the alarm `readiness` after ten minutes'],
  ['`ReadinessScore`', 'checks that are ok, in % of those that were answered; 100 is ready'],
  ['`ReadinessUnknown`', 'checks that nobody could answer, or that are behind a failed one'],
  ['`ReadinessRegressions`', 'checks that fail and have been ok before; the alarm `readiness-regressed`, at once'],
])}

${checks.map(section).join('\n')}`;
}

function section({ id, looksAt, severity, where, why, fix, dependsOn }: Check): string {
  const behind = dependsOn.length === 0 ? '' : ` Depends on ${dependsOn.map((one) => `\`${one}\``).join(', ')}.`;
  return `## ${id}

${capital(looksAt)}. ${capital(severity)}; ${where.join(', ')}.${behind}

- Why: ${why}
- Fix: ${fix}.
`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Writes the page when it is stale. */
export function main(): void {
  const file = path.join(ROOT, PAGE);
  const page = readinessPage();
  if (!existsSync(file) || readFileSync(file, 'utf8') !== page) writeFileSync(file, page);
}
