import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { canaryArchive } from '../lib/bundles';

/** Where every Node.js runtime of Synthetics looks for `index.handler`, old and new (CloudWatch guide, packaging). */
const ENTRY = 'nodejs/node_modules/index.js';

/** The same date in every archive. A zip holds local time, so it is said in local time: the bytes know no time zone. */
const MTIME = new Date(2020, 0, 1);

/**
 * Builds the archive that all canaries run, alone in its folder. fflate compresses in JavaScript of one exact version, so
 * equal sources give equal bytes on every machine and with every Node.js.
 *
 * @returns its sha256.
 */
export async function buildCanaryArchive(root: string): Promise<string> {
  const bytes = zipSync({ [ENTRY]: await bundle(root) }, { level: 9, mtime: MTIME });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = path.join(root, canaryArchive({ canary: sha256 }));
  await rm(path.dirname(file), { recursive: true, force: true });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return sha256;
}

async function bundle(root: string): Promise<Uint8Array> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['canary/index.ts'],
    outfile: 'index.js',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    // In the runtime, and only there.
    external: ['@aws/synthetics-*'],
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error('esbuild made no file for the canaries');
  return file.contents;
}
