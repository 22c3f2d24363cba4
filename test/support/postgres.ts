import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { postgresBinaries } from './postgres-binaries';

/** How to start the engine; what is left out is chosen. */
export interface PostgresOptions {
  /** @default a free port */
  readonly port?: number;
  /** @default trader */
  readonly user?: string;
  /** @default a password for tests */
  readonly password?: string;
  /** @default trading */
  readonly database?: string;
  /** Where the engine's home is made, which the account nobody must be able to enter. @default the system's own */
  readonly under?: string;
}

/** A running engine and how to reach it. */
export interface Postgres {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Stops the engine and removes its data; later calls do nothing. */
  stop(): Promise<void>;
}

/** An account without rights that every Linux has: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

const READY_WITHIN_MS = 20_000;

/**
 * Starts a PostgreSQL server from the npm package's binaries on 127.0.0.1, without durability and with its data in a
 * temporary directory of its own, and creates the database.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { user = 'trader', password = 'a-password-for-tests', database = 'trading' } = options;
  const port = options.port ?? (await freePort());
  const root = process.getuid?.() === 0;
  const identity = root ? { uid: NOBODY, gid: NOBODY } : {};

  const home = mkdtempSync(join(options.under ?? tmpdir(), 'postgres-'));
  const bin = postgresBinaries(home, root);
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password);
  if (root) for (const path of [home, passwordFile]) chownSync(path, NOBODY, NOBODY);
  chmodSync(home, 0o700);
  const data = join(home, 'data');
  const spawned = { cwd: home, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, ...identity };

  await promisify(execFile)(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      user,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--no-sync',
      '--encoding=UTF8',
      '--no-locale',
    ],
    spawned,
  );
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '16MB',
    max_connections: '50',
  };
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    { ...spawned, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // A test that dies must not leave a server or its data behind.
  const abandon = () => {
    server.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await ended(server);
    process.removeListener('exit', abandon);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await ready(server);
    await createDatabase({ host: '127.0.0.1', port, user, password }, database);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: '127.0.0.1', port, user, password, database, stop: () => (stopped ??= stop()) };
}

/** Resolves with the server's own word that it takes connections; rejects with its output when it does not come up. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`PostgreSQL was not ready in time:\n${output}`)), READY_WITHIN_MS);
    server.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes('ready to accept connections')) return;
      clearTimeout(timer);
      output = '';
      resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`PostgreSQL ended with code ${code}:\n${output}`));
    });
  });
}

/** Asks for a fast shutdown, which rolls open transactions back, and insists after three seconds. */
function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const insist = setTimeout(() => server.kill('SIGKILL'), 3_000);
    server.once('exit', () => {
      clearTimeout(insist);
      resolve();
    });
    server.kill('SIGINT');
  });
}

async function createDatabase(
  connection: { host: string; port: number; user: string; password: string },
  database: string,
): Promise<void> {
  if (database === 'postgres') return;
  const client = new Client({ ...connection, database: 'postgres' });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} STRATEGY file_copy`);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
