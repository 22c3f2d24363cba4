import type { Credentials } from '../../../lambda/shared/credentials';
import { createDatabase, type Database, type Transaction } from '../../../lambda/shared/database';
import { DeadlineError } from '../../../lambda/shared/errors';
import { gate, type RecordedTelemetry, recordedTelemetry } from '../support/fakes';
import { type HeldAnswers, holdAnswers } from '../support/held-answers';
import { settingsOf, startTradingDatabase, type TradingDatabase } from '../support/trading-database';

// A transaction that nobody waits for any more must not go on, wherever it stands: what it wrote would be committed after its
// region's lease, and the next transaction would run on the same connection side by side with it.

/** The handler's clock stands still, and its timers go only when a test moves them: no load of the machine decides anything. */
const NOW = Date.UTC(2026, 10, 24, 3, 51);
const LIMIT_MS = 30_000;
/** The limit and what the client adds to it. */
const OVER_MS = LIMIT_MS + 250;

let trading: TradingDatabase;
let way: HeldAnswers;
let database: Database;
/** How the next reading of the secret goes; without one it succeeds at once. */
let readings: (() => Promise<Credentials>)[];
let forgotten: number;
let telemetry: RecordedTelemetry;

beforeAll(async () => {
  trading = await startTradingDatabase();
}, 30_000);
afterAll(() => trading.stop());

const right = (): Credentials => ({ username: trading.engine.user, password: trading.engine.password });
const wrong = (): Credentials => ({ ...right(), password: 'of yesterday' });

beforeEach(async () => {
  way = await holdAnswers(trading.engine.port);
  readings = [];
  forgotten = 0;
  telemetry = recordedTelemetry();
  database = createDatabase({
    settings: { ...settingsOf(trading.engine), DATABASE_PORT: way.port },
    credentials: { read: async () => (await readings.shift()?.()) ?? right(), forget: () => void (forgotten += 1) },
    telemetry,
    applicationName: 'under-test',
    now: () => NOW,
    // Only the transaction's own time is over in these tests.
    connectTimeoutMs: 600_000,
  });
  jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'hrtime'] });
});
afterEach(async () => {
  jest.useRealTimers();
  await database.close();
  await way.stop();
  await trading.sql('UPDATE writer_epoch SET epoch = 1');
});

/** A transaction that would leave a trace, and where it had got to. */
function begun(limitMs = LIMIT_MS, work: (tx: Transaction) => Promise<void> = async () => undefined) {
  const seen = { worked: 0 };
  const outcome = database
    .transaction({ deadline: NOW + limitMs }, async (tx) => {
      seen.worked += 1;
      await work(tx);
      await tx.query('UPDATE writer_epoch SET epoch = 99');
    })
    .then(
      () => 'committed',
      (error: unknown) => error,
    );
  return { seen, outcome };
}

/** A whole transaction with a connection to itself: nothing of another one is in it. */
const next = () =>
  database.transaction({ deadline: NOW + LIMIT_MS }, async (tx) => {
    const [own] = await tx.query('SELECT pg_backend_pid() AS pid, txid_current()::text AS id');
    await tx.query('SELECT pg_sleep(0.01)');
    const [still] = await tx.query('SELECT pg_backend_pid() AS pid, txid_current()::text AS id');
    expect(still).toEqual(own);
    return Number(own?.['pid']);
  });

const epoch = async () => (await trading.sql('SELECT epoch::int AS epoch FROM writer_epoch'))[0]?.['epoch'];

test('while it waits for the secret: nothing is connected afterwards', async () => {
  const answered = gate();
  readings = [() => answered.opened.then(right)];
  const { seen, outcome } = begun();
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  answered.open();
  await next();
  expect([seen.worked, way.opened(), await epoch()]).toEqual([0, 1, 1]);
});

test('while it waits for the secret that has replaced a refused one: nothing is connected with it', async () => {
  const [asked, answered] = [gate(), gate()];
  readings = [
    async () => wrong(),
    () => {
      asked.open();
      return answered.opened.then(right);
    },
  ];
  const { seen, outcome } = begun();
  await asked.opened;
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  answered.open();
  await next();
  // The refused one and that of the next transaction.
  expect([seen.worked, way.opened(), await epoch()]).toEqual([0, 2, 1]);
});

test.each([
  ['accept', right, 0],
  ['refuse', wrong, 1],
])('while the server is about to %s it: the connection ends and is not kept', async (_, credentials, forgets) => {
  readings = [async () => credentials()];
  // The last message of the client's part of the handshake.
  const reached = way.holdAfter('p=');
  const { seen, outcome } = begun();
  await reached;
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  way.release();
  await way.allClosed();
  await next();
  expect([seen.worked, way.opened(), await epoch()]).toEqual([0, 2, 1]);
  // A refused password is of no use to the next transaction either; nothing else is tried or told for this one.
  expect([forgotten, telemetry.warnings]).toEqual([forgets, []]);
});

test('while a new connection answers its BEGIN: it ends, and its work never begins', async () => {
  const reached = way.holdAfter('BEGIN');
  const { seen, outcome } = begun();
  await reached;
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  way.release();
  await way.allClosed();
  await next();
  expect([seen.worked, way.opened(), await epoch()]).toEqual([0, 2, 1]);
});

test('while a kept connection answers its BEGIN: it is kept no longer, and no other one is opened for it', async () => {
  await next();
  const reached = way.holdAfter('BEGIN');
  // Less than a kept connection may take: else its own limit comes first.
  const { seen, outcome } = begun(500);
  await reached;
  await jest.advanceTimersByTimeAsync(750);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  const after = next();
  way.release();
  await after;
  expect([seen.worked, way.opened(), await epoch()]).toEqual([0, 2, 1]);
  expect(telemetry.warnings).toEqual([]);
});

test('a kept connection that is dead is replaced within the time, which the server is told anew', async () => {
  await next();
  const reached = way.holdAfter('BEGIN');
  let limit: unknown;
  const { outcome } = begun(LIMIT_MS, async (tx) => {
    [limit] = await tx.query("SELECT current_setting('statement_timeout') AS told");
  });
  await reached;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(await outcome).toBe('committed');
  expect([limit, way.opened(), await epoch()]).toEqual([{ told: '30s' }, 2, 99]);
});

test('while a statement of its work runs: the work is not given its answer', async () => {
  const reached = way.holdAfter('SELECT 42');
  const { outcome } = begun(LIMIT_MS, async (tx) => {
    await tx.query('SELECT 42');
  });
  await reached;
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  way.release();
  await way.allClosed();
  await next();
  expect([way.opened(), await epoch()]).toEqual([2, 1]);
});

test('while its work waits for something else: what it writes then is refused', async () => {
  const [entered, left] = [gate(), gate()];
  let refused: unknown;
  const { outcome } = begun(LIMIT_MS, async (tx) => {
    entered.open();
    await left.opened;
    await tx.query('UPDATE writer_epoch SET epoch = 98').catch((error: unknown) => {
      refused = error;
    });
  });
  await entered.opened;
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  const after = next();
  left.open();
  await after;
  expect(refused).toBeInstanceOf(Error);
  expect([way.opened(), await epoch()]).toEqual([2, 1]);
});

test('while its work waits for something else after its last statement: it is not committed', async () => {
  const [entered, left] = [gate(), gate()];
  const outcome = database
    .transaction({ deadline: NOW + LIMIT_MS }, async (tx) => {
      await tx.query('UPDATE writer_epoch SET epoch = 99');
      entered.open();
      await left.opened;
    })
    .catch((error: unknown) => error);
  await entered.opened;
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toBeInstanceOf(DeadlineError);
  left.open();
  await way.allClosed();
  await next();
  expect([way.opened(), await epoch()]).toEqual([2, 1]);
});

test('while it commits: nobody knows how that ended, and the next one does not meet it', async () => {
  const first = await next();
  const reached = way.holdAfter('COMMIT');
  const { outcome } = begun();
  await reached;
  await jest.advanceTimersByTimeAsync(OVER_MS);
  expect(await outcome).toMatchObject({
    name: 'DeadlineError',
    message: expect.stringContaining('the transaction took longer than 30'),
  });
  const after = next();
  way.release();
  expect(await after).not.toBe(first);
  expect(way.opened()).toBe(2);
});

test('a time that is not over costs no connection: the next transaction uses the same one', async () => {
  const { outcome } = begun();
  expect(await outcome).toBe('committed');
  await next();
  await jest.advanceTimersByTimeAsync(10 * OVER_MS);
  await next();
  expect([way.opened(), await epoch()]).toEqual([1, 99]);
});

test('the server is told what is left after the connection was made, not what there was before', async () => {
  let time = NOW;
  const slow = createDatabase({
    settings: { ...settingsOf(trading.engine), DATABASE_PORT: way.port },
    credentials: {
      read: async () => {
        time += 20_000;
        return right();
      },
      forget: () => undefined,
    },
    telemetry: recordedTelemetry(),
    applicationName: 'under-test',
    now: () => time,
  });
  const limits = await slow.transaction({ deadline: NOW + LIMIT_MS }, (tx) =>
    tx.query(
      "SELECT setting FROM pg_settings WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')",
    ),
  );
  await slow.close();
  expect(new Set(limits.map(({ setting }) => setting))).toEqual(new Set(['10000']));
});
