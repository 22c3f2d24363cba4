import { parentPort, workerData } from 'node:worker_threads';
import { Graph } from '../../analysis/graph/graph';
import { Authorizer } from '../iam/authorizer';
import { rehearse } from '../rehearse';
import { Runtime } from '../runtime/runtime';
import type { RunPlan } from '../judge/result';
import type { Stage } from '../rehearse';
import type { WorkerAnswer, WorkerData } from './messages';

/** The stage of everything that this thread plays. */
export function stageOf({ code, graph: given, bounds }: WorkerData): Stage {
  const { project, stack, resources, invokes, outputs } = given;
  const graph = new Graph(project, stack, resources, invokes, outputs, []);
  return {
    graph,
    runtime: new Runtime(code),
    authorizer: new Authorizer(graph),
    bounds: ({ runClass, chain }) => {
      const found = bounds[`${runClass} ${chain}`];
      if (!found) throw new Error(`the budget says nothing about class ${runClass} of the chain ${chain}`);
      return found;
    },
  };
}

/** Plays one plan; a simulation that fails is an answer too. */
export async function play(plan: RunPlan, stage: Stage): Promise<WorkerAnswer> {
  try {
    return { kind: 'result', result: await rehearse(plan, stage) };
  } catch (error) {
    return { kind: 'failed', plan, why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Plays the plans that the parent sends, one after another. */
export function main(): void {
  const port = parentPort;
  if (!port) throw new Error('a worker has a parent');
  const stage = stageOf(workerData as WorkerData);
  port.on('message', (plan: RunPlan) => {
    void play(plan, stage).then((answer) => port.postMessage(answer));
  });
  port.postMessage('ready');
}
