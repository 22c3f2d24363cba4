import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT, readBuild } from '../../../lib/bundles';
import { OWN_SOURCES } from '../../../rehearsal/runtime/own-sources';

type Main = (options: unknown) => unknown;

/** One program, compiled. */
interface Compiled {
  readonly file: string;
  /** Of everything that its answers depend on besides the options. */
  readonly digest: string;
  main?: Main;
}

/** Where answers are kept from run to run; an install empties it. */
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'test-programs');

const compiled = new Map<string, Compiled>();

/** Pulumi's runtime is one per process, so evaluations take turns. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs `main` of a program beside this file in the worker itself: what it loads is loaded once per worker, by Node.js, and
 * not once per test file by jest. Its answer is kept on disk, by the digest of its bundled sources, the locked packages, the
 * build and the options, so that two workers, and two runs on the same sources, evaluate once.
 */
export function runOutside(program: string, options: string): Promise<string> {
  const mine = turn.then(() => answerOf(program, options));
  turn = mine.catch(() => undefined);
  return mine;
}

async function answerOf(program: string, options: string): Promise<string> {
  const found = compiled.get(program) ?? compile(program);
  compiled.set(program, found);
  const file = path.join(CACHE, found.digest, `${sha256(options).slice(0, 32)}.json`);
  const kept = readKept(file);
  if (kept !== undefined) return kept;
  found.main ??= load(found.file);
  const answer = JSON.stringify(await found.main(JSON.parse(options)));
  write(file, answer);
  return answer;
}

function compile(program: string): Compiled {
  const { outputFiles } = buildSync({
    ...OWN_SOURCES,
    entryPoints: [path.join('test', 'support', 'outside', `${program}.ts`)],
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made no file for ${program}`);
  const lock = readFileSync(path.join(ROOT, 'package-lock.json'));
  const digest = sha256([process.version, sha256(lock), JSON.stringify(readBuild()), output.text].join('\0')).slice(
    0,
    32,
  );
  const folder = path.join(CACHE, digest);
  forgetOthers(program, digest);
  const file = path.join(folder, `${program}.js`);
  write(file, output.text);
  return { file, digest };
}

/** Answers of older sources: of each program, only the present one's are kept. */
function forgetOthers(program: string, digest: string): void {
  mkdirSync(CACHE, { recursive: true });
  for (const other of readdirSync(CACHE).filter((name) => name !== digest)) {
    try {
      const folder = path.join(CACHE, other);
      if (readdirSync(folder).includes(`${program}.js`)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // The other worker is removing it, too, or still writes there: the next run removes what is left.
    }
  }
}

function load(file: string): Main {
  const loaded: unknown = createRequire(file)(file);
  const main: unknown = typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, 'main') : undefined;
  if (typeof main !== 'function') throw new Error(`${file} exports no main`);
  return (options) => Reflect.apply(main, undefined, [options]) as unknown;
}

function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Renamed when complete: another worker reads all of it or nothing. */
function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${randomUUID()}.part`;
  writeFileSync(part, text);
  renameSync(part, file);
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
