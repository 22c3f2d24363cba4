import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { BuildError, bundlePath, DIST, readBuild, ROOT, sourceDigest } from '../lib/bundles';
import { buildCanaryArchive } from './canary-archive';
import { buildFleetArtifact } from './fleet-artifact';
import { importedNames, trimSdk } from './trim-sdk';
import type { BuildManifest } from '../lib/bundles';

/** What a build may be told. */
export interface BuildOptions {
  readonly root?: string;
  /** Build although nothing has changed. */
  readonly force?: boolean;
  readonly say?: (line: string) => void;
}

/**
 * Builds what a deployment uploads, one bundle per function, the canaries' archive and the fleet's artifact, unless it is
 * there already.
 * Content decides, never a date: equal sources give equal bytes on every machine.
 */
export async function buildAll({
  root = ROOT,
  force = false,
  say = () => undefined,
}: BuildOptions = {}): Promise<BuildManifest> {
  const current = force ? undefined : upToDate(root);
  if (current) return current;
  const manifestFile = path.join(root, DIST, 'manifest.json');
  await rm(manifestFile, { force: true });
  const sources = sourceDigest(root);
  const names = await functionNames(root);
  say(`bundling ${names.length} functions`);
  const [fleet, functions, canary] = await Promise.all([
    buildFleetArtifact({ root, outDir: path.join(root, DIST, 'fleet'), say }),
    bundleFunctions(root, names),
    buildCanaryArchive(root),
  ]);
  const manifest: BuildManifest = {
    sources,
    functions,
    fleet: { service: fleet.service.sha256, runtime: fleet.runtime.sha256 },
    canary,
  };
  // Renamed when complete: a build that dies half way leaves no manifest, and the program says so.
  await writeFile(`${manifestFile}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${manifestFile}.part`, manifestFile);
  return manifest;
}

function upToDate(root: string): BuildManifest | undefined {
  try {
    return readBuild(root);
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

/** The functions are the folders of lambda/ that have a handler. */
async function functionNames(root: string): Promise<string[]> {
  const entries = await readdir(path.join(root, 'lambda'), { recursive: true });
  return entries
    .filter((entry) => path.basename(entry) === 'handler.ts')
    .map((entry) => path.dirname(entry))
    .sort();
}

/**
 * Ways to credentials that the SDK tries only after the environment, where Lambda's are; it imports them when it comes to
 * that, and the runtime has a copy. Left out, a bundle is a fifth smaller.
 */
export const OTHER_CREDENTIALS = ['ini', 'login', 'process', 'sso', 'web-identity'].map(
  (kind) => `@aws-sdk/credential-provider-${kind}`,
);

/** One minified CommonJS file per function; all at once, because what they have in common is then read once. */
async function bundleFunctions(root: string, names: readonly string[]): Promise<BuildManifest['functions']> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `lambda/${name}/handler.ts`, out: path.join(bundlePath(name), 'index') })),
    outdir: '.',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    // `module` first: the `main` of each SDK client is one file that cannot be shaken, 1.6 times as large.
    mainFields: ['module', 'main'],
    external: ['pg-native', ...OTHER_CREDENTIALS],
    plugins: [trimSdk(importedNames(path.join(root, 'lambda')))],
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  const contents = new Map(outputFiles.map((file) => [file.path, file.contents]));
  const written = names.map(async (name) => {
    const folder = path.join(root, bundlePath(name));
    const bytes = contents.get(path.join(folder, 'index.js'));
    if (!bytes) throw new Error(`esbuild made no file for ${name}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'index.js'), bytes);
    return [name, { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }] as const;
  });
  return Object.fromEntries(await Promise.all(written));
}

/** `npm run build`: builds and says how large each bundle is; `--force` builds although nothing has changed. */
export async function main(argv: readonly string[]): Promise<void> {
  const started = Date.now();
  const say = (line: string): void => console.error(`build: ${line}`);
  const manifest = await buildAll({ force: argv.includes('--force'), say });
  const sizes = Object.entries(manifest.functions).map(([name, { bytes }]) => `${name} ${Math.round(bytes / 1000)} kB`);
  say(`${sizes.join(', ')}; ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
