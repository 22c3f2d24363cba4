import type { Fate, Phase, RunClass, RunPlan, RunResult } from '../judge/result';
import { distributionOf } from './distribution';
import type { Distribution } from './distribution';
import { lostIn } from './losses';
import type { LostSubmission } from './losses';
import { packsOf } from './packs';
import type { PackSummary } from './packs';
import { PHASES, spansOf } from './phases';
import type { RehearsalReport } from './report';
import { runOf } from './run-reference';
import { fatesOf, wrongWith } from './wrong';
import { switchoversIn } from './switchovers';
import type { SwitchoverSummary } from './switchovers';
import type { RunReference } from './run-reference';

/** Runs of one class and chain that have to recover. */
export interface GroupSummary {
  readonly runClass: RunClass;
  readonly chain: RunPlan['chain'];
  readonly runs: number;
  /** Of the runs that have one. */
  readonly rto: Distribution | undefined;
  /** Every measured RTO, in the order of the runs; for drawing. */
  readonly rtos: readonly number[];
  /** Runs in which no good order stayed good: counted among `runs`, in no percentile. */
  readonly withoutRto: readonly RunReference[];
  readonly rpoMax: number;
  /** What holds them; undefined: no claim about time. */
  readonly bound: RehearsalReport['bounds'][number] | undefined;
  readonly outside: readonly (RunReference & { readonly rtoSeconds: number })[];
  /** Runs above the target. */
  readonly late: number;
  /** How long the simulated promotion took. */
  readonly promotion: Distribution | undefined;
  readonly phases: readonly PhaseSummary[];
}

/** A phase over the runs of a group that had it; seconds. */
export interface PhaseSummary {
  readonly phase: Phase;
  readonly runs: number;
  readonly took: Distribution;
  /** After the fault. */
  readonly ended: Distribution;
}

/** The runs in which nothing may fail over. */
export interface MustNotScore {
  readonly runs: number;
  readonly failedOver: readonly RunReference[];
}

/** Sums over all runs. */
export interface Totals {
  readonly runs: number;
  readonly submissions: number;
  readonly acknowledged: number;
  readonly fates: Readonly<Record<Fate, number>>;
  readonly doubleWrites: number;
  readonly sdkCalls: number;
  readonly invocations: number;
  /** Crashes that the plans of the runs asked for, and those that happened. */
  readonly crashes: { readonly planned: number; readonly happened: number };
  readonly denied: number;
  readonly failovers: number;
  readonly busyMs: number;
}

/** A run that is not as it must be: what its judge says, or the numbers where the judge is silent. */
export interface Failure extends RunReference {
  readonly plan: RunPlan;
  readonly violations: readonly string[];
}

/** What all runs came to; every run is in exactly one of `groups` and `mustNot`. */
export interface Summary {
  readonly totals: Totals;
  readonly groups: readonly GroupSummary[];
  readonly mustNot: MustNotScore;
  readonly packs: readonly PackSummary[];
  /** Planned changes of the active region, those of one scenario to one region together. */
  readonly switchovers: readonly SwitchoverSummary[];
  readonly lost: readonly LostSubmission[];
  readonly failures: readonly Failure[];
  /** Runs whose acknowledged submissions and fates do not add up, and by how many. */
  readonly unaccounted: readonly (RunReference & { readonly acknowledged: number; readonly fates: number })[];
  /** Runs of class A with expired submissions. */
  readonly expiredInA: readonly RunReference[];
}

/** Pure; nothing is dropped: what has no RTO is counted and listed, and so is every loss. */
export function summarise(report: Pick<RehearsalReport, 'results' | 'bounds' | 'budget' | 'packs'>): Summary {
  const { results, bounds, budget } = report;
  const failures = results.flatMap((result) => {
    const violations = wrongWith(result, report);
    return violations.length === 0 ? [] : [{ result, failure: { ...runOf(result), plan: result.plan, violations } }];
  });
  const failed = new Set(failures.map(({ result }) => result));
  const staying = results.filter(({ plan }) => plan.expectation === 'stays');
  return {
    totals: totalsOf(results),
    groups: groupsOf(results, bounds),
    mustNot: { runs: staying.length, failedOver: staying.filter(({ failovers }) => failovers.length > 0).map(runOf) },
    packs: packsOf(report.packs, results, (result) => failed.has(result)),
    switchovers: switchoversIn(results),
    lost: results.flatMap((result) => lostIn(result, budget.targets.rpoSeconds)),
    failures: failures.map(({ failure }) => failure),
    unaccounted: results.flatMap((result) => {
      const fates = fatesOf(result);
      const { acknowledged } = result.counts;
      return fates === acknowledged ? [] : [{ ...runOf(result), acknowledged, fates }];
    }),
    expiredInA: results.filter(({ plan, counts }) => plan.runClass === 'A' && counts.fates.expired > 0).map(runOf),
  };
}

function totalsOf(results: readonly RunResult[]): Totals {
  const sum = (count: (result: RunResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const fate = (name: Fate): number => sum(({ counts }) => counts.fates[name]);
  return {
    runs: results.length,
    submissions: sum(({ counts }) => counts.submissions),
    acknowledged: sum(({ counts }) => counts.acknowledged),
    fates: {
      processed: fate('processed'),
      delayed: fate('delayed'),
      expired: fate('expired'),
      redone: fate('redone'),
      late: fate('late'),
      waiting: fate('waiting'),
      lost: fate('lost'),
    },
    doubleWrites: sum(({ counts }) => counts.doubleWrites),
    sdkCalls: sum(({ counts }) => counts.sdkCalls),
    invocations: sum(({ counts }) => counts.invocations),
    crashes: {
      planned: sum(({ plan }) => plan.faults.filter(({ fault }) => fault.kind === 'crash').length),
      happened: sum(({ counts }) => counts.crashes),
    },
    denied: sum(({ counts }) => counts.denied),
    failovers: sum(({ failovers }) => failovers.length),
    busyMs: sum(({ busyMs }) => busyMs),
  };
}

const CLASSES: readonly RunClass[] = ['A', 'B', 'C'];
const CHAINS: readonly RunPlan['chain'][] = ['region', 'database'];

function groupsOf(results: readonly RunResult[], bounds: RehearsalReport['bounds']): readonly GroupSummary[] {
  return CLASSES.flatMap((runClass) =>
    CHAINS.flatMap((chain) => {
      const own = results.filter(
        ({ plan }) => plan.runClass === runClass && plan.chain === chain && plan.expectation !== 'stays',
      );
      const bound = bounds.find((one) => one.runClass === runClass && one.chain === chain);
      return own.length === 0 ? [] : [groupOf({ runClass, chain, bound }, own)];
    }),
  );
}

type Grouping = Pick<GroupSummary, 'runClass' | 'chain' | 'bound'>;

function groupOf(grouping: Grouping, results: readonly RunResult[]): GroupSummary {
  const { bound } = grouping;
  const measured = results.flatMap((result) =>
    result.rtoSeconds === undefined ? [] : [{ ...runOf(result), rtoSeconds: result.rtoSeconds }],
  );
  const rtos = measured.map(({ rtoSeconds }) => rtoSeconds);
  const target = bound?.target;
  return {
    ...grouping,
    runs: results.length,
    rto: distributionOf(rtos),
    rtos,
    withoutRto: results.filter(({ rtoSeconds }) => rtoSeconds === undefined).map(runOf),
    rpoMax: results.reduce((most, { rpoSeconds }) => Math.max(most, rpoSeconds), 0),
    outside: bound ? measured.filter(({ rtoSeconds }) => rtoSeconds < bound.best || rtoSeconds > bound.worst) : [],
    // The target is "under": a run of exactly the target has missed it.
    late: target === undefined ? 0 : rtos.filter((rto) => rto >= target).length,
    promotion: distributionOf(results.flatMap(({ promotionSeconds }) => promotionSeconds ?? [])),
    phases: phasesOf(results),
  };
}

function phasesOf(results: readonly RunResult[]): readonly PhaseSummary[] {
  const spans = results.flatMap(({ timeline }) => spansOf(timeline));
  return PHASES.flatMap((phase) => {
    const own = spans.filter((span) => span.phase === phase);
    const took = distributionOf(own.map(({ from, to }) => to - from));
    const ended = distributionOf(own.map(({ to }) => to));
    return took && ended ? [{ phase, runs: own.length, took, ended }] : [];
  });
}
