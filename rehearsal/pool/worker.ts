import { parentPort, workerData } from 'node:worker_threads';
import { Graph } from '../../analysis/graph/graph';
import { Authorizer } from '../iam/authorizer';
import { rehearse } from '../rehearse';
import { Runtime } from '../runtime/runtime';
import type { RunPlan } from '../judge/result';
import type { Bounds } from '../judge/violations';
import type { Stage } from '../rehearse';
import type { StageData, WorkerAnswer, WorkerData, WorkerOrder } from './messages';

/** The stage of everything that this thread plays on one stack. */
export function stageOf({ graph: given, bounds }: StageData, runtime: Runtime): Stage {
  const { project, stack, resources, invokes, outputs } = given;
  const graph = new Graph(project, stack, resources, invokes, outputs, []);
  return {
    graph,
    runtime,
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

/** Reads the handlers' code, then plays the plans that the parent sends, one after another, on the stack that it has sent. */
export function main(): void {
  const port = parentPort;
  if (!port) throw new Error('a worker has a parent');
  const { code } = workerData as WorkerData;
  const runtime = new Runtime(code);
  let stage: Stage | undefined;
  // A grant is told once a stack: ten thousand runs use the same ones.
  const told = new Set<string>();
  port.on('message', (order: WorkerOrder) => {
    if (order.kind === 'stage') {
      stage = stageOf(order.stage, runtime);
      told.clear();
    } else if (stage === undefined) throw new Error('a plan was sent before its stack');
    else void play(order.plan, stage).then((answer) => port.postMessage(withNewGrants(answer, told)));
  });
}

function withNewGrants(answer: WorkerAnswer, told: Set<string>): WorkerAnswer {
  if (answer.kind === 'failed') return answer;
  const used = answer.usage.used.filter((grant) => !told.has(grant));
  for (const grant of used) told.add(grant);
  return { ...answer, usage: { ...answer.usage, used } };
}
