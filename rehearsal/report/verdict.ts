import type { RehearsalReport } from './report';
import type { GroupSummary, Summary } from './summary';
import { count, plural, seconds } from './words';

/** What a reader has to know first. */
export interface Verdict {
  readonly passed: boolean;
  /** Why not, worst first; empty when passed. */
  readonly reasons: readonly string[];
  /** What these runs do not show: no failure, and no proof either. */
  readonly notShown: readonly string[];
}

/** Judges from the numbers themselves too, so that a run whose own judge was silent cannot pass a report. */
export function verdictOf(report: RehearsalReport, summary: Summary): Verdict {
  const reasons = [
    ...(summary.totals.runs === 0 ? ['there was no run: nothing is shown'] : []),
    ...safety(summary),
    ...summary.groups.flatMap(timing),
    ...(summary.failures.length > 0 ? [`${plural(summary.failures.length, 'run')} with violations`] : []),
    ...budgetReasons(report),
    ...privilegeReasons(report),
  ];
  return { passed: reasons.length === 0, reasons, notShown: notShown(report, summary) };
}

function safety({ totals, mustNot, lost, unaccounted, expiredInA }: Summary): string[] {
  const unexplained = lost.filter(({ explained }) => !explained).length;
  return [
    ...(totals.doubleWrites > 0 ? [plural(totals.doubleWrites, 'double write')] : []),
    ...(mustNot.failedOver.length > 0
      ? [`${plural(mustNot.failedOver.length, 'false failover')} in ${plural(mustNot.runs, 'run')} that must stay`]
      : []),
    ...(unexplained > 0 ? [`${plural(unexplained, 'lost submission')} that replication lag does not explain`] : []),
    ...(unaccounted.length > 0
      ? [`${plural(unaccounted.length, 'run')} with acknowledged submissions without a fate`]
      : []),
    ...(expiredInA.length > 0 ? [`${plural(expiredInA.length, 'run')} of class A with expired submissions`] : []),
    ...(totals.denied > 0 ? [`${plural(totals.denied, 'call')} that the caller's policy denies`] : []),
  ];
}

/** Class C makes no claim about time. */
function timing({ runClass, chain, bound, rto, outside, late, withoutRto }: GroupSummary): string[] {
  const name = `class ${runClass}, ${chain}`;
  if (runClass === 'C') return [];
  return [
    ...(withoutRto.length > 0 ? [`${name}: ${plural(withoutRto.length, 'run')} never recovered`] : []),
    ...(bound?.target !== undefined && rto && late > 0
      ? [
          `${name}: ${plural(late, 'run')} at or above the target of ${seconds(bound.target)}, the slowest ${seconds(rto.max)}`,
        ]
      : []),
    ...(bound && outside.length > 0
      ? [`${name}: ${plural(outside.length, 'run')} outside ${seconds(bound.best)} to ${seconds(bound.worst)}`]
      : []),
  ];
}

function budgetReasons({ budget }: RehearsalReport): string[] {
  if (budget.allowed) return [];
  return budget.misses.map(({ chain, target, worst, bySeconds, blame: [first] }) => {
    const blamed = first
      ? `; the greatest share, ${seconds(first.seconds)}, is ${first.name} in ${first.region}: ${first.properties.join(', ')}`
      : '';
    return `budget: ${chain} takes ${seconds(worst)} in the worst case, ${seconds(bySeconds)} above ${target.key} ${seconds(target.seconds)}${blamed}`;
  });
}

function privilegeReasons({ privileges }: RehearsalReport): string[] {
  if (!privileges) return [];
  const { unused, denied, staleAllowances } = privileges;
  return [
    ...(unused.length > 0 ? [`${plural(unused.length, 'grant')} that no scenario uses`] : []),
    ...(staleAllowances.length > 0
      ? [`${plural(staleAllowances.length, 'stale entry', 'stale entries')} of the allow-list`]
      : []),
    ...(denied.length > 0 ? [`${plural(denied.length, 'kind')} of calls denied by policy`] : []),
  ];
}

function notShown({ privileges, packs, bounds }: RehearsalReport, { groups, mustNot, packs: ran }: Summary): string[] {
  const missing = ran.flatMap(({ scenarios }) => scenarios).filter(({ runs }) => runs === 0).length;
  const unmeasured = bounds.filter(
    (bound) => !groups.some(({ runClass, chain }) => runClass === bound.runClass && chain === bound.chain),
  );
  return [
    ...unmeasured.map(({ runClass, chain }) => `no run of class ${runClass}, ${chain} chain`),
    ...(mustNot.runs === 0 ? ['no run that must not fail over'] : []),
    ...(missing > 0
      ? [`${count(missing)} of ${count(packs.flatMap((pack) => pack.scenarios).length)} scenarios were not run`]
      : []),
    ...(privileges ? [] : ['whether every grant is used']),
  ];
}
