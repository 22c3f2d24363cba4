import { readdirSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { OutputFile, Plugin } from 'esbuild';
import { ROOT } from '../../lib/bundles';
import { CANARY } from './canary';
import { OWN_SOURCES } from './own-sources';

/** The code of a rehearsal as text, so that it can be handed to workers. */
export interface HandlerCode {
  /** CommonJS of each function's own sources, packages left out, by function: `heartbeat`. */
  readonly functions: Readonly<Record<string, string>>;
  /** CommonJS whose exports are packages that the functions import, by name: each client of the SDK with a copy of its own core. */
  readonly libraries: readonly string[];
}

const SDK_CORE = 'node_modules/@smithy/core/dist-es/submodules';

/**
 * Three times per call the SDK copies a configuration of some fifty settings, which is half of what a call costs. A layer over
 * the configuration reads the same, and so does a setting that was asked once; the conformance test of the runtime compares what is
 * sent with the client as it is published.
 */
const LAYERS: readonly SourceChange[] = [
  {
    file: `${SDK_CORE}/schema/middleware/schemaSerializationMiddleware.js`,
    change: replacing(
      /\{\s*\.\.\.config,\s*\.\.\.context,\s*endpoint,?\s*\}/,
      'Object.assign(Object.create(config), context, { endpoint })',
    ),
  },
  {
    file: `${SDK_CORE}/schema/middleware/schemaDeserializationMiddleware.js`,
    change: replacing(/\{\s*\.\.\.config,\s*\.\.\.context,?\s*\}/, 'Object.assign(Object.create(config), context)'),
  },
  {
    file: `${SDK_CORE}/endpoints/middleware-endpoint/endpointMiddleware.js`,
    change: replacing(/\{\s*\.\.\.config\s*\}/, 'Object.create(config)'),
  },
  {
    // Asks a client's settings one after another, a promise or two for each of six, in every call: they never change.
    file: `${SDK_CORE}/endpoints/middleware-endpoint/adaptors/getEndpointFromInstructions.js`,
    change: replacing(
      /endpointParams\[name\] = (await createConfigValueProvider\([^;]*\)\(\));/,
      `{
        const below = Object.getPrototypeOf(clientConfig);
        const settled = ((below === Object.prototype ? clientConfig : below).settledParams ??= {});
        endpointParams[name] = name in settled ? settled[name] : (settled[name] = $1);
      }`,
    ),
  },
];

function replacing(pattern: RegExp, by: string): (source: string) => string {
  return (source) => {
    if (!pattern.test(source)) throw new Error(`the SDK’s core copies no configuration with ${pattern.source}`);
    return source.replace(pattern, by);
  };
}

/** Exists in the canaries' runtime only. */
const SYNTHETICS_LOGGER = '@aws/synthetics-logger';

/** A change of one source file before it is compiled: how a fault is planted. */
export interface SourceChange {
  /** Below the project's root. */
  readonly file: string;
  /** @throws Error when the source no longer has what it changes. */
  readonly change: (source: string) => string;
}

/**
 * Compiles the handlers as they are: each function's own sources apart, evaluated anew for every execution environment, and
 * the packages once, because what makes a second call of an SDK client fast is that its code is warm.
 */
export async function compileHandlers(changes: readonly SourceChange[] = []): Promise<HandlerCode> {
  const names = readdirSync(path.join(ROOT, 'lambda'), { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'handler.ts')
    .map((file) => path.dirname(file))
    .sort();
  const entries = [
    ...names.map((name) => [name, `lambda/${name}/handler.ts`] as const),
    [CANARY, 'canary/index.ts'] as const,
  ];
  const compiled = await compileFunctions(entries, changes);
  const packages = [...new Set(compiled.flatMap(({ imports }) => imports))].filter(
    (name) => !name.startsWith('node:') && name !== SYNTHETICS_LOGGER,
  );
  return {
    functions: Object.fromEntries(compiled.map(({ name, text }) => [name, text])),
    libraries: await compileLibraries(grouped(packages.sort())),
  };
}

/** One function's own sources, and what they import. */
interface CompiledFunction {
  readonly name: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** All functions at once: what they have in common is read once, and is in each of them. */
async function compileFunctions(
  entries: readonly (readonly [name: string, file: string])[],
  changes: readonly SourceChange[],
): Promise<readonly CompiledFunction[]> {
  const { outputFiles, metafile } = await build({
    ...OWN_SOURCES,
    entryPoints: entries.map(([name, file]) => ({ in: file, out: name })),
    metafile: true,
    outdir: '.',
    plugins: [withChanges(changes)],
  });
  return entries.map(([name]) => ({
    name,
    text: textOf(outputFiles, name).replace(NAMESPACE_COPY, 'var __toESM = (mod) => mod;'),
    imports: (metafile.outputs[`${name}.js`]?.imports ?? []).filter((one) => one.external).map((one) => one.path),
  }));
}

function textOf(files: readonly OutputFile[], name: string): string {
  const file = files.find((one) => one.path === path.join(ROOT, `${name}.js`));
  if (!file) throw new Error(`esbuild made no file for ${name}`);
  return file.text;
}

/**
 * How esbuild makes a namespace of a package: by a getter for each of its exports, for each file that imports it, each time that
 * the code is evaluated. That is most of what a new environment costs; the packages are given as namespaces already.
 */
const NAMESPACE_COPY = /^var __toESM = \(.*?^\)\);$/ms;

/**
 * What is compiled together. One core for all clients would see the configurations of a dozen kinds, and V8 then copies every
 * one of them the slow way, several times a call: with a core for each client a call costs half.
 */
function grouped(packages: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const name of packages) {
    const key = name.includes('dynamodb') ? 'dynamodb' : name.startsWith('@aws-sdk/client-') ? name : 'others';
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
}

/**
 * CommonJS whose exports are packages, by name, for each group of them.
 * @param changes none to have them as they are published.
 */
export async function compileLibraries(
  groups: readonly (readonly string[])[],
  changes = LAYERS,
): Promise<readonly string[]> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: groups.map((_, index) => `libraries-${index}`),
    outdir: '.',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    write: false,
    plugins: [requiring(groups), withChanges(changes)],
    logLevel: 'warning',
  });
  return groups.map((_, index) => textOf(outputFiles, `libraries-${index}`));
}

/** Entries that are no files: each requires the packages of one group. */
function requiring(groups: readonly (readonly string[])[]): Plugin {
  return {
    name: 'requiring',
    setup(build) {
      build.onResolve({ filter: /^libraries-\d+$/ }, ({ path: entry }) => ({ path: entry, namespace: 'libraries' }));
      build.onLoad({ filter: /.*/, namespace: 'libraries' }, ({ path: entry }) => {
        const packages = groups[Number(entry.replace('libraries-', ''))] ?? [];
        const exports = packages.map((name) => `exports[${JSON.stringify(name)}] = require(${JSON.stringify(name)});`);
        return { contents: exports.join('\n'), resolveDir: ROOT, loader: 'js' };
      });
    },
  };
}

function withChanges(changes: readonly SourceChange[]): Plugin {
  return {
    name: 'changes',
    setup(build) {
      for (const file of new Set(changes.map((one) => one.file))) {
        const absolute = realpathSync(path.join(ROOT, file));
        build.onLoad(
          { filter: new RegExp(`${path.basename(file).replaceAll('.', '\\.')}$`) },
          async ({ path: loaded }) => {
            if (loaded !== absolute) return undefined;
            // All changes of a file at once: esbuild takes the first answer and asks nobody else.
            const contents = changes
              .filter((one) => one.file === file)
              .reduce((source, { change }) => change(source), await readFile(absolute, 'utf8'));
            return { contents, loader: 'ts' };
          },
        );
      }
    },
  };
}
