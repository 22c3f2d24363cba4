import { AlarmBoard } from '../../analysis/alarms/interpreter';
import { LOOK_BACKS } from '../../analysis/alarms/metric-alarm';
import { DATABASE_PATIENCE_MS } from '../../lambda/health/judge-self';
import { FAILOVER_TRIGGER, peerRows } from '../../lib/detection/rows/peer';
import type { AlarmEvent, CompositeAlarm } from '../../analysis/alarms/interpreter';
import type { AlarmState, Datum, LookBack } from '../../analysis/alarms/metric-alarm';

/** The regions as their watchers find them, second by second. Unless said otherwise everything is well. */
export interface World {
  /** Seconds that an order takes until it is processed; undefined: it never is. */
  readonly orderTakes?: (at: number) => number | undefined;
  /** Does a renewal by primary reach the register of dr? */
  readonly renews?: (at: number) => boolean;
  /** Does the database of primary take writes? */
  readonly writable?: (at: number) => boolean;
  /** Are orders executed in primary? One is received each second. */
  readonly processes?: (at: number) => boolean;
  /** Do the probe and the heartbeat function of dr run? */
  readonly probes?: (at: number) => boolean;
  readonly listens?: (at: number) => boolean;
  /** Percent of a canary's run that succeeded; undefined: it did not run. */
  readonly canary?: (at: number) => number | undefined;
  readonly maintenance?: (at: number) => boolean;
}

/** When within their intervals the five clocks tick, in seconds; nothing synchronises them. */
export interface Phases {
  readonly probe: number;
  readonly renewal: number;
  readonly verdict: number;
  readonly heartbeat: number;
  readonly evaluation: number;
}

/** All intervals of the default configuration are the same. */
export const INTERVAL = 10;
/** An order that was not processed by then has failed (design, detection), in seconds. */
const ORDER_LIMIT = 5;
/** What health waits for a database that does not answer, in seconds. */
const VERDICT_LIMIT = 5;
/** How long ago an order was received that must have its effect, in seconds. */
const LATE_ORDER = 30;
/** From PutMetricData to the alarm that can see it, in seconds. AWS gives no number: assumed. */
export const DELIVERY = 3;
/** Everything before is well: longer than any look-back of a leg. */
const START = -180;

const ROWS = peerRows({
  role: 'dr',
  namespace: 'trading-platform-dev',
  probeIntervalSeconds: INTERVAL,
  heartbeatIntervalSeconds: INTERVAL,
  canaryIntervalMinutes: 1,
  canaries: { own: 'canary-own-dev', peer: 'canary-peer-dev' },
});
const TRIGGER: CompositeAlarm = {
  ...FAILOVER_TRIGGER,
  suppressor: { alarm: 'maintenance', waitSeconds: 0, extensionSeconds: 60 },
};

/** What happened to dr's alarms. */
export interface Story {
  readonly events: readonly AlarmEvent[];
  /** When an alarm first turned to a state after the fault, which is at second 0. */
  firstTurn(alarm: string, state: AlarmState): number | undefined;
  /** When the trigger first acted on ALARM: when the orchestrator would be called. */
  readonly called: number | undefined;
}

/** Runs the alarms of dr over a world until a second. */
export function watch(world: World, until: number, phases: Phases, lookBack: LookBack, delivery = DELIVERY): Story {
  const feeds = series(world, until, phases, delivery);
  const board = new AlarmBoard(ROWS, [TRIGGER], { lookBack, phaseOf: () => phases.evaluation });
  const events: AlarmEvent[] = [];
  for (let at = START; at <= until; at += 1) {
    events.push(...board.tick(at, (metric, watched) => feeds[feedOf(metric, watched.dimensions)] ?? []));
  }
  const after = events.filter(({ at }) => at >= 0);
  return {
    events,
    firstTurn: (alarm, state) => after.find((e) => e.changed && e.alarm === alarm && e.state === state)?.at,
    called: after.find((e) => e.acts && e.alarm === TRIGGER.name && e.state === 'ALARM')?.at,
  };
}

/** Only the canary of the other region is part of the story; its own canary is well. */
function feedOf(metric: string, dimensions: Readonly<Record<string, unknown>>): string {
  return dimensions['CanaryName'] === 'canary-own-dev' ? 'own' : metric;
}

function series(world: World, until: number, phases: Phases, delivery: number): Readonly<Record<string, Datum[]>> {
  const { orderTakes = () => 1, probes = () => true, canary = () => 100, maintenance = () => false } = world;
  const put = (at: number, value: number): Datum => ({ at, value, visibleAt: at + delivery });
  const probed = ticks(phases.probe, until)
    .filter(probes)
    .map((at) => {
      const takes = orderTakes(at);
      const failed = takes === undefined || takes > ORDER_LIMIT;
      return put(at + Math.min(takes ?? ORDER_LIMIT, ORDER_LIMIT), failed ? 1 : 0);
    });
  const heard = listen(world, until, phases);
  return {
    ProbeFailed: probed,
    HeartbeatAgeSeconds: heard.map(({ at, age }) => put(at, age)),
    HeartbeatUnhealthy: heard.map(({ at, unhealthy }) => put(at, unhealthy ? 1 : 0)),
    HeartbeatUnknown: heard.map(({ at }) => put(at, 0)),
    Maintenance: everyMinute(until).flatMap((at) => (maintenance(at) ? [put(at, 1)] : [])),
    own: everyMinute(until).map((at) => put(at, 100)),
    SuccessPercent: everyMinute(until).flatMap((at) => {
      const percent = canary(at);
      return percent === undefined ? [] : [put(at, percent)];
    }),
  };
}

/** Primary judges itself, its renewal carries the verdict, dr reads both from its register. */
function listen({ renews = () => true, listens = () => true, ...world }: World, until: number, p: Phases) {
  const verdicts = judgements(world, until, p);
  const renewals = ticks(p.renewal, until)
    .filter(renews)
    .map((at) => ({ at, healthy: verdicts.findLast((verdict) => verdict.at <= at)?.healthy ?? true }));
  return ticks(p.heartbeat, until)
    .filter(listens)
    .map((at) => {
      const last = renewals.findLast((renewal) => renewal.at <= at);
      return { at, age: last ? at - last.at : 0, unhealthy: last?.healthy === false };
    });
}

function judgements({ writable = () => true, processes = () => true }: World, until: number, { verdict }: Phases) {
  let lastWritable = -Infinity;
  return ticks(verdict, until).map((tick) => {
    const at = tick + (writable(tick) ? 1 : VERDICT_LIMIT);
    if (!writable(tick)) return { at, healthy: (at - lastWritable) * 1_000 < DATABASE_PATIENCE_MS };
    lastWritable = at;
    // What stood still is executed as soon as orders are again: only while they are not, one can be late.
    return { at, healthy: processes(tick) || processes(tick - LATE_ORDER) };
  });
}

const ticks = (phase: number, until: number): number[] => {
  const first = START + ((((phase - START) % INTERVAL) + INTERVAL) % INTERVAL);
  return Array.from({ length: Math.ceil((until - first) / INTERVAL) }, (_, index) => first + index * INTERVAL);
};
const everyMinute = (until: number): number[] =>
  Array.from({ length: Math.ceil((until - START) / 60) }, (_, index) => START + index * 60);

/** Clocks against each other: every combination of these offsets. */
export function phases(offsets: readonly number[], verdicts: readonly number[] = [0]): readonly Phases[] {
  return offsets.flatMap((probe) =>
    offsets.flatMap((renewal) =>
      offsets.flatMap((heartbeat) =>
        offsets.flatMap((evaluation) =>
          verdicts.map((verdict) => ({ probe, renewal, verdict, heartbeat, evaluation })),
        ),
      ),
    ),
  );
}

/** One world under many phases and at both ends of what is unknown of CloudWatch. */
export function everyStory(
  world: World,
  until: number,
  offsets: readonly Phases[] = phases([0, 5]),
  delivery = DELIVERY,
): readonly Story[] {
  return Object.values(LOOK_BACKS).flatMap((lookBack) =>
    offsets.map((phase) => watch(world, until, phase, lookBack, delivery)),
  );
}
