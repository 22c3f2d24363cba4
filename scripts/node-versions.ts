import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
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

/** Rehearses the loss of a region on one version. @returns the digest of the run's trace. */
function traceDigestOn(node: string, version: string): string {
  const out = path.join('dist', 'rehearsal-on-node', version);
  const args = ['scripts/run.mjs', 'ops/rehearse.ts', '--seed', 'every-version', '--out', out];
  const { status } = spawnSync(node, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`the rehearsal failed on Node.js ${version}`);
  const { runs } = reportForm.parse(JSON.parse(readFileSync(path.join(ROOT, out, 'rehearsal.json'), 'utf8')));
  return runs[0].traceDigest;
}

const reportForm = z.object({ runs: z.tuple([z.object({ traceDigest: z.string() })]) });

/**
 * Runs the chosen tests and one rehearsal on each supported version.
 * @throws Error naming the version on which tests fail, or on which the same seed gives another trace.
 */
export async function main(): Promise<void> {
  const digests = new Map<string, string>();
  for (const version of VERSIONS) {
    const node = await nodeBinary(version);
    console.log(`Node.js ${version}`);
    const { status } = spawnSync(node, ['node_modules/jest/bin/jest.js', ...TESTS], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) throw new Error(`tests failed on Node.js ${version}`);
    digests.set(version, traceDigestOn(node, version));
  }
  if (new Set(digests.values()).size === 1) return;
  const told = [...digests].map(([version, digest]) => `${version} ${digest.slice(0, 12)}`).join(', ');
  throw new Error(`one seed gives different traces on different versions of Node.js: ${told}`);
}
