import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import runtime from '../fleet/runtime.json';

/** Where the build puts what a deployment uploads, from the project's root. */
export const DIST = 'dist';

/** What one build made: digests only, so that the same sources give the same file on every machine. */
const manifestSchema = z.object({
  /** sha256 over everything the bundles are made of. */
  sources: z.string(),
  functions: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })),
  fleet: z.object({ service: z.string(), runtime: z.string() }),
  /** sha256 of the canaries' archive. */
  canary: z.string(),
});

export type BuildManifest = z.infer<typeof manifestSchema>;

/** The build is missing, or older or newer than the sources. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** The project's root: the folder with Pulumi.yaml above this file, wherever it was compiled to. */
export const ROOT = projectRoot(__dirname);

function projectRoot(folder: string): string {
  if (existsSync(path.join(folder, 'Pulumi.yaml'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`there is no Pulumi.yaml above ${__dirname}`);
  return projectRoot(parent);
}

const SOURCE_FOLDERS = ['canary', 'lambda', 'fleet'];
const SOURCE_FILES = [
  'package-lock.json',
  'scripts/build.ts',
  'scripts/canary-archive.ts',
  'scripts/fleet-artifact.ts',
  'scripts/tar.ts',
  'scripts/trim-sdk.ts',
];

/**
 * The sha256 of everything a bundle is made of: our sources, the exact versions of what they import, and the build
 * itself. Names and contents count, in name order; dates and file modes do not.
 */
export function sourceDigest(root: string): string {
  const hash = createHash('sha256');
  const files = [...SOURCE_FILES, ...SOURCE_FOLDERS.flatMap((folder) => filesBelow(root, folder))].sort();
  for (const file of files) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(root, name) : [name];
  });
}

/**
 * The manifest of a build that belongs to these very sources: an old bundle is never deployed.
 * @throws BuildError when there is no build, or its sources or files have changed since.
 */
export function readBuild(root: string = ROOT): BuildManifest {
  const manifest = parseManifest(root);
  if (manifest.sources !== sourceDigest(root))
    throw new BuildError(`${DIST}/ was built from other sources: run "npm run build"`);
  for (const [name, { sha256 }] of Object.entries(manifest.functions)) {
    const file = path.join(root, bundlePath(name), 'index.js');
    if (fileDigest(file) !== sha256) throw notAsBuilt(`${bundlePath(name)}/index.js`);
  }
  if (fileDigest(path.join(root, FLEET_SERVICE)) !== manifest.fleet.service) throw notAsBuilt(FLEET_SERVICE);
  const canary = canaryArchive(manifest);
  if (fileDigest(path.join(root, canary)) !== manifest.canary) throw notAsBuilt(canary);
  // The build checked its digest, and every instance does so again; 50 MB are not read at each evaluation.
  if (fileSize(path.join(root, FLEET_RUNTIME)) !== runtime.size) throw notAsBuilt(FLEET_RUNTIME);
  return manifest;
}

/** What an instance of the fleet unpacks: the service, and the runtime that it needs; from the project's root. */
export const FLEET_SERVICE = `${DIST}/fleet/service.tar`;
export const FLEET_RUNTIME = `${DIST}/fleet/${runtime.file}`;

/**
 * What all canaries run, from the project's root. The provider compares an archive's path and not its bytes, so the path has
 * the bytes' digest in it: a new script is a new path.
 */
export function canaryArchive({ canary }: Pick<BuildManifest, 'canary'>): string {
  return `${DIST}/canary/canary-${canary.slice(0, 12)}.zip`;
}

const notAsBuilt = (file: string): BuildError =>
  new BuildError(`${file} is missing or not what the build made: run "npm run build"`);

function fileSize(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

/** The folder that holds a function's bundle, from the project's root. */
export function bundlePath(functionName: string): string {
  return `${DIST}/functions/${functionName}`;
}

/** The sha256 of a file's bytes, or undefined when it cannot be read. */
export function fileDigest(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}

function parseManifest(root: string): BuildManifest {
  let text: string;
  try {
    text = readFileSync(path.join(root, DIST, 'manifest.json'), 'utf8');
  } catch (cause) {
    throw new BuildError(`there is no ${DIST}/manifest.json: run "npm run build" first`, { cause });
  }
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new BuildError(`${DIST}/manifest.json is of another version: run "npm run build"`);
  return parsed.data;
}
