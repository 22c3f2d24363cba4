import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Postgres, startPostgres } from './postgres';

const started: Postgres[] = [];

/** Stopped after the test, also when an expectation fails half way. */
async function start(...options: Parameters<typeof startPostgres>): Promise<Postgres> {
  const [chosen = {}] = options;
  const engine = await startPostgres({ ...chosen, under });
  started.push(engine);
  return engine;
}

afterEach(() => Promise.all(started.splice(0).map((engine) => engine.stop())));

// A place of its own: engines of other test files come and go in the system's.
const under = mkdtempSync(join(tmpdir(), 'homes-'));
chmodSync(under, 0o755);
afterAll(() => rmSync(under, { recursive: true }));

const homes = () => readdirSync(under).filter((name) => name.startsWith('postgres-'));

test('the engine serves the user, password and database on the port it is told, and leaves nothing behind', async () => {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
  const before = homes();
  const engine = await start({ port, user: 'someone', password: "it's a secret", database: 'other-name' });
  const [home] = homes().filter((name) => !before.includes(name));
  expect(home).toMatch(/^postgres-/);

  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'someone',
    password: "it's a secret",
    database: 'other-name',
  });
  await client.connect();
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  await client.end();
  expect(rows[0]?.version).toMatch(/^17\./);

  await engine.stop();
  await engine.stop();
  expect(existsSync(`${under}/${home}`)).toBe(false);
  await expect(new Client({ ...engine, connectionTimeoutMillis: 1_000 }).connect()).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
}, 30_000);

test('a port that is taken is an error with the server output, and leaves nothing behind', async () => {
  const engine = await start();
  const before = homes();
  await expect(start({ port: engine.port })).rejects.toThrow(
    /Address already in use|could not create any TCP\/IP sockets/,
  );
  expect(homes()).toEqual(before);
  await engine.stop();
}, 30_000);
