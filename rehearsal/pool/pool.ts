import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { ROOT } from '../../lib/bundles';
import { OWN_SOURCES } from '../runtime/own-sources';
import type { RunPlan } from '../judge/result';
import type { HandlerCode } from '../runtime/code';
import type { StageData, WorkerAnswer, WorkerData, WorkerOrder } from './messages';

/** Hears of every run as it ends. */
export type OnAnswer = (answer: WorkerAnswer) => void;

/** Threads that play plans, on one stack after another. */
export interface Pool {
  /**
   * Plays plans on all threads, in no particular order: a run depends on nothing but its plan.
   * @throws Error when the handlers cannot be compiled, or a thread has died.
   */
  play(plans: Iterable<RunPlan>, stage: StageData, onAnswer: OnAnswer): Promise<void>;
  /** Ends the threads, whether or not they have played anything. */
  close(): Promise<void>;
}

/**
 * V8's middle compiler, which Node.js 22 has switched on and 20 has not: code that runs a few thousand times, as most here, costs
 * a seventh less with it.
 */
const MIDDLE_COMPILER = '--maglev';

/** A run leaves hundreds of megabytes of short-lived objects: with room for them few are copied out of the way, in megabytes. */
const YOUNG_GENERATION_MB = 192;

/**
 * Begins threads that read the handlers' code, which takes as long as the evaluation of the stack that they will play on.
 * @param given the code, or what compiles it.
 * @param workers how many threads; as many as there are cores unless told otherwise.
 */
export function openPool(given: HandlerCode | Promise<HandlerCode>, workers = availableParallelism()): Pool {
  setFlagsFromString(MIDDLE_COMPILER);
  const starting = begin(given, workers);
  // Whoever plays hears of it; before that nobody waits for it.
  starting.catch(() => undefined);
  return {
    async play(plans, stage, onAnswer) {
      const waiting = plans[Symbol.iterator]();
      await Promise.all((await starting).map((thread) => playOn(thread, stage, waiting, onAnswer)));
    },
    async close() {
      const threads = await starting.catch(() => []);
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

/** A thread, and its death, which may come before it is asked for anything. */
interface Thread {
  readonly worker: Worker;
  readonly died: Promise<never>;
}

async function begin(given: HandlerCode | Promise<HandlerCode>, workers: number): Promise<readonly Thread[]> {
  const [code, source] = await Promise.all([given, compileWorker()]);
  const workerData: WorkerData = { root: ROOT, code };
  return Array.from({ length: workers }, () => {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    const worker = new Worker(source, { eval: true, workerData, resourceLimits });
    const died = new Promise<never>((_, reject) => worker.once('error', reject));
    died.catch(() => undefined);
    return { worker, died };
  });
}

/** One thread, until no plan is left. */
function playOn(
  { worker, died }: Thread,
  stage: StageData,
  waiting: Iterator<RunPlan>,
  onAnswer: OnAnswer,
): Promise<void> {
  const tell = (order: WorkerOrder): void => worker.postMessage(order);
  const played = new Promise<void>((resolve) => {
    const next = (): void => {
      const plan = waiting.next();
      if (plan.done !== true) return tell({ kind: 'plan', plan: plan.value });
      worker.off('message', hear);
      resolve();
    };
    const hear = (answer: WorkerAnswer): void => {
      onAnswer(answer);
      next();
    };
    worker.on('message', hear);
    tell({ kind: 'stage', stage });
    next();
  });
  return Promise.race([played, died]);
}

/** The worker's own code, packages left out; they are found from the project's root. */
async function compileWorker(): Promise<string> {
  const { outputFiles } = await build({ ...OWN_SOURCES, entryPoints: ['rehearsal/pool/worker.ts'] });
  const text = outputFiles[0]?.text ?? '';
  // An evaluated script has neither a folder nor a `require` of the project.
  return `{
    const { root } = require('node:worker_threads').workerData;
    const projectRequire = require('node:module').createRequire(require('node:path').join(root, 'package.json'));
    (function (require, module, exports, __dirname) {${text}
      module.exports.main();
    })(projectRequire, { exports: {} }, {}, root);
  }`;
}
