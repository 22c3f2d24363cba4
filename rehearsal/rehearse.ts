import { performance } from 'node:perf_hooks';
import { Injector } from './faults/injector';
import { conclude } from './judge/conclude';
import { Timeline } from './judge/timeline';
import { TableWatch } from './judge/watch';
import { Random } from './kernel/random';
import { Resolver } from './network/resolver';
import { Pace } from './traffic/pace';
import { Traffic } from './traffic/traffic';
import { World } from './world/world';
import type { Graph } from '../analysis/graph/graph';
import type { Authorizer } from './iam/authorizer';
import type { Usage } from './iam/usage';
import type { RunPlan, RunResult } from './judge/result';
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

/** What comes of one run. */
export interface Rehearsed {
  readonly result: RunResult;
  /** Rights that were used, and refused. */
  readonly usage: Usage;
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

/**
 * Plays one run from its beginning to its end and judges it. The same plan gives the same trace.
 * @param atEnd is shown the two regions as the run has left them.
 */
export async function rehearse(plan: RunPlan, stage: Stage, atEnd?: (world: World) => void): Promise<Rehearsed> {
  // The SDK makes errors wherever it looks for a setting that is not there, and taking their stacks costs half of a new client.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await play(plan, stage, atEnd);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function play(plan: RunPlan, stage: Stage, atEnd?: (world: World) => void): Promise<Rehearsed> {
  const { graph, runtime, authorizer, bounds } = stage;
  const before = performance.eventLoopUtilization();
  authorizer.takeUsage();
  const chance = new Random(`${plan.seed}/${plan.scenario}`);
  const world = new World({ graph, runtime, authorizer, seed: chance.stream('world').uuid(), start: START });
  const faultAt = START + FAULT_AFTER_MS + Math.floor(chance.stream('phase').between({ least: 0, most: PHASE_MS }));
  const endAt = faultAt + plan.seconds * 1_000;

  const tables = new TableWatch(world.dynamodb);
  const timeline = new Timeline(world, faultAt);
  markCalls(world);
  const traffic = clientsOf(world, tables, chance.stream('traffic'), faultAt, endAt);
  const injector = new Injector(world, traffic);
  injector.schedule(plan.faults, faultAt);
  world.clock.at(faultAt, () => timeline.add('fault', 'the fault begins'));

  await world.clock.run(endAt);
  atEnd?.(world);

  const usage = authorizer.takeUsage();
  const { submissions } = traffic;
  const concluded = conclude({
    plan,
    world,
    tables,
    timeline,
    submissions,
    asked: injector.people.asked,
    faultAt,
    endAt,
    usage,
    bounds: bounds(plan),
  });
  // Of this thread alone: the others of the process play runs of their own.
  const { active } = performance.eventLoopUtilization(before);
  return { result: { ...concluded, busyMs: active }, usage };
}

/** Every call is a part of the trace: two runs of one plan that differ anywhere, differ in it. */
function markCalls({ observers, trace }: World): void {
  observers.add({
    call: ({ caller, service, operation, region }, answer) => {
      const outcome = answer === 'no answer' ? answer : answer.ok ? 'ok' : answer.error.code;
      trace.mark(`${caller.from} ${caller.name} ${service}.${operation} ${region} ${outcome}`);
    },
  });
}

function clientsOf(world: World, tables: TableWatch, random: Random, faultAt: number, endAt: number): Traffic {
  const { clock, endpoints, route53, setting } = world;
  const traffic = new Traffic({
    clock,
    random,
    web: endpoints,
    resolvers: Array.from({ length: CLIENTS }, () => new Resolver(clock, route53)),
    host: setting.apiHost,
    kinds: setting.kinds,
  });
  const pace = new Pace(faultAt, traffic.submissions);
  tables.onAcknowledged(({ id }) => pace.settled(id));
  traffic.run(START + WARM_UP_MS, endAt, () => pace.pause(clock.now()));
  return traffic;
}
