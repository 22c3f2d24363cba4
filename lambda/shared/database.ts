import { Client } from 'pg';
import type { Credentials, CredentialsPort } from './credentials';
import { isAuthenticationFailure, isBroken, isNameUnknown, toDatabaseError } from './database-errors';
import { within } from './deadline';
import type { DatabaseSettings } from './env';
import { DeadlineError } from './errors';
import { findWriter } from './find-writer';
import type { Telemetry } from './telemetry';

/** One row as PostgreSQL gives it; whoever reads it checks its form. */
export type Row = Readonly<Record<string, unknown>>;

/** An open transaction. */
export interface Transaction {
  query(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Until when a transaction may last, in milliseconds since 1970, and whether it may write. */
export interface TransactionLimits {
  readonly deadline: number;
  readonly readOnly?: boolean;
}

/** PostgreSQL behind one kept connection. */
export interface Database {
  /**
   * Runs work in a transaction that commits when it resolves and rolls back when it rejects.
   *
   * @throws DatabaseUnavailableError when nothing can be reached or the connection broke (a broken COMMIT may have happened).
   * @throws DeadlineError when the time is over (the same holds for its COMMIT).
   */
  transaction<T>(limits: TransactionLimits, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Closes the kept connection, if there is one. */
  close(): Promise<void>;
}

/** Where the database is and how long to wait for it; times in milliseconds. */
export interface DatabaseOptions {
  readonly settings: DatabaseSettings;
  /** @default settings.DATABASE_HOST */
  readonly host?: string;
  readonly credentials: CredentialsPort;
  readonly telemetry: Pick<Telemetry, 'warn' | 'traced'>;
  readonly applicationName: string;
  readonly now: () => number;
  /** @default 3000 */
  readonly connectTimeoutMs?: number;
}

/** How long a kept connection may take to answer BEGIN before it is taken for dead, in milliseconds. */
const STALE_AFTER_MS = 1_000;

/** What the client's own timer adds to the server's, so that the server's typed error comes first, in milliseconds. */
const CLIENT_GRACE_MS = 250;

/** One connection for the life of the execution environment: a Lambda function works on one invocation at a time. */
export function createDatabase(options: DatabaseOptions): Database {
  let kept: Client | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  /** Transactions that are asked for at once wait for each other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(work, work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  function drop(client: Client): void {
    if (kept === client) kept = undefined;
    // `end` destroys the socket under a running query; its promise says nothing that we could act on.
    client.end().catch(() => undefined);
  }

  /**
   * From here on the connection ends with the time of its transaction, at whatever it waits for: nobody waits for that any more,
   * and the next transaction must neither find it half begun nor run on it side by side with what is left of this one.
   */
  function lend(client: Client, signal: AbortSignal): Client {
    // The server's last word on a connection that was given up meanwhile may still have been on its way.
    stopIfOver(signal);
    signal.addEventListener('abort', () => drop(client), { once: true });
    return client;
  }

  async function begin(limits: TransactionLimits, signal: AbortSignal): Promise<Client> {
    if (kept) {
      const client = lend(kept, signal);
      try {
        const statement = beginStatement(limits, options.now());
        await within(STALE_AFTER_MS, 'BEGIN on a kept connection', () => client.query(statement));
        return client;
      } catch (error) {
        stopIfOver(signal);
        drop(client);
        options.telemetry.warn('the kept database connection is gone: connecting again', { reason: String(error) });
      }
    }
    const client = lend(await connect(options, signal), signal);
    client.on('error', () => drop(client));
    kept = client;
    await client.query(beginStatement(limits, options.now()));
    return client;
  }

  async function run<T>(limits: TransactionLimits, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const remaining = limits.deadline - options.now();
    if (remaining <= 0) throw new DeadlineError('the deadline was over before the transaction began');
    let client: Client | undefined;
    try {
      return await within(remaining + CLIENT_GRACE_MS, 'the transaction', async (signal) => {
        client = await begin(limits, signal);
        const value = await work(transactionOn(client));
        await client.query('COMMIT');
        return value;
      });
    } catch (error) {
      if (client) await rollBack(client, error);
      throw toDatabaseError(error);
    }
  }

  async function rollBack(client: Client, cause: unknown): Promise<void> {
    if (isBroken(cause)) return drop(client);
    await within(STALE_AFTER_MS, 'ROLLBACK', () => client.query('ROLLBACK')).catch(() => drop(client));
  }

  return {
    transaction: (limits, work) =>
      inTurn(() => options.telemetry.traced('PostgreSQL.transaction', () => run(limits, work))),
    async close() {
      const client = kept;
      kept = undefined;
      await client?.end();
    },
  };
}

/** @throws DeadlineError, which nobody hears, when the transaction's time was over while it waited. */
function stopIfOver(signal: AbortSignal): void {
  if (signal.aborted) throw new DeadlineError('the time of the transaction was over while it waited');
}

function transactionOn(client: Client): Transaction {
  return { query: async (sql, values) => (await client.query<Row>(sql, values && [...values])).rows };
}

/**
 * BEGIN and the server's own time limits in one round trip. `transaction_timeout` exists from PostgreSQL 17 on, so it is
 * set only where the server knows it; the numbers are ours, so nothing needs quoting.
 */
function beginStatement({ deadline, readOnly }: TransactionLimits, now: number): string {
  const remaining = Math.max(Math.floor(deadline - now), 1);
  return `BEGIN ${readOnly ? 'READ ONLY' : ''};
    SELECT set_config(name, '${remaining}', true) FROM pg_settings
    WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;
}

/** Opens a connection; credentials that the database refuses are read again once, because secrets rotate. */
async function connect(options: DatabaseOptions, signal: AbortSignal): Promise<Client> {
  try {
    return await connectOnce(options, signal);
  } catch (error) {
    if (!isAuthenticationFailure(error)) throw error;
    options.credentials.forget();
    stopIfOver(signal);
    options.telemetry.warn('the database refused its credentials: reading the secret again');
    return connectOnce(options, signal);
  }
}

/** Connects to the writer by the cluster's name for it, and where there is none, by the names of the instances. */
async function connectOnce(options: DatabaseOptions, signal: AbortSignal): Promise<Client> {
  const { settings } = options;
  const credentials = await options.credentials.read();
  const openAt = (host: string): Promise<Client> => open(host, credentials, options, signal);
  try {
    return await openAt(options.host ?? settings.DATABASE_HOST);
  } catch (error) {
    if (options.host !== undefined || !isNameUnknown(error)) throw error;
    const writer = await findWriter(settings.DATABASE_INSTANCE_HOSTS, openAt, isAuthenticationFailure);
    if (!writer) throw error;
    options.telemetry.warn('the writer has no name here yet: connected by the name of its instance', {
      host: writer.host,
    });
    return writer;
  }
}

async function open(
  host: string,
  { username, password }: Credentials,
  { settings, applicationName, connectTimeoutMs = 3_000 }: DatabaseOptions,
  signal: AbortSignal,
): Promise<Client> {
  // Whoever listens for a signal that was given hears nothing: without this the connection would be opened, and kept.
  stopIfOver(signal);
  const client = new Client({
    host,
    port: settings.DATABASE_PORT,
    database: settings.DATABASE_NAME,
    user: username,
    password,
    ssl: tlsOptions(settings.DATABASE_TLS),
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  // Until its time is over, whether it is only asked for its role or lent to a transaction.
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  // A socket that fails while it connects reports twice; without a listener the second report ends the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** `verify-full` checks the chain and the host's name; the authorities come from NODE_EXTRA_CA_CERTS (aws-facts.md 9). */
export function tlsOptions(mode: DatabaseSettings['DATABASE_TLS']): false | { readonly rejectUnauthorized: true } {
  return mode === 'disable' ? false : { rejectUnauthorized: true };
}
