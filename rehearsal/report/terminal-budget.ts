import { ERROR_BUDGET_HONESTY } from './error-budget';
import type { ErrorBudget } from './error-budget';
import type { RehearsalReport } from './report';
import type { Summary } from './summary';
import { table, wrap } from './text';
import type { Ink } from './text';
import { fixed, percent, seconds, tenth } from './words';

/** What the graph promises, what runs measured beside it. */
export function targetsSection({ budget, bounds }: RehearsalReport, { groups }: Summary, ink: Ink): readonly string[] {
  const { best, worst } = budget.promotionAssumed;
  const missed = new Set(budget.misses.map(({ chain }) => chain));
  const rows = budget.chains.map(({ id, seconds: range, target, breakEvenPromotion }) => [
    id,
    fixed(range.best),
    fixed(range.expected),
    fixed(range.worst),
    tenth(target.seconds),
    missed.has(id) ? 'MISSES' : 'meets',
    breakEvenPromotion === undefined ? 'none' : `<= ${seconds(breakEvenPromotion)}`,
  ]);
  const head = ['chain', 'best', 'expected', 'worst', 'target', 'worst case', 'break-even promotion'];
  const crash = bounds
    .filter(({ runClass }) => runClass === 'B')
    .map((bound) => `${bound.chain} ${tenth(bound.best)}-${tenth(bound.worst)} s`);
  const measured = groups
    .filter(({ runClass, rto }) => runClass === 'A' && rto)
    .map(({ chain, rto }) => `${chain} ${tenth(rto?.min ?? 0)}-${tenth(rto?.max ?? 0)} s`);
  return [
    ink.strong(`BUDGET from the resource graph, seconds, given promotion ${tenth(best)}-${tenth(worst)} s`),
    ...table([head, ...rows], ['left', 'right', 'right', 'right', 'right', 'left', 'left']),
    ...(measured.length > 0 ? wrap(`measured in simulated runs of class A: ${measured.join(', ')}`, '  ') : []),
    ...(crash.length > 0
      ? wrap(`bound of class B, with one crash of the orchestrator: ${crash.join(', ')}`, '  ')
      : []),
  ];
}

/** Minutes a year; every assumption is printed. */
export function errorBudgetSection(budget: ErrorBudget, ink: Ink): readonly string[] {
  const { target, minutes, costs, usedP50, usedP99, leftP50, leftP99 } = budget;
  const head = ['incident', 'a year', 's p50', 's p99', 'min p50', 'min p99', 'exhausts at'];
  const rows = costs.map(({ incident, p50, p99, minutesP50, minutesP99, exhaustedAt }) => [
    incident.id,
    tenth(incident.perYear),
    fixed(p50),
    fixed(p99),
    fixed(minutesP50),
    fixed(minutesP99),
    `${fixed(exhaustedAt)} a year`,
  ]);
  const sums = [
    ['used', '', '', '', fixed(usedP50), fixed(usedP99), ''],
    ['left', '', '', '', fixed(leftP50), fixed(leftP99), leftP99 < 0 ? 'EXHAUSTED' : ''],
  ];
  return [
    ink.strong(`ERROR BUDGET: ${percent(target)} is ${tenth(minutes)} minutes a year`),
    ...table([head, ...rows, ...sums], ['left', 'right', 'right', 'right', 'right', 'right', 'right']),
    ...wrap(ERROR_BUDGET_HONESTY, '  ').map(ink.faint),
    ...costs.flatMap(({ incident, basis }) => [
      ...wrap(`${incident.id}: ${incident.says}`, '  '),
      ...wrap(`rate, ${incident.rateConfidence}: ${incident.rateSource}`, '      ').map(ink.faint),
      ...wrap(`length, ${basis}`, '      ').map(ink.faint),
    ]),
  ];
}
