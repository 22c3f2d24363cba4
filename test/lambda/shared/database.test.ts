import { createServer, type Socket } from 'node:net';
import { createDatabase, type Database, type DatabaseOptions, tlsOptions } from '../../../lambda/shared/database';
import { CredentialsError, DatabaseUnavailableError, DeadlineError } from '../../../lambda/shared/errors';
import { recordedTelemetry } from '../support/fakes';
import { settingsOf, startTradingDatabase, type TradingDatabase } from '../support/trading-database';

let trading: TradingDatabase;
const open: Database[] = [];

beforeAll(async () => {
  trading = await startTradingDatabase();
}, 30_000);
afterEach(() => Promise.all(open.splice(0).map((database) => database.close())));
afterAll(() => trading.stop());

/** A database port on the engine, with what a test wants to be different. */
function connect(change: Partial<DatabaseOptions> = {}): {
  database: Database;
  telemetry: ReturnType<typeof recordedTelemetry>;
} {
  const telemetry = recordedTelemetry();
  const { user, password } = trading.engine;
  const database = createDatabase({
    settings: settingsOf(trading.engine),
    credentials: { read: async () => ({ username: user, password }), forget: () => undefined },
    telemetry,
    applicationName: 'under-test',
    now: Date.now,
    ...change,
  });
  open.push(database);
  return { database, telemetry };
}

const soon = (): { deadline: number } => ({ deadline: Date.now() + 5_000 });
const pidOf = (database: Database) =>
  database.transaction(soon(), async (tx) => (await tx.query('SELECT pg_backend_pid() AS pid'))[0]?.['pid']);

describe('the database port', () => {
  test('keeps its connection between invocations', async () => {
    const { database } = connect();
    expect(await pidOf(database)).toBe(await pidOf(database));
  });

  test('connects again when the kept connection broke meanwhile, without the caller noticing', async () => {
    const { database } = connect();
    const pid = await pidOf(database);
    await trading.sql('SELECT pg_terminate_backend($1)', [pid]);
    expect(await pidOf(database)).not.toBe(pid);
  });

  test('rolls back what a rejected work wrote, passes the error on unchanged, and goes on', async () => {
    const { database } = connect();
    const reason = new Error('no');
    const failing = database.transaction(soon(), async (tx) => {
      await tx.query('UPDATE writer_epoch SET epoch = 99');
      throw reason;
    });
    await expect(failing).rejects.toBe(reason);
    const [row] = await trading.sql('SELECT epoch::int AS epoch FROM writer_epoch');
    expect(row).toEqual({ epoch: 1 });
    expect(await pidOf(database)).toEqual(expect.any(Number));
  });

  test('runs transactions that are asked for at once one after the other', async () => {
    const { database } = connect();
    const order: string[] = [];
    const run = (name: string) =>
      database.transaction(soon(), async (tx) => {
        order.push(`${name} begins`);
        await tx.query('SELECT pg_sleep(0.02)');
        order.push(`${name} ends`);
      });
    await Promise.all([run('a'), run('b')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('makes the server give up at the deadline, so that a lease that ends is not overrun', async () => {
    const { database } = connect();
    // On a kept connection, so that making one takes nothing of the time. A machine under load may stop late, and is waited for;
    // a server that was not told would sleep on beyond the end of this test.
    const pid = await pidOf(database);
    const slow = database.transaction({ deadline: Date.now() + 200 }, (tx) => tx.query('SELECT pg_sleep(600)'));
    await expect(slow).rejects.toBeInstanceOf(DeadlineError);
    const sleeping = () =>
      trading.sql("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND query LIKE '%pg_sleep%'", [
        pid,
      ]);
    while ((await sleeping()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test('ends a transaction whose work dawdles between its statements', async () => {
    const { database } = connect();
    await pidOf(database);
    const idle = database.transaction({ deadline: Date.now() + 150 }, async (tx) => {
      await tx.query('UPDATE writer_epoch SET epoch = 98');
      await new Promise((resolve) => setTimeout(resolve, 350));
      await tx.query('SELECT 1');
    });
    await expect(idle).rejects.toBeInstanceOf(Error);
    expect(await trading.sql('SELECT epoch::int AS epoch FROM writer_epoch')).toEqual([{ epoch: 1 }]);
  });

  test('does not begin when the deadline is over', async () => {
    const { database } = connect();
    await expect(database.transaction({ deadline: Date.now() - 1 }, async () => 1)).rejects.toBeInstanceOf(
      DeadlineError,
    );
  });

  test('refuses writes in a read-only transaction', async () => {
    const { database } = connect();
    const writing = database.transaction({ ...soon(), readOnly: true }, (tx) =>
      tx.query('UPDATE writer_epoch SET epoch = 2'),
    );
    await expect(writing).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });

  test('reads the secret again after the database refused it, because secrets rotate', async () => {
    const { user, password } = trading.engine;
    const passwords = ['old', password];
    let forgotten = 0;
    let current = passwords.shift() ?? '';
    const { database } = connect({
      credentials: {
        read: async () => ({ username: user, password: current }),
        forget: () => {
          forgotten += 1;
          current = passwords.shift() ?? '';
        },
      },
    });
    expect(await pidOf(database)).toEqual(expect.any(Number));
    expect(forgotten).toBe(1);
  });

  test('gives up when the database refuses the second secret too', async () => {
    const { database } = connect({
      credentials: { read: async () => ({ username: 'nobody', password: 'x' }), forget: () => undefined },
    });
    await expect(pidOf(database)).rejects.toThrow(/^the database cannot be reached: .*password authentication failed/);
  });

  test('says so when its secret cannot be read', async () => {
    const { database } = connect({
      credentials: { read: () => Promise.reject(new CredentialsError('no secret')), forget: () => undefined },
    });
    await expect(pidOf(database)).rejects.toMatchObject({
      name: 'DatabaseUnavailableError',
      cause: { name: 'CredentialsError' },
    });
  });

  test('says so when nothing listens', async () => {
    const { database } = connect({ settings: { ...settingsOf(trading.engine), DATABASE_PORT: 1 } });
    await expect(pidOf(database)).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });

  test('gives up on a server that accepts and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { database } = connect({
      settings: { ...settingsOf(trading.engine), DATABASE_PORT: port },
      connectTimeoutMs: 100,
    });
    await expect(pidOf(database)).rejects.toBeInstanceOf(DatabaseUnavailableError);
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });

  test('refuses a server without TLS where TLS is asked for', async () => {
    const { database } = connect({ settings: { ...settingsOf(trading.engine), DATABASE_TLS: 'verify-full' } });
    await expect(pidOf(database)).rejects.toThrow(/SSL/);
    expect(tlsOptions('verify-full')).toEqual({ rejectUnauthorized: true });
    expect(tlsOptions('disable')).toBe(false);
  });
});
