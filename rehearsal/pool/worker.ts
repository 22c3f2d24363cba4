import { parentPort, workerData } from 'node:worker_threads';
import { Graph } from '../../analysis/graph/graph';
import { Authorizer } from '../iam/authorizer';
import { rehearse } from '../rehearse';
import { Runtime } from '../runtime/runtime';
import type { RunPlan } from '../judge/result';
import type { Bounds } from '../judge/violations';
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
    bounds: ({ runClass, chain }) => bounds[`${runClass} ${chain}`] ?? NO_CLAIM,
  };
}

/** What holds a run that makes no claim about time. */
const NO_CLAIM: Bounds = { target: Infinity, best: 0, worst: Infinity };

/** Plays one plan; a simulation that fails is an answer too. */
export async function play(plan: RunPlan, stage: Stage): Promise<WorkerAnswer> {
  try {
    return { kind: 'result', ...(await rehearse(plan, stage)) };
  } catch (error) {
    return { kind: 'failed', plan, why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Plays the plans that the parent sends, one after another. */
export function main(): void {
  const port = parentPort;
  if (!port) throw new Error('a worker has a parent');
  const stage = stageOf(workerData as WorkerData);
  // A grant is told once: ten thousand runs use the same ones.
  const told = new Set<string>();
  port.on('message', (plan: RunPlan) => {
    void play(plan, stage).then((answer) => port.postMessage(withNewGrants(answer, told)));
  });
  port.postMessage('ready');
}

function withNewGrants(answer: WorkerAnswer, told: Set<string>): WorkerAnswer {
  if (answer.kind === 'failed') return answer;
  const used = answer.usage.used.filter((grant) => !told.has(grant));
  for (const grant of used) told.add(grant);
  return { ...answer, usage: { ...answer.usage, used } };
}
