import type { Database } from '../../../lambda/shared/database';
import { changeableLease, gate, leaseOf } from '../support/fakes';
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

describe('a lease that is lost on the way', () => {
  /** Holds the transaction before its commit until the test lets it go on. */
  function held(database: Database) {
    const reached = gate();
    const proceed = gate();
    const holding: Database = {
      ...database,
      transaction: (limits, work) =>
        database.transaction(limits, (tx) =>
          work({
            query: async (sql, values) => {
              const rows = await tx.query(sql, values);
              if (sql.includes('INSERT INTO order_effects')) {
                reached.open();
                await proceed.opened;
              }
              return rows;
            },
          }),
        ),
    };
    return { holding, reached, proceed };
  }

  test.each([
    ['the other region claimed', leaseOf(OTHER, 2)],
    ['the lease was released', leaseOf(OWN, 1, Date.now())],
    ['the lease can no longer be read', 'time-out'],
    ['this region itself has a new epoch', leaseOf(OWN, 2)],
  ])('rolls the effect back when %s before the commit', async (_, next) => {
    const { holding, reached, proceed } = held(trading().connect());
    const lease = changeableLease(leaseOf(OWN, 1));
    const { run, items, telemetry } = processor({ database: holding, lease });
    const order = newOrder();
    const running = run(order);
    await reached.opened;
    lease.set(next);
    proceed.open();
    expect(await running).toEqual(DONE);
    expect(await effectsOf(order.orderId)).toEqual([]);
    expect(items.all.size).toBe(0);
    expect(telemetry.counts).toEqual({ FencedMessages: 1 });
  });

  test('an epoch cannot be raised under a transaction that is about to commit', async () => {
    const { holding, reached, proceed } = held(trading().connect());
    const { run } = processor({ database: holding });
    const order = newOrder();
    const running = run(order);
    await reached.opened;
    let raised = false;
    const raising = trading()
      .sql('UPDATE writer_epoch SET epoch = 2')
      .then(() => (raised = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(raised).toBe(false);
    proceed.open();
    await Promise.all([running, raising]);
    expect(await effectsOf(order.orderId)).toMatchObject([{ epoch: 1 }]);
  });

  test('a commit that returns after leaseEnd - 5 s is not acknowledged, and its redelivery finds the effect', async () => {
    const real = trading().connect();
    let late = 0;
    const slow: Database = {
      ...real,
      async transaction(limits, work) {
        const value = await real.transaction(limits, work);
        late = 60_000;
        return value;
      },
    };
    const { run, items, telemetry, lease } = processor({ database: slow, now: () => Date.now() + late });
    const order = newOrder();
    expect(await run(order)).toEqual(again('m0'));
    expect(items.all.size).toBe(0);
    expect(telemetry.counts).toEqual({ LateCommits: 1 });

    expect(await processor({ items, lease }).run(order)).toEqual(DONE);
    expect(await items.list(order.orderId)).toMatchObject([{ verdict: 'PROCESSED' }]);
    expect(await effectsOf(order.orderId)).toHaveLength(1);
  });

  test('a transaction that is blocked is cut off 5 s before the lease ends', async () => {
    await trading().sql('BEGIN');
    await trading().sql('UPDATE writer_epoch SET epoch = 1');
    const { run } = processor({ lease: changeableLease(leaseOf(OWN, 1, Date.now() + 6_300)) });
    const started = Date.now();
    const answer = await run(newOrder());
    await trading().sql('ROLLBACK');
    expect(answer).toEqual(again('m0'));
    expect(Date.now() - started).toBeLessThan(2_500);
  });
});
