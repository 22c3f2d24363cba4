import { Client } from 'pg';
import { createDatabase, type Database } from '../../../lambda/shared/database';
import { knownStep, migrate } from '../../../lambda/schema-migrator/migrate';
import { type Migration, MIGRATIONS } from '../../../lambda/schema-migrator/migrations';
import { planMigrations } from '../../../lambda/schema-migrator/plan';
import { startPostgres, type Postgres } from '../../support/postgres';
import { recordedTelemetry } from '../support/fakes';
import { DatabaseUnavailableError } from '../../../lambda/shared/errors';
import { settingsOf } from '../support/trading-database';

const step = (version: number, name = `step ${version}`, checksum = `sum ${version}`) => ({ version, name, checksum });

describe('the plan', () => {
  test.each([
    ['everything is pending in an empty database', [1, 2], [], [1, 2]],
    ['only what is new is pending', [1, 2, 3], [1, 2], [3]],
    ['nothing is pending when all is recorded', [1, 2], [1, 2], []],
  ])('%s', (_, known, recorded, pending) => {
    expect(
      planMigrations(
        known.map((version) => step(version)),
        recorded.map((version) => step(version)),
      ),
    ).toEqual({ ok: true, pending });
  });

  test.each([
    [
      'changed text',
      [step(1), step(2)],
      [step(1, 'step 1', 'other')],
      { version: 1, why: '"step 1" was changed after it had been applied' },
    ],
    [
      'a program that is behind',
      [step(1)],
      [step(1), step(2)],
      { version: 2, why: '"step 2" is recorded in the database and not known to this program' },
    ],
    ['a gap', [step(1), step(2)], [step(2)], { version: 2, why: '"step 2" is recorded before version 1 was' }],
  ])('refuses %s, naming the version', (_, known, recorded, refusal) => {
    expect(planMigrations(known, recorded)).toEqual({ ok: false, ...refusal });
  });

  test("our own history counts 1, 2, 3, because a gap could be filled behind a database's back", () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });
});

describe('a run', () => {
  let engine: Postgres;
  let outside: Client;
  const opened: Database[] = [];

  beforeAll(async () => {
    engine = await startPostgres({ database: 'postgres' });
    outside = new Client({ ...engine });
    await outside.connect();
  }, 30_000);
  beforeEach(() => outside.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
  afterEach(() => Promise.all(opened.splice(0).map((database) => database.close())));
  afterAll(async () => {
    await outside.end();
    await engine.stop();
  });

  const run = (migrations: readonly Migration[] = MIGRATIONS, wrap = (database: Database) => database) => {
    const database = createDatabase({
      settings: { ...settingsOf(engine), DATABASE_NAME: 'postgres' },
      credentials: {
        read: async () => ({ username: engine.user, password: engine.password }),
        forget: () => undefined,
      },
      telemetry: recordedTelemetry(),
      applicationName: 'schema-migrator',
      now: Date.now,
    });
    opened.push(database);
    return migrate({ database: wrap(database), telemetry: recordedTelemetry(), now: Date.now }, migrations);
  };
  const sql = async (text: string) => (await outside.query<Record<string, unknown>>(text)).rows;

  test('brings an empty database to the latest version, and the next run finds nothing to do', async () => {
    expect(await run()).toEqual({ status: 'MIGRATED', from: 0, to: 4, applied: [1, 2, 3, 4] });
    expect(await run()).toEqual({ status: 'UP_TO_DATE', from: 4, to: 4, applied: [] });
    expect(await sql('SELECT epoch::int AS epoch FROM writer_epoch')).toEqual([{ epoch: 1 }]);
    expect(await sql("SELECT count(*) > 0 AS filled FROM instruments WHERE symbol = 'SAP'")).toEqual([
      { filled: true },
    ]);
    expect(await sql('SELECT version, name, checksum FROM schema_version ORDER BY version')).toEqual(
      MIGRATIONS.map(knownStep),
    );
  });

  test('goes on from the version that it finds', async () => {
    await run(MIGRATIONS.slice(0, 2));
    expect(await run()).toEqual({ status: 'MIGRATED', from: 2, to: 4, applied: [3, 4] });
  });

  test('applies each step once when several run at once', async () => {
    const results = await Promise.all([run(), run(), run()]);
    expect(results.flatMap(({ applied }) => applied).sort()).toEqual([1, 2, 3, 4]);
    expect(results.map(({ to }) => to)).toEqual([4, 4, 4]);
  });

  test('leaves whole steps behind when one fails', async () => {
    const broken = [
      ...MIGRATIONS.slice(0, 1),
      { version: 2, name: 'broken', sql: 'CREATE TABLE half (a int); SELECT nonsense' },
    ];
    await expect(run(broken)).rejects.toThrow('column "nonsense" does not exist');
    expect(
      await sql("SELECT to_regclass('half') AS half, (SELECT max(version) FROM schema_version) AS version"),
    ).toEqual([{ half: null, version: 1 }]);
  });

  test('refuses a history that was changed, naming the version, and applies nothing', async () => {
    await run(MIGRATIONS.slice(0, 2));
    const [first, second, ...rest] = MIGRATIONS;
    if (!first || !second) throw new Error('two steps are needed');
    await expect(run([first, { ...second, sql: `${second.sql} ` }, ...rest])).rejects.toMatchObject({
      name: 'MigrationHistoryError',
      message: 'schema version 2: "instruments" was changed after it had been applied',
    });
    expect(await sql('SELECT max(version) AS version FROM schema_version')).toEqual([{ version: 2 }]);
  });

  test('does nothing where the database is in recovery, and says so with the version it sees', async () => {
    await run(MIGRATIONS.slice(0, 3));
    const inRecovery = (database: Database): Database => ({
      ...database,
      transaction: (limits, work) =>
        database.transaction({ ...limits, readOnly: true }, (tx) =>
          work({
            query: (text, values) =>
              text.includes('pg_is_in_recovery') ? Promise.resolve([{ in_recovery: true }]) : tx.query(text, values),
          }),
        ),
    });
    expect(await run(MIGRATIONS, inRecovery)).toEqual({ status: 'READ_ONLY', from: 3, to: 3, applied: [] });
  });
});

describe('without a writer', () => {
  const unreachable = (code: string): Database => ({
    transaction: () => {
      const cause = Object.assign(new Error(code), { code });
      return Promise.reject(new DatabaseUnavailableError(`the database cannot be reached: ${code}`, { cause }));
    },
    close: () => Promise.resolve(),
  });
  const run = (database: Database) => migrate({ database, telemetry: recordedTelemetry(), now: Date.now }, MIGRATIONS);

  test("does nothing where the writer's name leads nowhere: that of a cluster which follows is inactive", async () => {
    expect(await run(unreachable('ENOTFOUND'))).toEqual({ status: 'NO_WRITER', from: 0, to: 0, applied: [] });
  });

  test.each(['ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN'])(
    'fails when the writer is not reached (%s): the schema may be old',
    async (code) => {
      await expect(run(unreachable(code))).rejects.toThrow(DatabaseUnavailableError);
    },
  );
});
