import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import { composeHealth } from '../../../lambda/health/compose';
import { judgeSelf, type QueueReading, type SelfReadings } from '../../../lambda/health/judge-self';
import { MOVED_WITHIN_MS } from '../../../lambda/health/progress';
import { createWatch, type WatchPorts } from '../../../lambda/health/watch';
import type { Database } from '../../../lambda/shared/database';
import { DatabaseUnavailableError } from '../../../lambda/shared/errors';
import { fakeAws } from '../support/fake-aws';
import { fakeDynamodb, memoryLocalItems } from '../support/fake-dynamodb';
import { changeableLease, leaseOf, recordedTelemetry } from '../support/fakes';
import { virtualTime } from '../support/virtual-time';

const OWN = 'eu-central-1';
const OTHER = 'eu-central-2';
const NOW = Date.UTC(2026, 10, 24, 3, 51, 20);
const STATE = { writable: true, inRecovery: false, epoch: 4, schemaVersion: 4 };

const writable: SelfReadings['database'] = { ok: true, value: STATE };
const readOnly: SelfReadings['database'] = { ok: true, value: { ...STATE, writable: false, inRecovery: true } };
const gone: SelfReadings['database'] = {
  ok: false,
  kind: 'DatabaseUnavailableError',
  why: 'DatabaseUnavailableError: gone',
};
const active = { known: true, lease: leaseOf(OWN) } as const;
const notActive = { known: true, lease: leaseOf(OTHER) } as const;
const unknown = { known: false, why: 'time-out' } as const;
const moving: QueueReading = { kind: 'moves' };
const empty: QueueReading = { kind: 'looked', looked: 3, waiting: 0 };
const stuck: QueueReading = { kind: 'looked', looked: 3, waiting: 1 };
const notAsked: QueueReading = { kind: 'not-asked' };

const unseen: QueueReading = { kind: 'unknown', why: 'x' };

const judged = (database: SelfReadings['database'], lease: SelfReadings['lease'], queue: QueueReading) =>
  judgeSelf({ database, lease, queue, region: OWN, now: NOW, lastWritableAt: NOW - 45_000 });

describe('the verdict of a region about itself', () => {
  test.each([
    ['an active region that writes and moves is healthy', writable, active, moving, true, 'nothing'],
    ['without the trading workload no queue has to move', writable, active, notAsked, true, 'nothing'],
    ['an active region whose writer is gone is not', gone, active, notAsked, false, 'does not answer'],
    ['an active region whose database takes no writes is not', readOnly, active, notAsked, false, 'takes no writes'],
    ['an active region whose orders stand still is not', writable, active, stuck, false, '1 of 3 orders'],
    ['an active region that has nothing to do is healthy', writable, active, empty, true, 'nothing'],
    ['a region that is not active may be in recovery', readOnly, notActive, notAsked, true, 'nothing'],
    ['a region that is not active has no orders to move', writable, notActive, stuck, true, 'nothing'],
    ['a region that is not active still needs its database', gone, notActive, notAsked, false, 'does not answer'],
    ['a role that is not known excuses nothing', readOnly, unknown, notAsked, false, 'this region is unknown'],
    ['a role that is not known accuses nobody', writable, unknown, notAsked, true, 'nothing'],
  ] as const)('%s', (_, database, lease, queue, healthy, why) => {
    expect(judged(database, lease, queue)).toMatchObject({ healthy, why: expect.stringContaining(why), at: NOW });
  });

  test('is missing where the queue has to move and cannot be seen: that is neither well nor ill', () => {
    expect(judged(writable, active, unseen)).toBeUndefined();
  });

  test('does not wait for the queue where the database is at fault', () => {
    expect(judged(gone, active, unseen)).toMatchObject({ healthy: false });
    expect(judged(readOnly, active, unseen)).toMatchObject({ healthy: false });
  });

  test('tells when the database last took writes, also after it stopped', () => {
    expect(judged(writable, active, moving)).toMatchObject({ writableAt: NOW });
    expect(judged(readOnly, active, notAsked)).toMatchObject({ writableAt: NOW - 45_000 });
    expect(judged(gone, notActive, notAsked)).toMatchObject({ writableAt: NOW - 45_000 });
  });

  test('is patient with a database that may be failing over inside the region, and ends the time without a gap', () => {
    const after = (seconds: number) =>
      judgeSelf({
        database: gone,
        lease: active,
        queue: notAsked,
        region: OWN,
        now: NOW,
        lastWritableAt: NOW - seconds * 1_000,
        healthySince: NOW - 3_600_000,
      });
    expect(after(44)).toMatchObject({ healthy: true, why: expect.stringContaining('does not answer') });
    expect(after(45)).toMatchObject({ healthy: false, why: expect.stringContaining('does not answer') });
    expect(after(1)).not.toHaveProperty('healthySince');
  });

  test('is never good for long for an active region that cannot write, whatever else is true', () => {
    const databases = fc.constantFrom(writable, readOnly, gone);
    const leases = fc.constantFrom(active, notActive, unknown);
    const queues = fc.constantFrom<QueueReading>(moving, empty, stuck, notAsked, unseen);
    fc.assert(
      fc.property(databases, leases, queues, (database, lease, queue) => {
        const verdict = judged(database, lease, queue);
        if (lease === active && database !== writable) expect(verdict).toMatchObject({ healthy: false });
        if (verdict) expect(verdict.writableAt === verdict.at).toBe(database === writable);
      }),
    );
  });
});

test('a queue that stops is found as early as before there was a look at what moves', () => {
  // An order that is received right before the last one is executed, and takes as long as a transaction may (process-order.ts).
  const [youngestMs, longestTransactionMs] = [30_000, 5_000];
  expect(MOVED_WITHIN_MS).toBeLessThanOrEqual(youngestMs - longestTransactionMs);
});

/** A watch over a database that a test replaces, and over the items that it writes. */
function watching(change: Partial<WatchPorts> & { readonly writer?: Database } = {}) {
  const items = memoryLocalItems();
  const lease = changeableLease(leaseOf(OWN));
  const telemetry = recordedTelemetry();
  const absent: Database = {
    transaction: () => Promise.reject(new DatabaseUnavailableError('gone')),
    close: async () => undefined,
  };
  const { writer = absent, ...rest } = change;
  const ports: WatchPorts = {
    deep: { writer, lease, table: { read: async () => undefined }, now: () => NOW },
    reader: absent,
    items,
    telemetry,
    region: OWN,
    now: () => NOW,
    ...rest,
  };
  return { tick: createWatch(ports), items, lease, telemetry, ports };
}

describe('a watch', () => {
  test('remembers across execution environments when the database last took writes', async () => {
    const { tick, items } = watching();
    await items.put('verdict', { healthy: true, at: NOW - 50_000, writableAt: NOW - 50_000, why: 'nothing' });
    await tick();
    await tick();
    expect(await items.get('verdict')).toMatchObject({ healthy: false, at: NOW, writableAt: NOW - 50_000 });
  });

  test('tells after the writer has gone when it was last seen', async () => {
    const clock = { at: NOW };
    const row = { in_recovery: false, read_only: false, epoch: '4', schema_version: 4 };
    const writer: Database = {
      transaction: (_limits, work) =>
        clock.at === NOW ? work({ query: async () => [row] }) : Promise.reject(new DatabaseUnavailableError('gone')),
      close: async () => undefined,
    };
    const { tick, items } = watching({ writer, now: () => clock.at });
    await tick();
    expect(await items.get('verdict')).toMatchObject({ healthy: true, at: NOW, writableAt: NOW });
    clock.at += 50_000;
    await tick();
    expect(await items.get('verdict')).toMatchObject({ healthy: false, at: NOW + 50_000, writableAt: NOW });
  });

  describe('with orders in the table', () => {
    /** A writer in which some orders have their effect, and that says whether anything moves. */
    const writerWhere = (moves: boolean, settled: readonly string[]): Database => ({
      transaction: (_limits, work) =>
        work({
          query: async (sql) => {
            if (sql.includes('AS moves')) return [{ moves }];
            if (sql.includes('order_id')) return settled.map((id) => ({ id, epoch: '4', region: OWN }));
            return [{ in_recovery: false, read_only: false, epoch: '4', schema_version: 4 }];
          },
        }),
      close: async () => undefined,
    });
    const stands = async (moves: boolean, settled: readonly string[], ids: readonly string[], isEnough = true) => {
      const receivedBetween = jest.fn(async () => ({ ids, isEnough }));
      const made = watching({ writer: writerWhere(moves, settled), orders: { receivedBetween } });
      await made.tick();
      return { ...made, receivedBetween, verdict: await made.items.get('verdict') };
    };

    test('a backlog is no fault while anything moves, and nobody is asked for single orders', async () => {
      const { verdict, receivedBetween } = await stands(true, [], ['waits']);
      expect(verdict).toMatchObject({ healthy: true, why: 'nothing' });
      expect(receivedBetween).not.toHaveBeenCalled();
    });

    test('an order that waits while nothing moves is one', async () => {
      const { verdict } = await stands(false, ['done'], ['waits', 'done']);
      expect(verdict).toMatchObject({ healthy: false, why: expect.stringContaining('1 of 2 orders') });
    });

    test('an order that waits is seen also where there was no time for all', async () => {
      const { verdict } = await stands(false, [], ['waits'], false);
      expect(verdict).toMatchObject({ healthy: false });
    });

    test('nothing moves where nothing was received, and that is well', async () => {
      const { verdict } = await stands(false, [], []);
      expect(verdict).toMatchObject({ healthy: true });
    });

    test.each([
      ['none', []],
      ['only some', ['done']],
    ])(
      'where %s of this region could be seen in time there is no verdict, and the last one grows old',
      async (_, ids) => {
        const { verdict, telemetry } = await stands(false, ids, ids, false);
        expect(verdict).toBeUndefined();
        expect(telemetry.warnings).toEqual(['there is no verdict: the queue cannot be seen']);
      },
    );

    test('the last verdict is left as it was, good or bad, while nothing can be seen', async () => {
      const { items, tick } = watching({
        writer: writerWhere(false, []),
        orders: { receivedBetween: () => Promise.reject(new Error('throttled')) },
      });
      const before = { healthy: false, at: NOW - 10_000, writableAt: NOW - 10_000, why: 'stands still' };
      await items.put('verdict', before);
      await tick();
      expect(await items.get('verdict')).toEqual(before);
    });

    test('a database that stops after such a time has its patience from then on', async () => {
      const clock = { at: NOW };
      const state = { isGone: false };
      const working = writerWhere(false, []);
      const { items, tick } = watching({
        writer: {
          ...working,
          transaction: (limits, work) =>
            state.isGone ? Promise.reject(new DatabaseUnavailableError('gone')) : working.transaction(limits, work),
        },
        orders: { receivedBetween: () => Promise.reject(new Error('throttled')) },
        now: () => clock.at,
      });
      await items.put('verdict', { healthy: true, at: NOW - 60_000, writableAt: NOW - 60_000, why: 'nothing' });
      await tick();
      state.isGone = true;
      clock.at += 10_000;
      await tick();
      expect(await items.get('verdict')).toMatchObject({ healthy: true, writableAt: NOW });
    });
  });

  const answers = (row: object): Database => ({
    transaction: (_limits, work) => work({ query: async () => [{ ...row }] }),
    close: async () => undefined,
  });
  const following = answers({ in_recovery: true, read_only: true, epoch: '4', schema_version: 4 });

  test('asks the reader where a region follows: nobody is behind the name of its writer', async () => {
    const { tick, items, lease } = watching({ reader: following });
    lease.set(leaseOf(OTHER));
    await tick();
    expect(await items.get('verdict')).toMatchObject({ healthy: true, writableAt: 0 });
  });

  test('does not take a reader for the writer that an active region needs', async () => {
    const { tick, items } = watching({ reader: following });
    await tick();
    expect(await items.get('verdict')).toMatchObject({ healthy: false });
  });

  describe('says since when the region has been healthy without a gap (X6)', () => {
    const at = (clock: { at: number }, reader: Database = following) => {
      const made = watching({ reader, now: () => clock.at });
      made.lease.set(leaseOf(OTHER));
      return made;
    };
    const since = async ({ items }: ReturnType<typeof at>) => (await items.get('verdict'))?.healthySince;

    test('from its first good verdict on, across execution environments', async () => {
      const clock = { at: NOW };
      const one = at(clock);
      await one.tick();
      clock.at += 10_000;
      await one.tick();
      expect(await since(one)).toBe(NOW);
      const other = at(clock);
      await other.items.put('verdict', {
        healthy: true,
        at: NOW,
        writableAt: 0,
        why: 'nothing',
        healthySince: NOW - 5,
      });
      await other.tick();
      expect(await since(other)).toBe(NOW - 5);
    });

    test('anew after half a minute of silence: nobody knows what was then', async () => {
      const clock = { at: NOW };
      const watch = at(clock);
      await watch.tick();
      clock.at += 30_001;
      await watch.tick();
      expect(await since(watch)).toBe(NOW + 30_001);
    });

    test('not at all while it is not', async () => {
      const clock = { at: NOW };
      const failing = { isGone: false };
      const watch = at(clock, {
        ...following,
        transaction: (limits, work) =>
          failing.isGone ? Promise.reject(new DatabaseUnavailableError('gone')) : following.transaction(limits, work),
      });
      await watch.tick();
      failing.isGone = true;
      clock.at += 10_000;
      await watch.tick();
      expect(await watch.items.get('verdict')).not.toHaveProperty('healthySince');
      failing.isGone = false;
      clock.at += 10_000;
      await watch.tick();
      expect(await since(watch)).toBe(NOW + 20_000);
    });

    test('also where another environment has gone on while this one rested', async () => {
      const clock = { at: NOW };
      const watch = at(clock);
      await watch.tick();
      clock.at += 60_000;
      await watch.items.put('verdict', { healthy: true, at: NOW + 55_000, writableAt: 0, why: '', healthySince: NOW });
      await watch.tick();
      expect(await since(watch)).toBe(NOW);
    });
  });

  test('writes its verdict in time although the database hangs', async () => {
    const { tick, items } = watching({
      writer: { transaction: () => new Promise(() => undefined), close: async () => undefined },
    });
    jest.useFakeTimers();
    const done = tick();
    await jest.advanceTimersByTimeAsync(1_500);
    await done;
    jest.useRealTimers();
    expect(await items.get('verdict')).toMatchObject({
      healthy: false,
      why: expect.stringContaining('longer than 1.5 s'),
    });
  });

  test.each([
    ['asks the endpoint anew when the instance has lost the writer role', OWN, 1],
    ['keeps its connection in a region whose database is in recovery anyway', OTHER, 0],
  ])('%s', async (_, activeRegion, closed) => {
    const row = { in_recovery: true, read_only: true, epoch: '4', schema_version: 4 };
    const close = jest.fn(async () => undefined);
    const writer: Database = { transaction: (_limits, work) => work({ query: async () => [row] }), close };
    const { tick, lease } = watching({ writer });
    lease.set(leaseOf(activeRegion));
    await tick();
    expect(close).toHaveBeenCalledTimes(closed);
  });
});

test('the schedule makes a verdict every interval until the minute is over, and a request is answered as ever', async () => {
  const time = virtualTime(Date.UTC(2026, 10, 24, 3, 51));
  const store = fakeDynamodb();
  const dynamodb = new DynamoDBClient(fakeAws(store.answer).options);
  const secrets = fakeAws(() => ({ body: { SecretString: '{"username":"u","password":"p"}' } }));
  const call = { invocationId: 'i', end: time.now() + 65_000 };
  const run = composeHealth(
    {
      ENVIRONMENT_SUFFIX: 'dev',
      AWS_REGION: OWN,
      LEASE_TABLE: 'lease-dev',
      PROBE_TABLE: 'sessions-dev',
      ORDERS_TABLE: 'none',
      VERDICT_INTERVAL_SECONDS: 10,
      // Nothing listens there.
      DATABASE_HOST: '127.0.0.1',
      DATABASE_INSTANCE_HOSTS: [],
      DATABASE_READER_HOST: '127.0.0.1',
      DATABASE_PORT: 1,
      DATABASE_NAME: 'trading',
      DATABASE_SECRET_ID: 'trading/database',
      DATABASE_TLS: 'disable',
    },
    { dynamodb, watching: dynamodb, secrets: new SecretsManagerClient(secrets.options) },
    recordedTelemetry(),
    time,
  );
  expect(await run({ source: 'schedule' }, call)).toEqual({ ticks: 6 });
  expect(store.item('lease-dev', 'verdict')).toMatchObject({
    healthy: { BOOL: false },
    at: { N: String(time.now()) },
    why: { S: expect.stringContaining('ECONNREFUSED') },
  });
  expect(await run({ httpMethod: 'GET', path: '/nothing' }, call)).toMatchObject({ statusCode: 404 });
});
