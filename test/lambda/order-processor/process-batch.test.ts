import { processBatch } from '../../../lambda/order-processor/process-batch';
import type { Database } from '../../../lambda/shared/database';
import { DatabaseUnavailableError } from '../../../lambda/shared/errors';
import { changeableLease, leaseOf } from '../support/fakes';
import {
  again,
  createProcessor,
  DONE,
  effectsIn,
  newOrder,
  OTHER,
  OWN,
  type ProcessorChange,
  tradingDatabaseOfThisFile,
} from '../support/processor';

const trading = tradingDatabaseOfThisFile();
const processor = (change: ProcessorChange = {}) => createProcessor(trading(), change);
const effectsOf = (orderId: string) => effectsIn(trading(), orderId);

describe('an order in the active region', () => {
  test('gets its one effect and its result item', async () => {
    const { run, items, telemetry } = processor({ lease: changeableLease(leaseOf(OWN, 1)) });
    const order = newOrder();
    expect(await run(order)).toEqual(DONE);
    expect(await effectsOf(order.orderId)).toEqual([{ verdict: 'PROCESSED', reason: null, epoch: 1, region: OWN }]);
    expect(await items.list(order.orderId)).toEqual([
      {
        pk: order.orderId,
        sk: 'RESULT#0000000001#eu-central-1',
        verdict: 'PROCESSED',
        epoch: 1,
        region: OWN,
        settledAt: expect.stringMatching(/Z$/),
        content: { symbol: 'SAP', side: 'BUY', quantity: 10, limitPrice: '180.5', account: 'ACC-1' },
      },
    ]);
    expect(telemetry.counts).toEqual({ OrdersProcessed: 1 });
  });

  test('that the reference data forbids is rejected with its reason', async () => {
    const { run, items } = processor();
    const order = newOrder({ limitPrice: '180.51' });
    expect(await run(order)).toEqual(DONE);
    expect(await effectsOf(order.orderId)).toMatchObject([{ verdict: 'REJECTED', reason: 'TICK_SIZE' }]);
    expect(await items.list(order.orderId)).toMatchObject([{ verdict: 'REJECTED', reason: 'TICK_SIZE' }]);
  });

  test('that comes after its validUntil is reported EXPIRED, and stays so when it comes again', async () => {
    const { run, items } = processor();
    const order = newOrder({ validUntil: new Date(Date.now() - 1).toISOString() });
    expect(await run(order)).toEqual(DONE);
    expect(await items.list(order.orderId)).toMatchObject([{ verdict: 'EXPIRED' }]);
    // Another processor's clock may be behind: the row makes expiry final.
    expect(await run({ ...order, validUntil: new Date(Date.now() + 60_000).toISOString() })).toEqual(DONE);
    expect(await effectsOf(order.orderId)).toMatchObject([{ verdict: 'EXPIRED' }]);
  });

  test('that was executed before its validUntil is not expired by a late redelivery', async () => {
    const { run } = processor();
    const order = newOrder();
    await run(order);
    await run({ ...order, validUntil: new Date(Date.now() - 1).toISOString() });
    expect(await effectsOf(order.orderId)).toMatchObject([{ verdict: 'PROCESSED' }]);
  });

  test('that is delivered again after the region changed writes only the missing item, with the epoch of its effect', async () => {
    const order = newOrder();
    await processor({ lease: changeableLease(leaseOf(OWN, 1)) }).run(order);
    const dr = processor({ lease: changeableLease(leaseOf(OTHER, 5)), region: OTHER });
    expect(await dr.run(order)).toEqual(DONE);
    expect((await dr.items.list(order.orderId)).map(({ sk }) => sk)).toEqual(['RESULT#0000000001#eu-central-1']);
    expect(await effectsOf(order.orderId)).toHaveLength(1);
    expect(dr.telemetry.counts).toEqual({});
  });

  test('comes back when its result item cannot be written, and is complete after that', async () => {
    const { run, items } = processor();
    const order = newOrder();
    items.failNextPut();
    expect(await run(order)).toEqual(again('m0'));
    expect(await run(order)).toEqual(DONE);
    expect(await items.list(order.orderId)).toHaveLength(1);
    expect(await effectsOf(order.orderId)).toHaveLength(1);
  });

  test('is executed once by processors that race for it', async () => {
    const order = newOrder();
    const racers = Array.from({ length: 4 }, () => processor());
    const answers = await Promise.all(racers.map(({ run }) => run(order)));
    expect(answers).toEqual(racers.map(() => DONE));
    expect(await effectsOf(order.orderId)).toHaveLength(1);
    const own = racers.map(({ telemetry }) => telemetry.counts['OrdersProcessed'] ?? 0);
    expect(own.reduce((sum, count) => sum + count)).toBe(1);
    const keys = await Promise.all(
      racers.map(async ({ items }) => (await items.list(order.orderId)).map(({ sk }) => sk)),
    );
    expect(new Set(keys.flat())).toEqual(new Set(['RESULT#0000000001#eu-central-1']));
  });
});

describe('an order that the database does not take as it is', () => {
  // The API refuses such a text; an order of an older version may have it. Without a row every sweep would find it again.
  const poison = () => newOrder({ account: 'ACC\0' });

  test('is rejected for it, with a row, a result and an alarm, and comes to no dead-letter queue', async () => {
    const { run, items, telemetry } = processor();
    const [order, next] = [poison(), newOrder()];
    expect(await run(order, next)).toEqual(DONE);
    expect(await effectsOf(order.orderId)).toMatchObject([{ verdict: 'REJECTED', reason: 'CONTENT_REFUSED' }]);
    expect(await items.list(order.orderId)).toMatchObject([
      { verdict: 'REJECTED', reason: 'CONTENT_REFUSED', content: { account: 'ACC\uFFFD' } },
    ]);
    expect(await effectsOf(next.orderId)).toMatchObject([{ verdict: 'PROCESSED' }]);
    expect(telemetry.counts).toEqual({ OrdersRejected: 1, OrdersProcessed: 1, NeedsPerson: 1 });
    expect(telemetry.errors).toMatchObject([{ error: { code: '22021' } }]);
  });

  test('stays rejected when it comes again, and alarms once', async () => {
    const { run, telemetry, items } = processor();
    const order = poison();
    await run(order);
    expect(await run(order)).toEqual(DONE);
    expect(telemetry.counts).toEqual({ OrdersRejected: 1, NeedsPerson: 1 });
    expect(items.all.size).toBe(1);
  });

  test('is not rejected for what the database says of itself: that may end', async () => {
    const failing: Database = {
      transaction: () => Promise.reject(Object.assign(new Error('disk full'), { severity: 'ERROR', code: '53100' })),
      close: async () => undefined,
    };
    const { run, telemetry } = processor({ database: failing });
    expect(await run(newOrder())).toEqual(again('m0'));
    expect(telemetry.counts).toEqual({});
  });
});

describe('two orders under one id, which both regions took before they knew of each other', () => {
  test.each([
    ['symbol', 'BMW'],
    ['side', 'SELL'],
    ['quantity', 11],
    ['limitPrice', '180.6'],
    ['account', 'ACC-2'],
  ])(
    'with another %s: the first one has the effect, the second one is never executed and somebody is told',
    async (field, value) => {
      const first = newOrder();
      const one = processor();
      await one.run(first);
      const { run, items, telemetry } = processor();
      expect(await run({ ...first, [field]: value })).toEqual(DONE);
      expect(await effectsOf(first.orderId)).toHaveLength(1);
      expect(telemetry.counts).toEqual({ NeedsPerson: 1 });
      expect(telemetry.errors).toMatchObject([{ error: { name: 'MalformedError' } }]);
      // Whoever writes the result writes the same one: what was executed.
      expect(await items.list(first.orderId)).toEqual(await one.items.list(first.orderId));
    },
  );

  test('which are the same order in another spelling are one', async () => {
    const first = newOrder();
    await processor().run(first);
    const { run, telemetry } = processor();
    await run({ ...first, limitPrice: '180.50' });
    expect(telemetry.counts).toEqual({});
  });
});

test('the lease is read once for the batch and the first order, and again before each commit', async () => {
  const lease = changeableLease(leaseOf(OWN, 1));
  expect(await processor({ lease }).run(newOrder())).toEqual(DONE);
  expect(lease.reads).toBe(2);
  expect(await processor({ lease }).run(newOrder(), newOrder())).toEqual(DONE);
  expect(lease.reads).toBe(2 + 4);
});

describe('a message that is no order', () => {
  test('comes back until the dead-letter queue takes it, and the rest of its batch is done', async () => {
    const { run } = processor();
    const order = newOrder();
    const { validUntil: _, ...eternal } = newOrder();
    expect(await run('{', order, eternal, newOrder({ quantity: 0.5 }))).toEqual(again('m0', 'm2', 'm3'));
    expect(await effectsOf(order.orderId)).toHaveLength(1);
  });
});

describe('a region that may not write', () => {
  test.each([
    ['another region is active', leaseOf(OTHER, 2)],
    ['its lease ends', leaseOf(OWN, 2, Date.now() + 5_500)],
    ['its lease cannot be read', 'time-out'],
  ])('completes its messages when %s, so that none reaches the dead-letter queue', async (_, lease) => {
    const { run, items, telemetry } = processor({ lease: changeableLease(lease) });
    const order = newOrder();
    expect(await run(order)).toEqual(DONE);
    expect(await effectsOf(order.orderId)).toEqual([]);
    expect(items.all.size).toBe(0);
    expect(telemetry.counts).toEqual({ FencedMessages: 1 });
  });

  test('is fenced by a higher epoch in the database although its own lease still runs', async () => {
    await trading().sql('UPDATE writer_epoch SET epoch = 8');
    const { run, telemetry } = processor({ lease: changeableLease(leaseOf(OWN, 7)) });
    const order = newOrder();
    expect(await run(order)).toEqual(DONE);
    expect(await effectsOf(order.orderId)).toEqual([]);
    expect(telemetry.counts).toEqual({ FencedMessages: 1 });
  });

  test('raises a lower epoch in the database, and never lowers it', async () => {
    await processor({ lease: changeableLease(leaseOf(OWN, 6)) }).run(newOrder());
    expect(await trading().sql('SELECT epoch::int AS epoch FROM writer_epoch')).toEqual([{ epoch: 6 }]);
    await processor({ lease: changeableLease(leaseOf(OWN, 5)) }).run(newOrder());
    expect(await trading().sql('SELECT epoch::int AS epoch FROM writer_epoch')).toEqual([{ epoch: 6 }]);
  });

  test('processors that raise the epoch at once do not block each other', async () => {
    const orders = Array.from({ length: 4 }, () => newOrder());
    const answers = await Promise.all(
      orders.map((order) => processor({ lease: changeableLease(leaseOf(OWN, 9)) }).run(order)),
    );
    expect(answers).toEqual(orders.map(() => DONE));
  });
});

describe('a database that cannot be reached', () => {
  test('sends the whole batch back after one attempt, because the next would wait as long', async () => {
    let attempts = 0;
    const dead: Database = {
      transaction: () => {
        attempts += 1;
        return Promise.reject(new DatabaseUnavailableError('gone'));
      },
      close: async () => undefined,
    };
    expect(await processor({ database: dead }).run(newOrder(), newOrder(), newOrder())).toEqual(
      again('m0', 'm1', 'm2'),
    );
    expect(attempts).toBe(1);
  });
});

test('no order is begun when the invocation is about to end', async () => {
  const ports = processor();
  const order = newOrder();
  const event = { Records: [{ messageId: 'm0', body: JSON.stringify(order) }] };
  expect(await processBatch(ports, event, Date.now() + 7_000)).toEqual(again('m0'));
  expect(await effectsOf(order.orderId)).toEqual([]);
});

test('an event that does not come from SQS is an error', async () => {
  await expect(processBatch(processor(), { Records: 'x' }, 0)).rejects.toThrow('not an SQS event');
});
