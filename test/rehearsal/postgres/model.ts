import { Client } from 'pg';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import type { Passage } from '../../../rehearsal/network/network';
import { Content } from '../../../rehearsal/postgres/content';
import type { EngineOptions, Volume } from '../../../rehearsal/postgres/engine';
import { PgServer } from '../../../rehearsal/postgres/server';
import { PgSocket, type SocketPorts } from '../../../rehearsal/postgres/socket';

export const START = Date.UTC(2026, 10, 24, 3, 51);
const COMMIT_MS = 4;

/** A database of the model, and the real driver's way to it. */
export interface Model {
  readonly clock: VirtualClock;
  readonly server: PgServer;
  readonly content: Content;
  /** Commits that clients have heard of. */
  readonly acknowledged: number;
  /** A client of the real driver; not connected yet. */
  client(changes?: { readonly password?: string; readonly database?: string; readonly host?: string }): Client;
  /** Sockets of the clients, in order. */
  readonly sockets: readonly PgSocket[];
  /** Lets time pass until a promise is settled. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Resolves all there is to resolve without more time than one exchange takes. */
  settle(): Promise<void>;
}

export interface ModelOptions {
  readonly path?: SocketPorts['path'];
  readonly engine?: Partial<EngineOptions>;
  readonly ports?: Partial<SocketPorts>;
}

export function startModel({ path, engine, ports }: ModelOptions = {}): Model {
  const clock = new VirtualClock(START);
  const content = new Content();
  let acknowledged = 0;
  const volume: Volume = {
    content: () => content,
    commit: (writes, durable) =>
      clock.after(COMMIT_MS, () => {
        content.apply(writes);
        durable(() => (acknowledged += 1));
      }),
  };
  const server = new PgServer('eu-central-1', 'instance-1', {
    clock,
    volume,
    database: 'trading',
    user: 'trader',
    password: () => 'a-password-for-tests',
    version: '17.7',
    statementMs: 0.5,
    inRecovery: () => false,
    ...engine,
  });
  const passes = (): Passage => ({ kind: 'passes', ms: 0.5 });
  const sockets: PgSocket[] = [];
  const open = (): PgSocket => {
    const socket = new PgSocket({
      clock,
      path: path ?? passes,
      server: (host) => (host === 'database.example' ? server : undefined),
      resume: (work) => {
        clock.resumesHandlers();
        work();
      },
      ...ports,
    });
    sockets.push(socket);
    return socket;
  };
  return {
    clock,
    server,
    content,
    get acknowledged() {
      return acknowledged;
    },
    client({ password = 'a-password-for-tests', database = 'trading', host = 'database.example' } = {}) {
      const client = new Client({ host, port: 5432, user: 'trader', password, database, ssl: false, stream: open });
      client.on('error', () => undefined);
      return client;
    },
    sockets,
    async until(promise) {
      const state = { settled: false };
      const over = (): void => {
        state.settled = true;
      };
      promise.then(over, over);
      for (let turn = 0; turn < 100_000 && !state.settled; turn += 1) await clock.run(clock.now() + 10);
      return promise;
    },
    settle: () => clock.run(clock.now() + 20),
  };
}
