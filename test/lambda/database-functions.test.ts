import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { hasMoved } from '../../lambda/health/progress';
import { createWatch } from '../../lambda/health/watch';
import { composeLedger } from '../../lambda/ledger/compose';
import { composeReplicationMonitor } from '../../lambda/replication-monitor/compose';
import { lagSignals, readStatus } from '../../lambda/replication-monitor/lag';
import { installedEpoch, monitorAnswer } from '../../lambda/shared/calls';
import { fakeAws } from './support/fake-aws';
import { memoryLocalItems } from './support/fake-dynamodb';
import { changeableLease, leaseOf, recordedTelemetry } from './support/fakes';
import { settingsOf, startTradingDatabase, type TradingDatabase } from './support/trading-database';
import { virtualTime } from './support/virtual-time';

// One engine for the functions whose work is a query: ledger, replication-monitor, and health's look at the queue.

const OWN = 'eu-central-1';
const OTHER = 'eu-central-2';
const NOW = Date.UTC(2026, 10, 24, 3, 51);
let trading: TradingDatabase;

beforeAll(async () => {
  trading = await startTradingDatabase();
}, 30_000);
afterAll(() => trading.stop());

const secrets = () => {
  const { user: username, password } = trading.engine;
  const { options } = fakeAws(() => ({ body: { SecretString: JSON.stringify({ username, password }) } }));
  return new SecretsManagerClient(options);
};

/** An order that a region has executed so many seconds ago; received a minute before. */
const settled = (orderId: string, { region = 'r', secondsAgo = 0 } = {}) =>
  trading.sql(
    `INSERT INTO order_effects (order_id, verdict, epoch, region, symbol, side, quantity, limit_price, account,
       received_at, valid_until, executed_at)
     VALUES ($1, 'PROCESSED', 1, $2, 'SAP', 'BUY', 1, 1, 'a',
       now() - make_interval(secs => $3 + 60), now(), now() - make_interval(secs => $3))`,
    [orderId, region, secondsAgo],
  );

describe('ledger', () => {
  const ledger = () =>
    composeLedger(
      { ENVIRONMENT_SUFFIX: 'dev', ...settingsOf(trading.engine) },
      { secrets: secrets() },
      recordedTelemetry(),
      Date.now,
    );
  const epochOf = async () => (await trading.sql('SELECT epoch::int AS epoch FROM writer_epoch'))[0];

  test('raises the epoch, keeps a higher one, and tells which stands', async () => {
    const ask = ledger();
    const install = async (epoch: number) => installedEpoch.parse(await ask({ action: 'install-epoch', epoch })).epoch;
    expect([await install(5), await install(5), await install(3)]).toEqual([5, 5, 5]);
    expect(await epochOf()).toEqual({ epoch: 5 });
  });

  test('names the orders that have no effect, in the order that it was asked in', async () => {
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
    await settled(two);
    const ask = ledger();
    const ids = [three, two, one];
    // Where a row stands, its result item is named after it.
    const has = [{ id: two, epoch: 1, region: 'r' }];
    expect(await ask({ action: 'without-effect', of: 'orders', ids })).toEqual({ ids: [three, one], settled: has });
    expect(await ask({ action: 'without-effect', of: 'orders', ids: [] })).toEqual({ ids: [], settled: [] });
    // An order's row says nothing about a payment of the same id.
    expect(await ask({ action: 'without-effect', of: 'payments', ids })).toEqual({ ids, settled: [] });
  });

  test('names the payments that have no effect, in the order that it was asked in', async () => {
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
    await trading.sql(
      `INSERT INTO payment_effects (payment_id, verdict, reasons, epoch, region,
         amount, currency, debtor_account, creditor_account, reference, received_at, valid_until)
       VALUES ($1, 'VALIDATED', '{}', 1, 'r', 1, 'EUR', 'd', 'c', '', now(), now())`,
      [two],
    );
    const ids = [three, two, one];
    expect(await ledger()({ action: 'without-effect', of: 'payments', ids })).toEqual({
      ids: [three, one],
      settled: [{ id: two, epoch: 1, region: 'r' }],
    });
  });

  test('answers about all others although one id is none that a row can have', async () => {
    const one = randomUUID();
    await settled(one);
    expect(await ledger()({ action: 'without-effect', of: 'orders', ids: [one, 'a\0b'] })).toMatchObject({
      ids: ['a\0b'],
    });
  });

  test('still tells which orders have no effect where the database takes no writes, and installs nothing there', async () => {
    await trading.sql(`ALTER DATABASE ${trading.engine.database} SET default_transaction_read_only = on`);
    const ask = ledger();
    await expect(ask({ action: 'install-epoch', epoch: 9 })).rejects.toMatchObject({
      name: 'DatabaseUnavailableError',
      message: 'the database is read-only here',
    });
    expect(await ask({ action: 'without-effect', of: 'orders', ids: ['x'] })).toMatchObject({ ids: ['x'] });
    await trading.sql(`ALTER DATABASE ${trading.engine.database} RESET default_transaction_read_only`);
    expect(await epochOf()).toEqual({ epoch: 5 });
  });

  test.each([
    [{}],
    [{ action: 'install-epoch', epoch: 0 }],
    [{ action: 'drop' }],
    [{ action: 'without-effect', of: 'sessions', ids: [] }],
    [{ source: 'schedule' }],
  ])('%j is no request to it', async (event) => {
    await expect(ledger()(event)).rejects.toMatchObject({ name: 'MalformedError' });
  });
});

describe('replication-monitor', () => {
  /** The function that only Aurora has, with the columns and the order of its documentation. */
  const status = (rows: string) =>
    trading.sql(`CREATE OR REPLACE FUNCTION aurora_global_db_status() RETURNS TABLE (
        aws_region text, highest_lsn_written bigint, durability_lag_in_msec bigint, rpo_lag_in_msec bigint,
        last_lag_calculation_time timestamptz, feedback_epoch bigint, feedback_xmin bigint)
      LANGUAGE sql AS $$ VALUES ${rows} $$`);
  const WRITER = `('${OTHER}'::text, 93763984222, -1::bigint, -1::bigint, '1970-01-01 00:00:00+00'::timestamptz, 0::bigint, 0::bigint)`;
  const FOLLOWER = `('${OWN}', 93763984222, 900, 1090, '2026-11-24 03:50:49.328+00', 2, 3315479243)`;

  function monitor(region = OWN) {
    const time = virtualTime(NOW);
    const telemetry = recordedTelemetry();
    const { DATABASE_HOST, ...settings } = settingsOf(trading.engine);
    const respond = composeReplicationMonitor(
      {
        ENVIRONMENT_SUFFIX: 'dev',
        AWS_REGION: region,
        ...settings,
        // Only the reader answers while the other region is lost.
        DATABASE_HOST: 'nobody.invalid',
        DATABASE_INSTANCE_HOSTS: [],
        DATABASE_READER_HOST: DATABASE_HOST,
        LAG_SAMPLE_INTERVAL_SECONDS: 30,
      },
      { secrets: secrets() },
      telemetry,
      time,
    );
    return { respond: (event: unknown) => respond(event, time.now() + 65_000), telemetry };
  }
  const sample = async (region = OWN) => monitorAnswer.parse(await monitor(region).respond({ action: 'sample' }));

  test('does not know the lag of a PostgreSQL that is not Aurora, and says why', async () => {
    expect(await sample()).toEqual({ kind: 'unknown', why: expect.stringContaining('no aurora_global_db_status()') });
  });

  test('answers with the lag of its own region and when the database calculated it', async () => {
    await status(`${WRITER}, ${FOLLOWER}`);
    expect(await sample()).toEqual({
      kind: 'follows',
      calculatedAt: Date.UTC(2026, 10, 24, 3, 50, 49, 328),
      lagMs: 1_090,
    });
  });

  test('answers that its region writes by the -1 of that row', async () => {
    expect(await sample(OTHER)).toEqual({ kind: 'writes' });
  });

  test('does not take another region for its own', async () => {
    expect(await sample('eu-west-1')).toEqual({ kind: 'unknown', why: 'the global database has no row for eu-west-1' });
  });

  test('publishes two samples in a minute, each with its own time and the age of the calculation', async () => {
    const { respond, telemetry } = monitor();
    expect(await respond({ source: 'schedule' })).toEqual({ ticks: 2 });
    expect(telemetry.signals).toEqual([
      { name: 'RpoLagSeconds', value: 1.09, at: NOW },
      { name: 'LagSampleAgeSeconds', value: 10.672, at: NOW },
      { name: 'RpoLagSeconds', value: 1.09, at: NOW + 30_000 },
      { name: 'LagSampleAgeSeconds', value: 40.672, at: NOW + 30_000 },
    ]);
  });

  test('goes on after a sample that failed, with silence in its place', async () => {
    await status(`${WRITER}, ('${OWN}', 1, 1, NULL, NULL, 2, 3)`);
    const { respond, telemetry } = monitor();
    expect(await respond({ source: 'schedule' })).toEqual({ ticks: 2 });
    expect(telemetry.signals).toEqual([]);
    expect(telemetry.warnings).toEqual(Array.from({ length: 2 }, () => 'the replication lag is not known'));
  });

  test.each([
    ['a region that writes has no lag and no age', { kind: 'writes' }, { LagSampleAgeSeconds: 0 }],
    [
      'a database whose clock is ahead has no negative age',
      { kind: 'follows', calculatedAt: NOW + 500, lagMs: 0 },
      { RpoLagSeconds: 0, LagSampleAgeSeconds: 0 },
    ],
    ['what is not known is not published', { kind: 'unknown', why: 'x' }, {}],
  ] as const)('%s', (_, given, expected) => {
    expect(lagSignals(given, NOW)).toEqual(expected);
  });

  test('does not read a status of another form as good', () => {
    expect(readStatus([{ lag_ms: '5', calculated_at: 1 }], OWN)).toMatchObject({ kind: 'unknown' });
  });

  test('is asked by the schedule or for a sample, and by nobody else', async () => {
    await expect(monitor().respond({ action: 'promote' })).rejects.toMatchObject({ name: 'MalformedError' });
  });
});

describe("health's look at the queue", () => {
  const verdictOver = async (received: readonly string[]) => {
    const items = memoryLocalItems();
    const tick = createWatch({
      deep: {
        writer: trading.connect(),
        lease: changeableLease(leaseOf(OWN)),
        table: { read: async () => undefined },
        now: Date.now,
      },
      reader: trading.connect(),
      orders: { receivedBetween: async () => ({ ids: received, isEnough: true }) },
      items,
      telemetry: recordedTelemetry(),
      region: OWN,
      now: Date.now,
    });
    await tick();
    return items.get('verdict');
  };

  const nothingWasExecuted = () => trading.sql('DELETE FROM order_effects');

  test('finds one order without its effect unhealthy while none is executed, and none of them healthy', async () => {
    await nothingWasExecuted();
    const [one, two] = [randomUUID(), randomUUID()];
    await settled(one, { region: OWN, secondsAgo: 40 });
    expect(await verdictOver([])).toMatchObject({ healthy: true });
    expect(await verdictOver([one])).toMatchObject({ healthy: true, why: 'nothing' });
    expect(await verdictOver([one, two])).toMatchObject({
      healthy: false,
      why: '1 of 2 orders have no effect half a minute after they were received, and none is being executed',
    });
  });

  test('finds a backlog healthy as long as any order is executed: a failover would only take it along', async () => {
    await nothingWasExecuted();
    await settled(randomUUID(), { region: OWN, secondsAgo: 20 });
    expect(await verdictOver([randomUUID(), randomUUID()])).toMatchObject({ healthy: true, why: 'nothing' });
  });

  test.each([
    ['was executed here too long ago', { region: OWN, secondsAgo: 26 }],
    ['was executed just now by the other region, before a change of the active region', { region: 'eu-central-2' }],
  ])('is not calmed by what %s', async (_, effect) => {
    await nothingWasExecuted();
    await settled(randomUUID(), effect);
    expect(await verdictOver([randomUUID()])).toMatchObject({ healthy: false });
  });

  test('reads a thousand rows through an index and no more, however many orders there have been', async () => {
    await nothingWasExecuted();
    await trading.sql(
      `INSERT INTO order_effects (order_id, verdict, epoch, region, symbol, side, quantity, limit_price, account,
         received_at, valid_until)
       SELECT 'o' || n, 'PROCESSED', 1, 'r', 'SAP', 'BUY', 1, 1, 'a', now() - n * interval '1 second', now()
       FROM generate_series(1, 20000) AS n`,
    );
    await trading.sql('ANALYZE order_effects');
    const plans: string[] = [];
    await trading.connect().transaction({ deadline: Date.now() + 5_000 }, (tx) =>
      hasMoved(
        {
          query: async (sql, values) => {
            plans.push(JSON.stringify(await tx.query(`EXPLAIN ANALYZE ${sql}`, values)));
            return tx.query(sql, values);
          },
        },
        OWN,
      ),
    );
    expect(plans.join()).toMatch(/Index Scan Backward using order_effects_by_receipt.*rows=1000(\.00)? loops=1/);
    await nothingWasExecuted();
  });
});
