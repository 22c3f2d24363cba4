import { errorBudgetOf } from './error-budget';
import { HONESTY, replayCommand } from './report';
import type { RehearsalReport, Replay } from './report';
import { summarise } from './summary';
import type { Summary } from './summary';
import {
  countsSection,
  distributionSection,
  lostSection,
  mustNotSection,
  packsSection,
  privilegesSection,
} from './terminal-counts';
import { errorBudgetSection, targetsSection } from './terminal-budget';
import { switchoverSection } from './terminal-switchovers';
import { timelineSection } from './terminal-timeline';
import { inkOf, item, oneLine, wrap } from './text';
import type { Ink } from './text';
import { verdictOf } from './verdict';
import type { Verdict } from './verdict';
import { count, plural, seconds } from './words';

/** How a report is shown. */
export interface TerminalOptions {
  /** @default false */
  readonly colour?: boolean;
  /** @default the command of package.json */
  readonly replay?: Replay;
}

/** Failures that are shown in full; the rest is counted, and is in the JSON document. */
const SHOWN_FAILURES = 10;

/** The report for a terminal of 100 columns, the verdict first; pure. */
export function renderTerminal(
  report: RehearsalReport,
  { colour = false, replay = replayCommand }: TerminalOptions = {},
): string {
  const ink = inkOf(colour);
  const summary = summarise(report);
  const verdict = verdictOf(report, summary);
  const sections = [
    verdictSection(report, summary, verdict, ink),
    failuresSection(summary, replay, ink),
    timelineSection(report.narrated, ink),
    targetsSection(report, summary, ink),
    distributionSection(summary, ink),
    mustNotSection(summary, ink),
    switchoverSection(summary, ink),
    countsSection(report, summary, ink),
    lostSection(summary, ink),
    packsSection(summary, ink),
    privilegesSection(report, ink),
    errorBudgetSection(errorBudgetOf(summary.groups, report.budget), ink),
    notShownSection(verdict, ink),
    wrap(HONESTY),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function verdictSection(
  { project, stack, regions }: RehearsalReport,
  summary: Summary,
  { passed, reasons }: Verdict,
  ink: Ink,
): readonly string[] {
  const { primary, dr, witness } = regions;
  const word = passed ? ink.good(ink.strong('PASS')) : ink.bad(ink.strong('FAIL'));
  const where = `${project}/${stack}: ${plural(summary.totals.runs, 'run')}, primary ${primary}, dr ${dr}`;
  return [
    `${word}  ${oneLine(where)}${witness === undefined ? '' : `, witness ${oneLine(witness)}`}`,
    ...reasons.flatMap((reason) => item('-', reason).map(ink.bad)),
    ...headlines(summary).flatMap((line) => item('·', line)),
    ...wrap('Simulated: delays of AWS are injected, not measured at AWS.', '  '),
  ];
}

/** What somebody who was woken up asks first. */
function headlines({ groups, mustNot, totals, lost }: Summary): readonly string[] {
  const timed = groups
    .filter(({ runClass }) => runClass === 'A')
    .flatMap(({ chain, rto, bound }) => {
      if (!rto) return [];
      const target = bound?.target === undefined ? '' : `, target ${seconds(bound.target)}`;
      return [`${chain} lost: RTO p50 ${seconds(rto.p50)}, p99 ${seconds(rto.p99)}, max ${seconds(rto.max)}${target}`];
    });
  return [
    ...timed,
    ...(mustNot.runs > 0
      ? [`${plural(mustNot.failedOver.length, 'false failover')} in ${plural(mustNot.runs, 'run')} that must stay`]
      : []),
    `${plural(totals.doubleWrites, 'double write')}, ${count(lost.length)} of ${plural(totals.acknowledged, 'acknowledged submission')} lost`,
  ];
}

function failuresSection({ failures }: Summary, replay: Replay, ink: Ink): readonly string[] {
  if (failures.length === 0) return [];
  const shown = failures.slice(0, SHOWN_FAILURES);
  const rest = failures.length - shown.length;
  return [
    ink.strong(`VIOLATIONS in ${plural(failures.length, 'run')}`),
    ...shown.flatMap(({ plan, scenario, runClass, violations }) => [
      `  ${oneLine(scenario)}, class ${runClass}`,
      ...violations.flatMap((violation) => item('-', violation, '    ').map(ink.bad)),
      `    replay: ${ink.mark(oneLine(replay(plan)))}`,
    ]),
    ...(rest > 0 ? [`  and ${plural(rest, 'more run')}, all of them in the JSON document`] : []),
  ];
}

function notShownSection({ notShown }: Verdict, ink: Ink): readonly string[] {
  if (notShown.length === 0) return [];
  return [ink.strong('NOT SHOWN BY THESE RUNS'), ...notShown.flatMap((line) => item('-', line))];
}
