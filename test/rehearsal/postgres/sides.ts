import { Client, DatabaseError, type QueryResult } from 'pg';
import type { Transaction } from '../../../lambda/shared/database';
import { startTradingDatabase, type TradingDatabase } from '../../lambda/support/trading-database';
import { startModel, type Model } from './model';

/** What came of one query, as far as it must be the same on both sides. */
export type Seen = Readonly<Record<string, unknown>>;

/** How many clients a sequence has. */
export const SESSIONS = 2;

/** What a session is at, and whether it is still at it. */
export interface Pending {
  readonly done: Promise<void>;
  settled: boolean;
}

export type PendingBySession = ReadonlyMap<number, Pending>;

/** Work that somebody looks at without waiting for it. */
export function watched(work: Promise<unknown>): Pending {
  const over = (): void => {
    pending.settled = true;
  };
  const pending: Pending = { settled: false, done: work.then(over, over) };
  return pending;
}

/** A PostgreSQL server, real or modelled, with sessions of the real driver. */
export interface Side {
  /** Empty tables, epoch 1, and sessions that are connected anew. */
  begin(sessions?: number): Promise<void>;
  client(session: number): Client;
  /** Waits until each promise is settled or its session waits for a lock. */
  settle(pending: PendingBySession): Promise<ReadonlySet<number>>;
  /** Lets work end. */
  run<T>(work: Promise<T>): Promise<T>;
  /** A client that is not connected yet. */
  another(changes: { readonly password?: string; readonly database?: string }): Client;
  /** Lets time pass until one of them is settled: all wait for each other. */
  untilOne(pending: PendingBySession): Promise<void>;
  /** Ends a session without a word. */
  disconnect(session: number): Promise<void>;
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** What a query has answered, without what is different each time: times, and the numbers of the tables. */
export function seenOf({ rows, fields, rowCount, command }: QueryResult<Record<string, unknown>>): Seen {
  const shown = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, name === 'executed_at' ? value instanceof Date : value]),
    ),
  );
  // Without ORDER BY rows come in any order; only these queries answer more than one.
  const key = fields[0]?.name ?? '';
  if (key === 'order_id' || key === 'payment_id')
    shown.sort((one, other) => String(one[key]).localeCompare(String(other[key])));
  return {
    command,
    rowCount,
    rows: shown,
    fields: fields.map(({ name, dataTypeID, dataTypeSize, dataTypeModifier, format }) => ({
      name,
      dataTypeID,
      dataTypeSize,
      dataTypeModifier,
      format,
    })),
  };
}

export function refusalOf(error: unknown): Seen {
  if (!(error instanceof DatabaseError)) return { failed: error instanceof Error ? error.message : String(error) };
  return { code: error.code, severity: error.severity };
}

/** A transaction as handler code knows it, on one client, that records what the server answered. */
export function recorded(client: Client, seen: Seen[]): Transaction {
  return {
    async query(sql, values) {
      try {
        const found: QueryResult<Record<string, unknown>> | QueryResult<Record<string, unknown>>[] = await client.query<
          Record<string, unknown>
        >(sql, values && [...values]);
        const results = Array.isArray(found) ? found : [found];
        seen.push(...results.map(seenOf));
        return results.at(-1)?.rows ?? [];
      } catch (error) {
        seen.push(refusalOf(error));
        throw error;
      }
    },
  };
}

function settledOf(pending: PendingBySession): ReadonlySet<number> {
  return new Set([...pending].filter(([, { settled }]) => settled).map(([session]) => session));
}

const none = (): undefined => undefined;

/** The model, in virtual time. */
export function modelSide(options: Parameters<typeof startModel>[0] = {}): Side {
  let model: Model = startModel(options);
  let clients: Client[] = [];
  return {
    async begin(sessions = SESSIONS) {
      model = startModel(options);
      clients = [];
      for (let index = 0; index < sessions; index += 1) {
        const client = model.client();
        await model.until(client.connect());
        clients.push(client);
      }
    },
    client: (session) => at(clients, session),
    async settle(pending) {
      await model.settle();
      return settledOf(pending);
    },
    run: (work) => model.until(work),
    another: (changes) => model.client(changes),
    async untilOne() {
      await model.clock.run(model.clock.now() + 1_500);
    },
    async disconnect(session) {
      at(model.sockets, session).destroy();
      await model.settle();
    },
    pass: (ms) => model.clock.run(model.clock.now() + ms),
    async stop() {
      // Nothing of it outlives the test.
    },
  };
}

/** A real server, and a way to it that is not watched. */
export interface RealSide extends Side {
  readonly trading: TradingDatabase;
  /** New sessions on what is there. */
  connect(sessions: number): Promise<void>;
}

/** A real server. */
export async function realSide(): Promise<RealSide> {
  const trading = await startTradingDatabase();
  let clients: Client[] = [];
  let processes: number[] = [];
  const leave = () => Promise.all(clients.map((client) => client.end().catch(none)));
  /**
   * How many sessions wait for a lock; undefined while one is at work, also when its client has been answered already.
   */
  const waiting = async (): Promise<number | undefined> => {
    const [row] = await trading.sql(
      `SELECT count(*) FILTER (WHERE waits)::int AS waiting, count(*) FILTER (WHERE active AND NOT waits)::int AS working
       FROM (SELECT state = 'active' AS active, EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted) AS waits
             FROM pg_stat_activity a WHERE pid = ANY($1)) AS sessions`,
      [processes],
    );
    return row?.['working'] === 0 ? Number(row['waiting']) : undefined;
  };
  const connect = async (sessions: number): Promise<void> => {
    await leave();
    clients = Array.from({ length: sessions }, () => new Client({ ...trading.engine }));
    processes = [];
    for (const client of clients) {
      client.on('error', none);
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      processes.push(rows[0]?.pid ?? 0);
    }
  };
  return {
    trading,
    connect,
    async begin(sessions = SESSIONS) {
      await leave();
      clients = [];
      await trading.sql('TRUNCATE order_effects, payment_effects');
      await trading.sql('UPDATE writer_epoch SET epoch = 1');
      await connect(sessions);
    },
    client: (session) => at(clients, session),
    async settle(pending) {
      for (;;) {
        const open = pending.size - settledOf(pending).size;
        if ((await waiting()) === open && pending.size - settledOf(pending).size === open) return settledOf(pending);
      }
    },
    run: (work) => work,
    another(changes) {
      const client = new Client({ ...trading.engine, ...changes });
      client.on('error', none);
      return client;
    },
    async untilOne(pending) {
      await Promise.race([...pending.values()].map(({ done }) => done));
    },
    async disconnect(session) {
      const client = at(clients, session);
      const gone = new Promise((resolve) => client.once('end', resolve));
      client.connection.stream.destroy();
      await gone;
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async stop() {
      await leave();
      await trading.stop();
    },
  };
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`there is no session ${index}`);
  return found;
}
