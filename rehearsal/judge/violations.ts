import { unfoundedOf, untoldOf } from './fates';
import type { Facts } from './facts';
import type { Outcome } from './fates';
import type { RunPlan, SwitchoverResult } from './result';

/** What the verdict about a run is made from, besides its facts. */
export interface Evidence {
  readonly plan: RunPlan;
  readonly facts: Facts;
  readonly outcomes: readonly Outcome[];
  readonly doubleWrites: readonly string[];
  readonly rtoSeconds: number | undefined;
  readonly switchovers: readonly SwitchoverResult[];
  /** Primary, where everything has to be at the end of a run that comes home. */
  readonly homeRegion: string;
  /** What DynamoDB's replication took at most, in seconds: injected. */
  readonly dynamodbLagSeconds: number;
  /** Calls that policies do not allow. */
  readonly denied: readonly string[];
  /** Orders to RDS to fail over, accepted. */
  readonly promotions: number;
  /** Runs of the orchestrator that had claimed and have not ended. */
  readonly openRuns: readonly string[];
  readonly bounds: Bounds;
}

/** What the budget says about a run of this class; seconds. */
export interface Bounds {
  readonly target: number;
  readonly best: number;
  readonly worst: number;
}

/** A region may lose what had not reached the other one; more than this is too much, in seconds (F3). */
const RPO_SECONDS = 60;

/** Everything that is wrong with a run; each line can be read without the others. */
export function violationsOf(evidence: Evidence): readonly string[] {
  return [
    ...evidence.doubleWrites.map((why) => `double write: ${why}`),
    ...unfoundedOf(evidence.facts).map((why) => `unfounded: ${why}`),
    ...untoldOf(evidence.facts, evidence.outcomes).map((why) => `untold: ${why}`),
    ...evidence.denied.map((why) => `denied: ${why}`),
    ...lostOnes(evidence),
    ...switchoverLosses(evidence),
    ...expectationOf(evidence),
    ...timesOf(evidence),
  ];
}

/** Orders may be lost only while they were on their way to the other region's table. */
function lostOnes({ outcomes, facts, dynamodbLagSeconds }: Evidence): readonly string[] {
  const { faultAt } = facts;
  return outcomes.flatMap(({ submission, fate, replicated, receivedAt }) => {
    if (fate !== 'lost') return [];
    const { id, kind } = submission;
    const age = (faultAt - receivedAt) / 1_000;
    if (replicated) return [`lost: ${kind} ${id} was in the surviving region's table and has no effect there`];
    if (age > RPO_SECONDS)
      return [`lost: ${kind} ${id}, acknowledged ${age} s before the fault, above ${RPO_SECONDS} s`];
    if (age > dynamodbLagSeconds)
      return [`lost: ${kind} ${id}, ${age} s old, above the lag of ${dynamodbLagSeconds} s`];
    return [];
  });
}

/** A switchover loses nothing, whatever else has happened before it (X6). */
function switchoverLosses({ switchovers }: Evidence): readonly string[] {
  return switchovers.flatMap(({ region, epoch, lost, redone }) => {
    const which = `the switchover to ${region} under epoch ${epoch}`;
    return [
      ...(lost > 0 ? [`${lost} acknowledged submissions are lost in ${which}`] : []),
      ...(redone > 0 ? [`${redone} commits went with the old writer in ${which}`] : []),
    ];
  });
}

function expectationOf({ plan, facts, promotions, openRuns, rtoSeconds, homeRegion }: Evidence): readonly string[] {
  const claims = facts.won.filter(({ at }) => at > facts.faultAt);
  const early = facts.won
    .filter(({ at, epoch }) => at <= facts.faultAt && epoch > 1)
    .map(({ region, epoch }) => `${region} claimed epoch ${epoch} before anything was wrong`);
  const open = openRuns.map((run) => `the run ${run} has no end`);
  switch (plan.expectation) {
    case 'stays':
      return [
        ...claims.map(({ region, epoch }) => `${region} claimed epoch ${epoch}, although nothing was to be left`),
        ...(promotions > 0 ? [`${promotions} orders to promote were given`] : []),
        ...early,
        ...open,
      ];
    case 'fails-over':
      return [
        ...(claims.length === 0 ? ['no region took over'] : []),
        ...(rtoSeconds === undefined ? ['no order was good again'] : []),
        ...early,
        ...open,
      ];
    case 'comes-home':
      return [
        ...(claims.length === 0 ? ['the active region never changed'] : []),
        ...(facts.survivor.region === homeRegion ? [] : [`${facts.survivor.region} is active at the end`]),
        ...(rtoSeconds === undefined ? ['no order was good again'] : []),
        ...early,
        ...open,
      ];
    case 'survives':
      return [...early, ...open];
  }
}

function timesOf({ plan, rtoSeconds, outcomes, bounds }: Evidence): readonly string[] {
  if (plan.runClass === 'C' || plan.expectation !== 'fails-over' || rtoSeconds === undefined) return [];
  const expired = outcomes.filter(({ fate }) => fate === 'expired').length;
  return [
    ...(rtoSeconds > bounds.worst
      ? [`the RTO of ${rtoSeconds} s is above the budget's worst of ${bounds.worst} s`]
      : []),
    ...(rtoSeconds < bounds.best ? [`the RTO of ${rtoSeconds} s is below the budget's best of ${bounds.best} s`] : []),
    ...(rtoSeconds >= bounds.target ? [`the RTO of ${rtoSeconds} s misses the target of ${bounds.target} s`] : []),
    ...(plan.runClass === 'A' && expired > 0 ? [`${expired} orders expired`] : []),
  ];
}
