import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { OWN_SOURCES } from '../runtime/own-sources';
import type { RunPlan } from '../judge/result';
import type { WorkerAnswer, WorkerData } from './messages';

/** Hears of every run as it ends. */
export type OnAnswer = (answer: WorkerAnswer) => void;

/**
 * V8's middle compiler, which Node.js 22 has switched on and 20 has not: code that runs a few thousand times, as most here, costs
 * a seventh less with it.
 */
const MIDDLE_COMPILER = '--maglev';

/** A run leaves hundreds of megabytes of short-lived objects: with room for them few are copied out of the way, in megabytes. */
const YOUNG_GENERATION_MB = 192;

/**
 * Plays plans on all cores, in no particular order: a run depends on nothing but its plan.
 * @param workers how many threads; as many as there are cores unless told otherwise.
 */
export async function playAll(
  plans: Iterable<RunPlan>,
  data: WorkerData,
  onAnswer: OnAnswer,
  workers = availableParallelism(),
): Promise<void> {
  setFlagsFromString(MIDDLE_COMPILER);
  const source = await compileWorker();
  const waiting = plans[Symbol.iterator]();
  await Promise.all(Array.from({ length: workers }, () => work(source, data, waiting, onAnswer)));
}

/** One thread, until no plan is left. */
function work(source: string, data: WorkerData, waiting: Iterator<RunPlan>, onAnswer: OnAnswer): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, {
      eval: true,
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const next = (): void => {
      const plan = waiting.next();
      if (plan.done === true) void worker.terminate().then(() => resolve());
      else worker.postMessage(plan.value);
    };
    worker.on('message', (message: WorkerAnswer | 'ready') => {
      if (message !== 'ready') onAnswer(message);
      next();
    });
    worker.on('error', reject);
  });
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
