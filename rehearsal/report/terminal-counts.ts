import { histogram, PERCENTILE_METHOD } from './distribution';
import type { PackSummary } from './packs';
import { deniedText, unusedText } from './privileges';
import type { RehearsalReport } from './report';
import type { RunReference } from './run-reference';
import type { GroupSummary, Summary } from './summary';
import { bar, item, oneLine, table, wrap } from './text';
import type { Ink } from './text';
import { count, crashesText, fixed, plural, seconds, tenth } from './words';

/** Entries of a list that are shown; the rest is counted, and is in the JSON document. */
const SHOWN = 12;

export function distributionSection({ groups }: Summary, ink: Ink): readonly string[] {
  if (groups.length === 0) return [];
  const head = ['class', 'chain', 'runs', 'no RTO', 'p50', 'p90', 'p99', 'max', 'bound', 'outside', 'RPO max'];
  const rows = groups.map(({ runClass, chain, runs, rto, withoutRto, bound, outside, rpoMax }) => [
    runClass,
    chain,
    count(runs),
    count(withoutRto.length),
    ...[rto?.p50, rto?.p90, rto?.p99, rto?.max].map((value) => (value === undefined ? '-' : fixed(value))),
    bound ? `${tenth(bound.best)}-${tenth(bound.worst)}` : 'no claim',
    bound ? count(outside.length) : '-',
    fixed(rpoMax),
  ]);
  const aligns = ['left', 'left', ...new Array<'right'>(9).fill('right')] as const;
  return [
    ink.strong('RTO AND RPO, seconds'),
    ...table([head, ...rows], aligns),
    ...wrap(
      `Percentiles by ${PERCENTILE_METHOD}. Class C has no claim about time. Runs without RTO are in no percentile.`,
      '  ',
    ).map(ink.faint),
    ...groups.flatMap((group) => [
      ...listed(`no RTO, class ${group.runClass}, ${group.chain}`, group.withoutRto, nameOf, ink),
      ...listed(
        `outside, class ${group.runClass}, ${group.chain}`,
        group.outside,
        (run) => `${nameOf(run)}: ${seconds(run.rtoSeconds)}`,
        ink,
      ),
    ]),
    // The other classes are in the page: a terminal has room for what is claimed.
    ...groups.filter(({ runClass }) => runClass === 'A').flatMap((group) => histogramOf(group, ink)),
  ];
}

function histogramOf({ runClass, chain, rtos, rto, bound }: GroupSummary, ink: Ink): readonly string[] {
  if (!rto || rtos.length < 2) return [];
  const bins = histogram(rtos);
  const most = Math.max(...bins.map((bin) => bin.count));
  const target = bound?.target;
  const rows = bins.map(({ from, to, count: runs }) => {
    const marks = [
      ...(['p50', 'p90', 'p99'] as const).filter((name) => rto[name] >= from && rto[name] < to),
      ...(target !== undefined && target >= from && target < to ? ['target'] : []),
    ];
    return `  ${`${from}-${to} s`.padStart(11)}  ${bar(runs / most, 44).padEnd(44)} ${count(runs).padStart(6)}  ${ink.mark(marks.join(' '))}`.trimEnd();
  });
  return ['', `  RTO of class ${runClass}, ${chain}: ${plural(rtos.length, 'run')}`, ...rows];
}

export function mustNotSection({ mustNot: { runs, failedOver } }: Summary, ink: Ink): readonly string[] {
  if (runs === 0) return [];
  const score = `${plural(failedOver.length, 'false failover')} in ${plural(runs, 'run')}`;
  return [
    ink.strong('MUST NOT FAIL OVER'),
    `  ${failedOver.length === 0 ? ink.good(score) : ink.bad(score)}`,
    ...listed('failed over', failedOver, nameOf, ink),
  ];
}

export function countsSection(
  { measured }: RehearsalReport,
  { totals, unaccounted, expiredInA, lost }: Summary,
  ink: Ink,
): readonly string[] {
  const { runs, fates } = totals;
  const perRun = (value: number): string => (runs === 0 ? '-' : count(Math.round(value / runs)));
  const rows = [
    ['submissions', count(totals.submissions), `${perRun(totals.submissions)} a run`],
    ['acknowledged', count(totals.acknowledged), `${perRun(totals.acknowledged)} a run`],
    ['processed', count(fates.processed), 'one effect in the surviving region, in time'],
    ['delayed', count(fates.delayed), 'longer than a client waits, and one effect'],
    ['expired', count(fates.expired), 'reported as expired, never executed'],
    ['redone', count(fates.redone), 'lost with the old writer and executed again; one effect stands'],
    ['late', count(fates.late), 'reappeared when the lost region returned'],
    ['waiting', count(fates.waiting), 'sent in the last two minutes, or no region was active at the end'],
    ['lost', count(fates.lost), `acknowledged, and no effect; ${plural(lost.length, 'finding')} below`],
    ['duplicated', count(totals.doubleWrites), 'double writes'],
    ['SDK calls', count(totals.sdkCalls), `${perRun(totals.sdkCalls)} a run; ${count(totals.denied)} denied by policy`],
    ['invocations', count(totals.invocations), `${perRun(totals.invocations)} a run`],
    ...(totals.crashes.planned === 0
      ? []
      : [['crashes', count(totals.crashes.happened), crashesText(totals.crashes.planned)]]),
  ];
  const speed = measured
    ? `${tenth(runs / Math.max(measured.wallSeconds, 0.001))} runs a second: ${plural(runs, 'run')} in ${seconds(measured.wallSeconds)} on ${plural(measured.workers, 'process', 'processes')}, ` +
      `${perRun(totals.busyMs)} ms a run that a thread was busy`
    : undefined;
  return [
    ink.strong(`COUNTS of ${plural(runs, 'run')}`),
    ...table(rows, ['left', 'right', 'left']),
    ...(speed === undefined ? [] : [`  ${speed}`]),
    ...listed(
      'acknowledged and without a fate',
      unaccounted,
      (run) => `${nameOf(run)}: ${run.acknowledged} acknowledged, ${run.fates} fates`,
      ink,
    ),
    ...listed('expired in class A', expiredInA, nameOf, ink),
  ];
}

export function lostSection({ lost }: Summary, ink: Ink): readonly string[] {
  if (lost.length === 0) return [];
  const unexplained = lost.filter(({ explained }) => !explained);
  // What nothing explains comes first: a list that is cut short may not hide it.
  const ordered = [...unexplained, ...lost.filter(({ explained }) => explained)];
  const shown = ordered.slice(0, SHOWN);
  const rows = shown.map((one) =>
    [
      one.id,
      one.kind,
      `${fixed(one.ageAtFault)} s`,
      `${fixed(one.dynamodbLagSeconds)} s`,
      one.withinLag ? 'yes' : 'NO',
      one.withinRpo ? 'yes' : 'NO',
      one.replicated ? 'YES' : 'no',
      nameOf(one),
    ].map(oneLine),
  );
  const head = ['lost', 'kind', 'age', 'lag', 'in lag', 'in RPO', 'arrived', 'run'];
  return [
    ink.strong(`LOST: ${plural(lost.length, 'submission')}, ${count(unexplained.length)} unexplained`),
    ...wrap(
      'Age: acknowledged before the fault. Lag: of the global tables, as injected. Arrived: at dr, before the fault.',
      '  ',
    ).map(ink.faint),
    ...table([head, ...rows], ['left', 'left', 'right', 'right', 'left', 'left', 'left', 'left']),
    ...more(ordered.length - shown.length),
  ];
}

export function packsSection({ packs }: Summary, ink: Ink): readonly string[] {
  // What was not run is counted below, and has nothing to say here.
  return packs
    .filter(({ runs }) => runs > 0)
    .flatMap((pack, index) => [...(index > 0 ? [''] : []), ...packLines(pack, ink)]);
}

function packLines({ name, says, runs, passed, failed, scenarios }: PackSummary, ink: Ink): readonly string[] {
  const title = `${oneLine(name).toUpperCase()}: ${count(passed)} of ${plural(runs, 'run')} passed`;
  const rows = scenarios
    .filter((one) => one.runs > 0)
    .map((one) => [
      one.failed > 0 ? 'FAIL' : 'ok',
      oneLine(one.scenario),
      `${count(one.passed)}/${count(one.runs)}`,
      one.rto ? `RTO p50 ${tenth(one.rto.p50)}, max ${tenth(one.rto.max)}` : '',
    ]);
  return [
    failed > 0 ? ink.bad(title) : ink.strong(title),
    ...wrap(says, '  ').map(ink.faint),
    ...table(rows, ['left', 'left', 'right', 'left']),
  ];
}

export function privilegesSection({ privileges }: RehearsalReport, ink: Ink): readonly string[] {
  if (!privileges) return [];
  const { grants, used, allowedUnused, unused, denied, staleAllowances } = privileges;
  const bad = (word: string, texts: readonly string[]): readonly string[] => [
    ...texts.slice(0, SHOWN).flatMap((text) => item(word, text).map(ink.bad)),
    ...more(texts.length - SHOWN),
  ];
  return [
    ink.strong('LEAST PRIVILEGE by execution'),
    `  ${count(used)} of ${plural(grants, 'grant')} used, ${count(allowedUnused)} allowed unused, ${count(unused.length)} unused, ${count(denied.length)} kinds of calls denied`,
    ...bad('unused', unused.map(unusedText)),
    ...bad('allow-list', staleAllowances),
    ...bad('denied', denied.map(deniedText)),
  ];
}

const nameOf = ({ scenario, seed }: RunReference): string => oneLine(`${scenario} seed ${seed}`);

function listed<T>(title: string, all: readonly T[], show: (one: T) => string, ink: Ink): readonly string[] {
  if (all.length === 0) return [];
  return [
    ink.bad(`  ${title}: ${count(all.length)}`),
    ...all.slice(0, SHOWN).flatMap((one) => item('-', show(one), '    ')),
    ...more(all.length - SHOWN),
  ];
}

const more = (rest: number): readonly string[] =>
  rest > 0 ? [`    and ${count(rest)} more, all of them in the JSON document`] : [];
