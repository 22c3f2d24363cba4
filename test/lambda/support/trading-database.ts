import { Client } from 'pg';
import { createDatabase, type Database } from '../../../lambda/shared/database';
import { migrate } from '../../../lambda/schema-migrator/migrate';
import { MIGRATIONS } from '../../../lambda/schema-migrator/migrations';
import { startPostgres, type Postgres } from '../../support/postgres';
import { recordedTelemetry } from './fakes';

/** A PostgreSQL server with our schema, and the handlers' own way to it. */
export interface TradingDatabase {
  readonly engine: Postgres;
  /** A connection port as a function has it; closed with the server. */
  connect(): Database;
  /** One statement outside every function, for arrangement and assertion. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** The database settings of a function for a running engine. */
export function settingsOf(engine: Postgres) {
  return {
    DATABASE_HOST: engine.host,
    DATABASE_INSTANCE_HOSTS: [],
    DATABASE_PORT: engine.port,
    DATABASE_NAME: engine.database,
    DATABASE_SECRET_ID: 'trading/database',
    DATABASE_TLS: 'disable',
  } as const;
}

/** Starts an engine and applies the migrations as a deployment does. */
export async function startTradingDatabase(): Promise<TradingDatabase> {
  const engine = await startPostgres();
  const opened: Database[] = [];
  const connect = (): Database => {
    const database = createDatabase({
      settings: settingsOf(engine),
      credentials: {
        read: async () => ({ username: engine.user, password: engine.password }),
        forget: () => undefined,
      },
      telemetry: recordedTelemetry(),
      applicationName: 'test',
      now: Date.now,
    });
    opened.push(database);
    return database;
  };
  const outside = new Client({ ...engine });
  outside.on('error', () => undefined);
  await outside.connect();
  await migrate({ database: connect(), telemetry: recordedTelemetry(), now: Date.now }, MIGRATIONS);
  return {
    engine,
    connect,
    sql: async (text, values) => (await outside.query<Record<string, unknown>>(text, values)).rows,
    async stop() {
      await Promise.all(opened.map((database) => database.close()));
      await outside.end();
      await engine.stop();
    },
  };
}
