import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { createTableProbe, type TableProbe } from '../../../lambda/health/deep';
import { healthRoutes } from '../../../lambda/health/health';
import { faultsOf, type TradingDatum } from '../../../lambda/health/judge';
import { judgeDeep } from '../../../lambda/health/judge-deep';
import { TRADING_DATA_MARKER } from '../../../lambda/health/marker';
import { createTradingData } from '../../../lambda/health/trading-data';
import type { Database } from '../../../lambda/shared/database';
import { DatabaseUnavailableError } from '../../../lambda/shared/errors';
import { createRouter } from '../../../lambda/shared/http';
import { fakeAws } from '../support/fake-aws';
import { changeableLease, leaseOf, recordedTelemetry } from '../support/fakes';
import { startTradingDatabase, type TradingDatabase } from '../support/trading-database';

const OWN = 'eu-central-1';
const SAP: TradingDatum = { symbol: 'SAP', currency: 'EUR', referencePrice: '230', bandLow: '115', bandHigh: '345' };
let trading: TradingDatabase;

beforeAll(async () => {
  trading = await startTradingDatabase();
}, 30_000);
afterAll(() => trading.stop());

const answering: TableProbe = { read: async () => undefined };

/** The health function with a clock that a test moves. */
function health({ reader = trading.connect(), writer = trading.connect(), table = answering } = {}) {
  const clock = { offset: 0 };
  const now = () => Date.now() + clock.offset;
  const lease = changeableLease(leaseOf(OWN, 1));
  const telemetry = recordedTelemetry();
  const counted = { queries: 0 };
  const counting: Database = {
    ...reader,
    transaction: (limits, work) => {
      counted.queries += 1;
      return reader.transaction({ ...limits, deadline: limits.deadline - clock.offset }, work);
    },
  };
  const respond = createRouter(
    healthRoutes({
      tradingData: createTradingData(counting, now),
      deep: { writer, lease, table, now: Date.now },
      telemetry,
      region: OWN,
      now,
    }),
    telemetry,
  );
  const get = async (path: string) => {
    const { statusCode, body } = await respond({ httpMethod: 'GET', path, body: null }, 'i');
    const parsed: Record<string, unknown> = JSON.parse(body);
    return { status: statusCode, text: body, body: parsed };
  };
  return { get, clock, counted, lease, telemetry };
}

describe('GET /health', () => {
  test('carries the marker within the bytes that Route 53 reads, with the region and the time of the data', async () => {
    const { status, text, body } = await health().get('/health');
    expect(status).toBe(200);
    expect(text.slice(0, 5_120)).toContain('VALID_TRADING_DATA');
    expect(body).toEqual({ status: 'VALID_TRADING_DATA', region: OWN, asOf: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test('asks the database once in ten seconds, however many checkers ask', async () => {
    const { get, clock, counted } = health();
    const answers = await Promise.all(Array.from({ length: 16 }, () => get('/health')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200));
    clock.offset = 9_000;
    await get('/health');
    expect(counted.queries).toBe(1);
    clock.offset = 11_000;
    await get('/health');
    expect(counted.queries).toBe(2);
  });

  test.each([
    ['a price of nothing is not trading data', "UPDATE instruments SET reference_price = 'NaN' WHERE symbol = 'SAP'"],
    ['a band without its price is not', "UPDATE instruments SET band_high = band_low WHERE symbol = 'SAP'"],
    ['a currency that nobody has is not', "UPDATE instruments SET currency = 'XXX' WHERE symbol = 'SAP'"],
    ['no instrument at all is not', 'DELETE FROM instruments'],
  ])('%s: 503 without the marker', async (_, change) => {
    await trading.sql('CREATE TABLE kept AS SELECT * FROM instruments');
    await trading.sql(change);
    const { status, text } = await health().get('/health');
    await trading.sql('DELETE FROM instruments; INSERT INTO instruments SELECT * FROM kept; DROP TABLE kept');
    expect(status).toBe(503);
    expect(text).not.toContain(TRADING_DATA_MARKER);
  });

  test('a database that is slow is 503 in less than two seconds, and recovers by itself', async () => {
    const { get } = health();
    await trading.sql('BEGIN; LOCK TABLE instruments');
    const started = Date.now();
    const { status, text, body } = await get('/health');
    const took = Date.now() - started;
    await trading.sql('ROLLBACK');
    expect(status).toBe(503);
    expect(text).not.toContain(TRADING_DATA_MARKER);
    expect(body).toEqual({ status: 'UNAVAILABLE', region: OWN, why: 'DeadlineError' });
    expect(took).toBeGreaterThanOrEqual(900);
    expect(took).toBeLessThan(2_000);
    expect((await get('/health')).status).toBe(200);
  });

  test('a database that never answers is 503 in less than two seconds', async () => {
    const silent: Database = { transaction: () => new Promise(() => undefined), close: async () => undefined };
    const started = Date.now();
    expect((await health({ reader: silent }).get('/health')).status).toBe(503);
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  test('tells the kind of a failure and no host name', async () => {
    const dead: Database = {
      transaction: () => Promise.reject(new DatabaseUnavailableError('connect 10.10.0.5')),
      close: async () => undefined,
    };
    expect((await health({ reader: dead }).get('/health')).body).toEqual({
      status: 'UNAVAILABLE',
      region: OWN,
      why: 'DatabaseUnavailableError',
    });
  });

  test('says the same in either role, and while the lease cannot be read', async () => {
    const { get, lease } = health();
    lease.set('time-out');
    expect((await get('/health')).status).toBe(200);
    expect(lease.reads).toBe(0);
  });
});

describe('GET /health/deep', () => {
  test('tells every check of a healthy active region', async () => {
    const { status, body } = await health().get('/health/deep');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'HEALTHY',
      region: OWN,
      checks: {
        database: { ok: true, writable: true, inRecovery: false, epoch: 1, schemaVersion: 4 },
        lease: { ok: true, activeRegion: OWN, epoch: 1, remainingMs: expect.any(Number) },
        globalTable: { ok: true },
      },
    });
  });

  test('is 503 with the reason of each check that fails, within its time', async () => {
    const { get, lease } = health({
      writer: { transaction: () => new Promise(() => undefined), close: async () => undefined },
      table: { read: () => Promise.reject(new Error('denied')) },
    });
    lease.set('nobody knows');
    const started = Date.now();
    const { status, body } = await get('/health/deep');
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(status).toBe(503);
    expect(body['checks']).toEqual({
      database: { ok: false, why: 'DeadlineError' },
      lease: { ok: false, why: 'Unknown' },
      globalTable: { ok: false, why: 'Error' },
    });
  });
});

describe('the deep verdict', () => {
  const database = { writable: false, inRecovery: true, epoch: 4, schemaVersion: 4 };
  const readings = (activeRegion: string, leaseEnd: number) => ({
    database: { ok: true, value: database } as const,
    lease: { known: true, lease: { activeRegion, epoch: 4, leaseEnd } } as const,
    globalTable: { ok: true, value: undefined } as const,
  });

  test.each([
    [
      'a region that is not active may be in recovery, with an old copy of the lease',
      readings('eu-central-2', 0),
      true,
    ],
    ['the active region needs a database that takes writes', readings(OWN, 2_000), false],
    [
      'the active region needs a lease that runs',
      { ...readings(OWN, 1_000), database: { ok: true, value: { ...database, writable: true } } as const },
      false,
    ],
    [
      'the active region with both is healthy',
      { ...readings(OWN, 1_001), database: { ok: true, value: { ...database, writable: true } } as const },
      true,
    ],
  ])('%s', (_, given, healthy) => {
    expect(judgeDeep(given, OWN, 1_000).healthy).toBe(healthy);
  });
});

describe('trading data', () => {
  test.each([
    ['is valid as it should be', [SAP], 15_000, []],
    ['is not valid when it was read 15 s ago', [SAP], 15_001, ['the data was read 15001 ms ago']],
    ['is not valid when there is none', [], 0, ['there is no instrument']],
    [
      'needs a price above 0',
      [{ ...SAP, referencePrice: '0', bandLow: '0' }],
      0,
      ['SAP: the price is not above 0', 'SAP: the price band makes no sense'],
    ],
    [
      'needs its price within its band',
      [{ ...SAP, referencePrice: '345.01' }],
      0,
      ['SAP: the price band makes no sense'],
    ],
    ['needs a currency', [{ ...SAP, currency: 'EUX' }], 0, ['SAP: EUX is no currency']],
  ])('%s', (_, data, age, faults) => {
    expect(faultsOf({ data, readAt: 0 }, age)).toEqual(faults);
  });

  test('one bad row among many is found', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.nat({ max: 20 }), (before, after) => {
        const row = (count: number) => Array.from({ length: count }, () => SAP);
        const data = [...row(before), { ...SAP, referencePrice: '-1' }, ...row(after)];
        expect(faultsOf({ data, readAt: 0 }, 0)).not.toEqual([]);
      }),
    );
  });
});

test('the probe of a global table asks for a key that nobody writes, and passes a refusal on', async () => {
  const { options, sent } = fakeAws(() => ({ error: 'AccessDeniedException' }));
  await expect(createTableProbe(new DynamoDBClient(options), 'sessions-dev').read()).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  expect(sent[0]).toMatchObject({
    operation: 'Query',
    body: { TableName: 'sessions-dev', KeyConditionExpression: 'pk = :pk', Limit: 1 },
  });
});
