import { Injector } from './faults/injector';
import { doubleWritesOf, findingsOf, outcomesOf, recoverySeconds } from './judge/fates';
import { Timeline } from './judge/timeline';
import { violationsOf } from './judge/violations';
import { TableWatch } from './judge/watch';
import { Random } from './kernel/random';
import { Resolver } from './network/resolver';
import { Pace } from './traffic/pace';
import { Traffic } from './traffic/traffic';
import { World } from './world/world';
import type { Graph } from '../analysis/graph/graph';
import type { Authorizer } from './iam/authorizer';
import type { Rds } from './aws/rds/rds';
import type { CommittedEffect, Facts } from './judge/facts';
import type { Outcome } from './judge/fates';
import type { Counts, Fate, RunPlan, RunResult } from './judge/result';
import type { Bounds } from './judge/violations';
import type { Runtime } from './runtime/runtime';

/** What runs of one stack have in common. */
export interface Stage {
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly authorizer: Authorizer;
  /** What the budget says about a run. */
  readonly bounds: (plan: RunPlan) => Bounds;
}

/** A Monday morning; which one makes no difference. */
const START = Date.UTC(2026, 0, 5, 8);

/** How long a stack has been running when the traffic begins, and when things go wrong at the earliest, in milliseconds. */
const WARM_UP_MS = 75_000;
const FAULT_AFTER_MS = 150_000;
/** The fault comes at any moment of a minute, because everything ticks by the minute or less. */
const PHASE_MS = 60_000;

/** How many clients there are, each with a resolver of its own. */
const CLIENTS = 5;

/** Plays one run from its beginning to its end and judges it. The same plan gives the same trace. */
export async function rehearse(plan: RunPlan, stage: Stage): Promise<RunResult> {
  // The SDK makes errors wherever it looks for a setting that is not there, and taking their stacks costs half of a new client.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await play(plan, stage);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function play(plan: RunPlan, { graph, runtime, authorizer, bounds }: Stage): Promise<RunResult> {
  const cpu = process.cpuUsage();
  authorizer.takeUsage();
  const chance = new Random(`${plan.seed}/${plan.scenario}`);
  const world = new World({ graph, runtime, authorizer, seed: chance.stream('world').uuid(), start: START });
  const { clock, setting, trace } = world;
  const faultAt = START + FAULT_AFTER_MS + Math.floor(chance.stream('phase').between({ least: 0, most: PHASE_MS }));
  const endAt = faultAt + plan.seconds * 1_000;

  const tables = new TableWatch(world.dynamodb);
  const timeline = new Timeline(world, faultAt);
  const traffic = new Traffic({
    clock,
    random: chance.stream('traffic'),
    web: world.endpoints,
    resolvers: Array.from({ length: CLIENTS }, () => new Resolver(clock, world.route53)),
    host: setting.apiHost,
    kinds: setting.kinds,
  });
  const pace = new Pace(faultAt, traffic.submissions);
  tables.onAcknowledged(({ id }) => pace.settled(id));
  traffic.run(START + WARM_UP_MS, endAt, () => pace.pause(clock.now()));
  world.observers.add({
    call: ({ caller, service, operation, region }, answer) => {
      const outcome = answer === 'no answer' ? answer : answer.ok ? 'ok' : answer.error.code;
      trace.mark(`${caller.from} ${caller.name} ${service}.${operation} ${region} ${outcome}`);
    },
  });
  if (process.env['ZC']) {
    const c = new Map<string, number>();
    const iv = new Map<string, number>();
    world.observers.add({
      call: ({ caller, operation, service }) => {
        const k = `${caller.from} ${caller.name} ${service}.${operation}`;
        c.set(k, (c.get(k) ?? 0) + 1);
      },
      invocation: (d) => {
        const k = `${d.region} ${d.name}`;
        iv.set(k, (iv.get(k) ?? 0) + 1);
      },
    });
    clock.at(endAt - 1, () => {
      console.log(
        [...c]
          .sort((a, b) => b[1] - a[1])
          .slice(0, 34)
          .map(([k, n]) => `${n} ${k}`)
          .join('\n'),
      );
      console.log(
        [...iv]
          .sort((a, b) => b[1] - a[1])
          .slice(0, 14)
          .map(([k, n]) => `${n} INV ${k}`)
          .join('\n'),
      );
    });
  } // ZZ
  if (process.env['ZZ'])
    world.observers.add({
      health: (c) => console.log(((clock.now() - faultAt) / 1000).toFixed(1), 'HEALTH', JSON.stringify(c)),
      log: (from, line) => {
        if (new RegExp(process.env['ZZ'] ?? '').test(line))
          console.log(((clock.now() - faultAt) / 1000).toFixed(1), from.region, from.name, line.slice(0, 900));
      },
      call: (call, answer) => {
        if (answer === 'no answer' || !answer.ok)
          console.log(
            ((clock.now() - faultAt) / 1000).toFixed(1),
            'CALL',
            call.caller.name,
            call.service,
            call.operation,
            JSON.stringify(answer).slice(0, 300),
          );
      },
      invocation: (d, r) => {
        if (r.kind !== 'returned')
          console.log(
            ((clock.now() - faultAt) / 1000).toFixed(1),
            'INVOKE',
            d.name,
            d.region,
            JSON.stringify(r).slice(0, 300),
          );
      },
    });
  new Injector(world).schedule(plan.faults, faultAt);
  clock.at(faultAt, () => timeline.add('fault', 'the fault begins'));

  await clock.run(endAt);

  const facts = factsOf(world, tables, traffic, faultAt, endAt);
  const outcomes = outcomesOf(facts);
  const doubleWrites = doubleWritesOf(facts);
  const rtoSeconds = recoverySeconds(facts, outcomes);
  addRecovery(timeline, rtoSeconds);
  const usage = authorizer.takeUsage();
  const denied = usage.denied.map(({ caller, action, resource, why }) => `${caller}: ${action} on ${resource}: ${why}`);
  const dynamodbLagSeconds = lagSeconds(facts);
  const openRuns = [...timeline.runs.values()].filter(
    ({ phase }) => phase !== 'ended' && phase !== 'waiting-for-person',
  );
  if (process.env['ZZ'])
    for (const o of outcomes)
      if (o.fate === 'lost')
        console.log(
          'LOST',
          JSON.stringify(o),
          JSON.stringify({
            ...facts.received.get(o.submission.id),
            reached: [...(facts.received.get(o.submission.id)?.reached ?? [])],
          }),
          JSON.stringify(facts.committed.filter((c) => c.id === o.submission.id)),
          faultAt,
          JSON.stringify(facts.acknowledged.filter((c) => c.id === o.submission.id)),
        );
  const findings = findingsOf(outcomes, faultAt);
  const spent = process.cpuUsage(cpu);
  return {
    plan,
    failovers: facts.won
      .filter(({ at }) => at > faultAt)
      .map(({ at, region, epoch }) => ({
        at: (at - faultAt) / 1_000,
        region,
        epoch,
        outcome: outcomeIn(timeline, region),
      })),
    ...(rtoSeconds !== undefined && { rtoSeconds }),
    rpoSeconds: Math.max(0, ...findings.filter(({ fate }) => fate === 'lost').map(({ ageAtFault }) => ageAtFault)),
    auroraLagSeconds: Math.max(
      0,
      ...facts.committed.filter(({ lost }) => lost).map(({ at }) => (faultAt - at) / 1_000),
    ),
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
      dynamodbLagSeconds,
      denied,
      promotions: timeline.promotions,
      openRuns: openRuns.map(({ runId, region, phase }) => `${runId} in ${region} (${phase})`),
      bounds: bounds(plan),
    }),
    traceDigest: trace.digest(),
    grantsUsed: usage.used,
    deniedCalls: denied,
    cpuMs: (spent.user + spent.system) / 1_000,
  };
}

function factsOf(world: World, tables: TableWatch, traffic: Traffic, faultAt: number, endAt: number): Facts {
  const { setting, rds } = world;
  const region = tables.won.reduce((last, next) => (next.epoch > last.epoch ? next : last), {
    epoch: 1,
    region: setting.regions.primary,
  }).region;
  return {
    faultAt,
    endAt,
    submissions: traffic.submissions,
    committed: committedEffects(rds),
    acknowledged: tables.acknowledged,
    received: tables.received,
    won: tables.won,
    survivor: { region, verdicts: new Map(rds.effects(region).map(({ id, verdict }) => [id, verdict])) },
  };
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

function addRecovery(timeline: Timeline, rtoSeconds: number | undefined): void {
  if (rtoSeconds === undefined || rtoSeconds === 0) return;
  timeline.moments.push({ at: rtoSeconds, phase: 'first good order', text: 'the first good order that stays good' });
  timeline.moments.sort((one, other) => one.at - other.at);
}

function outcomeIn({ runs }: Timeline, region: string): string {
  const last = [...runs.values()].findLast((run) => run.region === region);
  return last?.outcome ?? last?.phase ?? 'unknown';
}

function countsOf(
  { submissions }: Facts,
  outcomes: readonly Outcome[],
  doubleWrites: number,
  world: World,
  denied: number,
): Counts {
  const fates: Record<Fate, number> = { processed: 0, delayed: 0, expired: 0, redone: 0, late: 0, lost: 0 };
  for (const { fate } of outcomes) fates[fate] += 1;
  return {
    submissions: submissions.length,
    acknowledged: outcomes.length,
    fates,
    doubleWrites,
    sdkCalls: world.gateway.calls,
    invocations: world.lambda.invocations,
    denied,
  };
}
