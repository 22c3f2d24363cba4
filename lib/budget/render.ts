import { ASSUMPTIONS } from './assumptions';
import type { Budget, Chain, Loss, Miss, Origin, PathTerm, PromotionRow, Range } from './types';

/** The budget for a terminal, one line each. */
export function renderBudget(budget: Budget): string[] {
  const { best, worst } = budget.promotionAssumed;
  return [
    `budget: worst cases from the graph's own properties, given promotion <= ${worst} s (assumed ${best} to ${worst} s)`,
    columns('', 'best', 'expected', 'worst', 'target', 'break-even promotion'),
    ...budget.chains.map(renderChain),
    ...differentPaths(budget.chains).flatMap((chain) => ['', ...renderPath(chain)]),
    '',
    ...renderBeside(budget.chains),
    '',
    ...renderTable(budget),
    '',
    'data loss in seconds, best, expected, worst:',
    ...budget.losses.flatMap(renderLoss),
    '',
    ...renderVerdict(budget),
  ];
}

/** Those of the chains whose worst case does not go the way of one before. */
function differentPaths(chains: readonly Chain[]): readonly Chain[] {
  const seen = new Set<string>();
  return chains.filter(({ critical }) => {
    const path = JSON.stringify(critical.worst);
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
}

function columns(first: string, ...cells: readonly string[]): string {
  return `  ${first.padEnd(18)}${cells.map((cell) => cell.padStart(10)).join(' ')}`;
}

const shown = (seconds: number): string => seconds.toFixed(1);
const three = ({ best, expected, worst }: Range): readonly string[] => [best, expected, worst].map(shown);

function renderChain({ id, seconds, target, breakEvenPromotion }: Chain): string {
  const even = breakEvenPromotion === undefined ? 'none' : `${shown(breakEvenPromotion)} s`;
  const verdict = seconds.worst > target.seconds ? '  MISSED' : '';
  return columns(id, ...three(seconds), String(target.seconds), even) + verdict;
}

function renderPath({ id, says, critical }: Chain): readonly string[] {
  return [
    `critical path of ${id} in the worst case (${says}), seconds and where each comes from:`,
    ...critical.worst.map((term) => `  ${shown(term.seconds.worst).padStart(6)}  ${term.says}  [${originsOf(term)}]`),
  ];
}

function originsOf({ origins }: PathTerm): string {
  return [...new Set(origins.map(originText))].join('; ');
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'resource':
      return `${origin.name}.${origin.property.replace('environment.variables.', '')} = ${origin.value}`;
    case 'handler':
      return `${origin.file.replace('lambda/', '')} ${origin.constant}`;
    case 'assumption':
      return `assumed: ${origin.id}`;
  }
}

function renderBeside(chains: readonly Chain[]): readonly string[] {
  return [
    'beside the path, seconds after the fault, best to worst:',
    ...chains.flatMap(({ id, beside }) =>
      beside.map(({ says, seconds }) => `  ${id.padEnd(18)}${says}: ${shown(seconds.best)} to ${shown(seconds.worst)}`),
    ),
  ];
}

function renderTable({ table, chains }: Budget): readonly string[] {
  const row = ({ promotionSeconds, chains: cells }: PromotionRow): string =>
    columns(
      `${promotionSeconds} s`,
      ...cells.map(({ worst, meets }) => `${shown(worst)}${meets ? '' : ' !'}`.padStart(18)),
    );
  return [
    'worst case for other promotions (! misses the target):',
    columns('promotion', ...chains.map(({ id }) => id.padStart(18))),
    ...table.map(row),
  ];
}

function renderLoss({ store, seconds, bound, strength, notes }: Loss): readonly string[] {
  return [`  ${store}: ${three(seconds).join(', ')} (${strength}: ${bound})`, ...notes.map((note) => `    ${note}`)];
}

function renderVerdict({ misses, failoverMode }: Budget): readonly string[] {
  if (misses.length === 0) return ['every target is met in the worst case'];
  const tolerated = failoverMode === 'alert-only' ? ' (failoverMode is alert-only: nothing fails over by itself)' : '';
  return [`targets missed: ${misses.length}${tolerated}`, ...misses.flatMap(missLines)];
}

/** How many of the resources behind a miss are named. */
const MOST_BLAMED = 5;

/** One miss: by how much, whom to blame, what would help. */
export function missLines(miss: Miss): string[] {
  const { chain, target, worst, bySeconds, blame, remedies } = miss;
  return [
    `${chain}: worst case ${shown(worst)} s is ${shown(bySeconds)} s above ${target.key} ${target.seconds}`,
    ...blame
      .slice(0, MOST_BLAMED)
      .map(
        ({ name, region, seconds, properties }) =>
          `  ${shown(seconds)} s from ${name} (${region}): ${properties.join(', ')}`,
      ),
    ...(remedies.length === 0 ? ['  no change of one of these alone would meet it'] : []),
    ...remedies.map(
      ({ name, property, from, to, worst: then }) =>
        `  would meet it: ${property} of ${name} ${from} -> ${to} (${shown(then)} s)`,
    ),
  ];
}

/** What an assumption of a budget says, for reports. */
export function assumptionText(id: string): string {
  const found = Object.entries(ASSUMPTIONS).find(([key]) => key === id);
  return found ? `${found[1].says} (${found[1].confidence}: ${found[1].source})` : id;
}
