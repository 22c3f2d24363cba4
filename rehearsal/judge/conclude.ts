import { isResultKey } from '../../lambda/shared/order-items';
import { doubleWritesOf, findingsOf, outcomesOf, recoverySeconds } from './fates';
import { switchoversOf } from './switchovers';
import { violationsOf } from './violations';
import type { AskedSwitchover } from '../faults/people';
import type { Rds } from '../aws/rds/rds';
import type { Usage } from '../iam/usage';
import type { Submission } from '../traffic/submission';
import type { World } from '../world/world';
import type { CommittedEffect, Facts } from './facts';
import type { Outcome } from './fates';
import type { Counts, Fate, Finding, RunPlan, RunResult } from './result';
import type { ObservedRun, Timeline } from './timeline';
import type { Bounds } from './violations';
import { numberOf, textOf } from './watch';
import type { TableWatch } from './watch';

/** A run that is over, with everything that watched it. */
export interface PlayedRun {
  readonly plan: RunPlan;
  readonly world: World;
  readonly tables: TableWatch;
  readonly timeline: Timeline;
  readonly submissions: readonly Submission[];
  /** The switchovers that people asked for. */
  readonly asked: readonly AskedSwitchover[];
  /** True times, milliseconds since 1970. */
  readonly faultAt: number;
  readonly endAt: number;
  readonly usage: Usage;
  readonly bounds: Bounds;
}

/** Judges a run: what became of every order, how long it took, and everything that is wrong. */
export function conclude(run: PlayedRun): Omit<RunResult, 'busyMs'> {
  const { plan, world, timeline, faultAt, usage, bounds } = run;
  const facts = factsOf(run);
  const outcomes = outcomesOf(facts);
  const doubleWrites = doubleWritesOf(facts);
  const rtoSeconds = recoverySeconds(facts, outcomes);
  if (rtoSeconds !== undefined && rtoSeconds > 0) tellRecovery(timeline, rtoSeconds);
  const denied = usage.denied.map(({ caller, action, resource, why }) => `${caller}: ${action} on ${resource}: ${why}`);
  const dynamodbLagSeconds = lagSeconds(facts);
  const findings = findingsOf(outcomes, faultAt);
  const switchovers = switchoversOf(facts, outcomes, run.asked, timeline.switchovers);
  return {
    plan,
    failovers: failoversOf(facts, timeline),
    switchovers,
    ...(rtoSeconds !== undefined && { rtoSeconds }),
    rpoSeconds: oldestLoss(findings),
    auroraLagSeconds: lostLagSeconds(facts),
    dynamodbLagSeconds,
    ...(timeline.promotionSeconds !== undefined && { promotionSeconds: timeline.promotionSeconds }),
    counts: countsOf(facts, outcomes, doubleWrites.length, world, denied.length),
    findings,
    timeline: timeline.moments,
    violations: violationsOf({
      plan,
      facts,
      outcomes,
      doubleWrites,
      rtoSeconds,
      switchovers,
      homeRegion: world.setting.regions.primary,
      dynamodbLagSeconds,
      denied,
      promotions: timeline.promotions,
      openRuns: [...timeline.runs.values()]
        .filter((one, place, all) => isOpen(one) && isLastOf(one, place, all))
        .map(({ runId, region, phase }) => `${runId} in ${region} (${phase})`),
      bounds,
    }),
    traceDigest: world.trace.digest(),
    deniedCalls: denied,
  };
}

function factsOf({ plan, world, tables, submissions, faultAt, endAt }: PlayedRun): Facts {
  const { setting, rds } = world;
  const first = { epoch: 1, region: setting.regions.primary };
  const { region } = tables.won.reduce((last, next) => (next.epoch > last.epoch ? next : last), first);
  return {
    faultAt,
    quietFrom: faultAt + Math.max(0, ...plan.faults.map(({ until = 0 }) => until)) * 1_000,
    endAt,
    submissions,
    committed: committedEffects(rds),
    acknowledged: tables.acknowledged,
    received: tables.received,
    won: tables.won,
    survivor: {
      region,
      verdicts: new Map(rds.effects(region).map(({ id, verdict }) => [id, verdict])),
      told: toldIn(world, region),
      isReachable: !world.dark.has(region) && world.conditions.pass('outside', region).kind === 'passes',
    },
  };
}

const TABLES = { order: 'orders', payment: 'transactions' } as const;

/** By the result of the highest epoch, as GET tells it. */
function toldIn({ dynamodb, setting: { kinds, nameSuffix } }: World, region: string): ReadonlyMap<string, string> {
  const told = new Map<string, { readonly epoch: number; readonly verdict: string }>();
  for (const item of kinds.flatMap((kind) => [...dynamodb.items(region, `${TABLES[kind]}${nameSuffix}`)])) {
    const [id, key, verdict] = ['pk', 'sk', 'verdict'].map((name) => textOf(item, name));
    if (id === undefined || verdict === undefined || !isResultKey(key ?? '')) continue;
    const epoch = numberOf(item, 'epoch');
    if (epoch > (told.get(id)?.epoch ?? 0)) told.set(id, { epoch, verdict });
  }
  return new Map([...told].map(([id, { verdict }]) => [id, verdict]));
}

function committedEffects(rds: Rds): readonly CommittedEffect[] {
  const key = (id: string, at: number): string => `${id} ${at}`;
  const lost = new Set(
    rds.lostWithOldWriter().flatMap(({ at, what }) => (what.kind === 'epoch' ? [] : [key(what.id, at)])),
  );
  return rds.committed().flatMap(({ at, writer, what }) => {
    if (what.kind === 'epoch') return [];
    const { id, kind, epoch } = what;
    return [{ id, kind, epoch, writer, at, lost: lost.has(key(id, at)) }];
  });
}

/** The longest that an item of a client took to the other region, of those written before the fault, in seconds. */
function lagSeconds({ received, faultAt }: Facts): number {
  let longest = 0;
  for (const { at, reached } of received.values()) {
    if (at > faultAt) continue;
    const arrived = Math.min(...reached.values());
    // What never arrived was on its way when the fault began: the lag was at least as long as that.
    longest = Math.max(longest, (arrived <= faultAt ? arrived : faultAt) - at);
  }
  return longest / 1_000;
}

/** How far back the oldest commit lies that was lost with the old writer, in seconds before the fault. */
function lostLagSeconds({ committed, faultAt }: Facts): number {
  return Math.max(0, ...committed.filter(({ lost }) => lost).map(({ at }) => (faultAt - at) / 1_000));
}

function oldestLoss(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.filter(({ fate }) => fate === 'lost').map(({ ageAtFault }) => ageAtFault));
}

function failoversOf({ won, faultAt }: Facts, { runs }: Timeline): RunResult['failovers'] {
  return won
    .filter(({ at }) => at > faultAt)
    .map(({ at, region, epoch }) => {
      const last = [...runs.values()].findLast((run) => run.region === region);
      return { at: (at - faultAt) / 1_000, region, epoch, outcome: last?.outcome ?? last?.phase ?? 'unknown' };
    });
}

/** A run that waits for a person has said so, and is nobody's to finish. */
function isOpen({ phase }: ObservedRun): boolean {
  return phase !== 'ended' && phase !== 'waiting-for-person';
}

/** A region has one run at a time: where another one has begun, this one had ended, and died before it could say so. */
function isLastOf({ region }: ObservedRun, place: number, all: readonly ObservedRun[]): boolean {
  return all.findLastIndex((one) => one.region === region) === place;
}

function tellRecovery({ moments }: Timeline, rtoSeconds: number): void {
  moments.push({ at: rtoSeconds, phase: 'first good order', text: 'the first good order that stays good' });
  moments.sort((one, other) => one.at - other.at);
}

function countsOf(
  { submissions }: Facts,
  outcomes: readonly Outcome[],
  doubleWrites: number,
  { gateway, lambda, crashes }: World,
  denied: number,
): Counts {
  const fates: Record<Fate, number> = { processed: 0, delayed: 0, expired: 0, redone: 0, late: 0, waiting: 0, lost: 0 };
  for (const { fate } of outcomes) fates[fate] += 1;
  return {
    submissions: submissions.length,
    acknowledged: outcomes.length,
    fates,
    doubleWrites,
    sdkCalls: gateway.calls,
    invocations: lambda.invocations,
    crashes: crashes.happened,
    denied,
  };
}
