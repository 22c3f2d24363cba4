import { createReconcile, type ReconcilePorts } from '../../../lambda/reconciler/reconcile';
import type { ItemReading, TickItems } from '../../../lambda/reconciler/tick-items';
import type { AlarmState } from '../../../lambda/shared/alarm-states';
import type { RunHead } from '../../../lambda/shared/current-run';
import type { LocalItem } from '../../../lambda/shared/local-items';
import type { RenewOptions } from '../../../lambda/shared/register-keeper';
import { memoryLocalItems } from '../support/fake-dynamodb';
import { leaseOf, recordedTelemetry } from '../support/fakes';

const NOW = Date.UTC(2026, 10, 26, 3, 0);
const DR = 'eu-central-2';
const PRIMARY = 'eu-central-1';
const gone = () => Promise.reject(new Error('gone'));
const ABSENT = { known: true, item: undefined } as const;
const UNREAD = { known: false, error: new Error('not processed') } as const;
const NOTHING_READ: TickItems = {
  lease: { known: false, why: 'no answer' },
  freeze: UNREAD,
  sweep: UNREAD,
};
const DEAD: RunHead = { runId: 'r', phase: 'acting', startedAt: NOW, ownedUntil: NOW - 1, closed: false };

const freezeUntil = (until: number): ItemReading<'freeze'> => ({
  known: true,
  item: { until, at: NOW - 600_000, who: 'ann', reason: 'work' },
});

function reconciler(
  lease: ReturnType<typeof leaseOf> | string,
  change: Partial<ReconcilePorts> = {},
  without?: 'triggerAlarm',
) {
  const tickItems: { -readonly [K in keyof TickItems]: TickItems[K] } = {
    lease: typeof lease === 'string' ? { known: false, why: lease } : { known: true, lease },
    freeze: ABSENT,
    sweep: ABSENT,
  };
  const renewals: (RenewOptions | undefined)[] = [];
  const started: object[] = [];
  const published: unknown[] = [];
  const epochs: number[] = [];
  const telemetry = recordedTelemetry();
  const items = memoryLocalItems();
  const all: ReconcilePorts = {
    registers: { renew: async (options) => (renewals.push(options), { kind: 'not-needed', why: '' }) },
    tickItems: { read: async () => tickItems },
    items,
    alarms: {
      read:
        async () =>
        (name): AlarmState => ({ says: name === 'failover-trigger-dev' ? 'red' : 'not-red' }),
    },
    run: { read: async () => undefined },
    start: async (request) => void started.push(request),
    sweeps: [{ kind: 'orders', sweep: async (epoch) => (epochs.push(epoch), 0) }],
    signals: { publish: async (values, at) => void published.push([values, at]) },
    telemetry,
    now: () => NOW,
    region: DR,
    leaseMs: 60_000,
    maintenanceAlarm: 'maintenance-dev',
    triggerAlarm: 'failover-trigger-dev',
    ...change,
  };
  const { triggerAlarm, ...ports } = all;
  const tick = createReconcile({
    ...ports,
    ...(triggerAlarm !== undefined && without !== 'triggerAlarm' && { triggerAlarm }),
  });
  return { tick, tickItems, renewals, started, published, telemetry, items, epochs };
}

const errors = ({ telemetry }: ReturnType<typeof reconciler>) => telemetry.errors.map(({ message }) => message).sort();

describe('a freeze', () => {
  test.each([
    ['is announced while it lasts', NOW + 1, [[{ Maintenance: 1 }, NOW]]],
    // Without a 0 the alarm would look back for data, and hold for two minutes more.
    ['is taken back for three minutes once it is over', NOW, [[{ Maintenance: 0 }, NOW]]],
    ['is taken back for three minutes, the last time', NOW - 179_999, [[{ Maintenance: 0 }, NOW]]],
    ['is forgotten after that', NOW - 180_000, []],
  ])('%s, whichever region is active', async (_, until, published) => {
    for (const active of [DR, PRIMARY]) {
      const world = reconciler(leaseOf(active, 2, NOW + 60_000), { sweeps: [] });
      world.tickItems.freeze = freezeUntil(until);
      await world.tick(1);
      expect(world.published).toEqual(published);
    }
  });
});

describe('the second renewal', () => {
  test.each([
    ['while the heartbeat does its work', leaseOf(DR, 2, NOW + 40_000), 0],
    ['when less than 40 s of the lease are left', leaseOf(DR, 2, NOW + 39_999), 1],
    ['when the lease is over already: the registers decide', leaseOf(DR, 2, NOW - 1), 1],
    ['in the region that is not active', leaseOf(PRIMARY, 2, NOW + 1), 0],
    ['where it is not known who is active', 'no item', 0],
  ])('%s', async (_, lease, times) => {
    const world = reconciler(lease);
    await world.tick(0);
    expect(world.renewals).toHaveLength(times);
  });

  test('of a shorter lease comes when a third of it is over, not with every beat', async () => {
    const world = reconciler(leaseOf(DR, 2, NOW + 20_000), { leaseMs: 30_000 });
    await world.tick(0);
    expect(world.renewals).toEqual([]);
  });

  test('carries what the region says of itself, while that is fresh', async () => {
    const world = reconciler(leaseOf(DR, 2, NOW));
    await world.items.put('verdict', { healthy: true, at: NOW - 5_000, writableAt: NOW - 5_000, why: '' });
    await world.tick(0);
    expect(world.renewals).toEqual([
      { onlyBelowMs: 40_000, verdict: { healthy: true, at: NOW - 5_000, writableAt: NOW - 5_000 } },
    ]);
  });
});

describe('the orchestrator', () => {
  test('is offered the alarm once in a tick', async () => {
    const world = reconciler(leaseOf(PRIMARY, 1, NOW + 9_000));
    await world.tick(0);
    expect(world.started).toEqual([{ action: 'offer' }]);
  });

  test('is called for a run whose owner died, also where no alarm starts a failover', async () => {
    const ports = { run: { read: async () => DEAD }, alarms: { read: gone } };
    const world = reconciler(leaseOf(PRIMARY, 1, NOW), ports, 'triggerAlarm');
    await world.tick(0);
    expect(world.started).toEqual([{ action: 'resume', runId: 'r' }]);
    expect(errors(world)).toEqual([]);
  });

  test('is called for such a run also while CloudWatch is silent', async () => {
    const world = reconciler(leaseOf(PRIMARY, 1, NOW), { run: { read: async () => DEAD }, alarms: { read: gone } });
    await world.tick(0);
    expect(world.started).toEqual([{ action: 'resume', runId: 'r' }]);
    expect(errors(world)).toEqual(['the alarms cannot be read']);
  });

  test('is not offered anything while it cannot be read whether a run stands', async () => {
    const world = reconciler(leaseOf(PRIMARY, 1, NOW), { run: { read: gone } });
    await world.tick(0);
    expect(world.started).toEqual([]);
    expect(errors(world)).toEqual(['the call of the orchestrator failed']);
  });
});

describe('the sweep', () => {
  test.each([
    ['where this region is active', leaseOf(DR, 2, NOW + 6_000), 1],
    ['not where its lease is about to end', leaseOf(DR, 2, NOW + 4_999), 0],
    ['not where the other region is active', leaseOf(PRIMARY, 2, NOW + 60_000), 0],
    ['not where nobody knows', 'no item', 0],
  ])('%s', async (_, lease, times) => {
    const world = reconciler(lease);
    await world.tick(0);
    expect(world.epochs).toEqual(times === 1 ? [2] : []);
  });

  test('publishes how many wait: at once when there are any, else once a minute', async () => {
    const waiting = [0, 0, 7, 0, 0, 0, 0];
    const world = reconciler(leaseOf(DR, 2, NOW + 60_000), {
      sweeps: [{ kind: 'orders', sweep: async () => waiting.shift() ?? 0 }],
    });
    for (let index = 12; index < 19; index += 1) await world.tick(index);
    expect(world.published).toEqual(
      [{ OrdersWaiting: 0 }, { OrdersWaiting: 7 }, { OrdersWaiting: 0 }].map((values) => [values, NOW]),
    );
  });

  test('is done of payments as of orders, each with a signal of its own, and one that fails stops no other', async () => {
    const world = reconciler(leaseOf(DR, 2, NOW + 60_000), {
      sweeps: [
        { kind: 'orders', sweep: gone },
        { kind: 'payments', sweep: async () => 3 },
      ],
    });
    await world.tick(1);
    expect(world.published).toEqual([[{ PaymentsWaiting: 3 }, NOW]]);
    expect(errors(world)).toEqual(['the sweep of orders failed']);
  });

  test('of both kinds begins from the one reading of the tick', async () => {
    const seen: (LocalItem<'sweep'> | undefined)[] = [];
    const sweep = async (_: number, swept: LocalItem<'sweep'> | undefined) => (seen.push(swept), 0);
    const world = reconciler(leaseOf(DR, 2, NOW + 60_000), {
      sweeps: [
        { kind: 'orders', sweep },
        { kind: 'payments', sweep },
      ],
    });
    await world.tick(1);
    const item = { setBackAt: 1, orders: 2, payments: 3 };
    world.tickItems.sweep = { known: true, item };
    await world.tick(2);
    expect(seen).toEqual([undefined, undefined, item, item]);
  });

  test('is none without a workload', async () => {
    const world = reconciler(leaseOf(DR, 2, NOW + 60_000), { sweeps: [] });
    await world.tick(0);
    expect([world.published, errors(world)]).toEqual([[], []]);
  });
});

describe('what a tick cannot read', () => {
  const active = leaseOf(DR, 2, NOW + 60_000);
  const run = { read: async () => DEAD };

  test('of a freeze fails its announcement alone', async () => {
    const world = reconciler(active, { run });
    world.tickItems.freeze = UNREAD;
    await world.tick(1);
    expect(errors(world)).toEqual(['the freeze failed']);
    expect(world.telemetry.errors.map(({ error }) => error)).toEqual([UNREAD.error]);
    expect([world.epochs, world.started]).toEqual([[2], [{ action: 'resume', runId: 'r' }]]);
  });

  test('of how far is swept fails the sweeps alone: it is not taken for never swept', async () => {
    const swept: unknown[] = [];
    const sweep = async () => (swept.push('swept'), 0);
    const world = reconciler(active, {
      run,
      sweeps: [
        { kind: 'orders', sweep },
        { kind: 'payments', sweep },
      ],
    });
    world.tickItems.sweep = UNREAD;
    world.tickItems.freeze = freezeUntil(NOW + 1);
    await world.tick(0);
    expect(errors(world)).toEqual(['the sweep of orders failed', 'the sweep of payments failed']);
    expect(world.telemetry.errors.map(({ error }) => error)).toEqual([UNREAD.error, UNREAD.error]);
    expect([swept, world.published]).toEqual([[], [[{ Maintenance: 1 }, NOW]]]);
    expect(world.started).toEqual([{ action: 'resume', runId: 'r' }]);
  });

  test.each([
    ['resumes a run whose owner died', { run }, { action: 'resume', runId: 'r' }],
    ['offers the alarm', {}, { action: 'offer' }],
  ])('may be everything: the call of the orchestrator %s as ever', async (_, ports, request) => {
    const world = reconciler(active, { ...ports, tickItems: { read: async () => NOTHING_READ } });
    await world.tick(0);
    expect(world.started).toEqual([request]);
    expect(errors(world)).toEqual(['the freeze failed']);
    // Without a lease nobody is known to be active, and what only the active region does waits for the next tick.
    expect([world.renewals, world.epochs, world.published]).toEqual([[], [], []]);
  });
});

test('a part that fails stops no other', async () => {
  const world = reconciler(leaseOf(DR, 2, NOW + 20_000), {
    registers: { renew: gone },
    run: { read: gone },
  });
  await world.tick(0);
  expect(errors(world)).toEqual(['the call of the orchestrator failed', 'the second renewal failed']);
  expect(world.epochs).toEqual([2]);
});

test('a part that hangs is over before the next tick is due', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
  try {
    const world = reconciler(leaseOf(DR, 2, NOW + 60_000), {
      sweeps: [{ kind: 'orders', sweep: () => new Promise(() => undefined) }],
    });
    const tick = world.tick(0);
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    jest.advanceTimersByTime(8_000);
    await tick;
    expect(errors(world)).toEqual(['the sweep of orders failed']);
  } finally {
    jest.useRealTimers();
  }
});
