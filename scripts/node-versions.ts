import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../lib/bundles';

/** The supported versions besides the one that runs this: each is a package of the npm registry that holds the binary. */
const VERSIONS = ['20.20.2', '22.23.3', '24.21.0'];

/** What must hold on every version: the program through Pulumi's runner, and the handlers' logic. */
const TESTS = ['test/lib/language-host', 'test/lib/config.test', 'test/lambda/shared'];

const CACHE = path.join(ROOT, 'node_modules', '.cache', 'node-versions');

/** Fetches one Node.js binary from the npm registry, once. @throws Error when the registry does not have it. */
async function nodeBinary(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = path.join(CACHE, version);
  const binary = path.join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  await mkdir(folder, { recursive: true });
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `${name}@${version}`,
  ];
  await promisify(execFile)('npm', args, { timeout: 120_000 });
  return binary;
}

/** Runs the chosen tests on each supported version; fails with the first that does not pass. */
export async function main(): Promise<void> {
  for (const version of VERSIONS) {
    const node = await nodeBinary(version);
    console.log(`Node.js ${version}`);
    const { status } = spawnSync(node, ['node_modules/jest/bin/jest.js', ...TESTS], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) throw new Error(`tests failed on Node.js ${version}`);
  }
}
