import { parseArgs } from 'node:util';
import { budgetOf, renderBudget } from '../analysis/budget/budget';
import { evaluateStack } from '../analysis/graph/evaluate-stack';
import { planOf } from '../analysis/plan/plan';
import { renderPlan } from '../analysis/plan/render';
import { parseConfig } from '../lib/config';
import { ROOT } from '../lib/bundles';
import { rehearseLoss } from './rehearsal/loss';
import { readStack, stackNames } from '../analysis/graph/stack-files';
import { buildAll } from '../scripts/build';
import type { Graph } from '../analysis/graph/graph';
import type { TapConfig } from '../lib/config';

/** Runs that `npm start` plays besides the one that it tells: enough for a distribution, few enough to wait for. */
const SEEDED_RUNS = 30;

const USAGE = `usage: npm start -- [--stack NAME] [--runs N] [--json]

Evaluates the program for one stack in this process, prints what "pulumi up" would create and its RTO and RPO budget, and
rehearses the loss of a region with the real handlers in virtual time. It needs no AWS account, no credentials and no Pulumi
CLI, and creates nothing. A target that is missed in the worst case makes it fail, unless the stack is alert-only; so does a
rehearsed run in which anything is wrong.
  --stack NAME  the stack file to use, Pulumi.NAME.yaml; default: dev
  --runs N      how many times primary is lost besides the run that is told; 0: no rehearsal; default: ${SEEDED_RUNS}
  --json        plan and budget as one JSON document on standard output, without a rehearsal
  --help        this text`;

/** Builds what is missing, evaluates one stack and prints its plan and budget; progress goes to standard error. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stack: { type: 'string', default: 'dev' },
      runs: { type: 'string', default: String(SEEDED_RUNS) },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(`${USAGE}\n\nstacks: ${stackNames(ROOT).join(', ')}`);
    return;
  }
  const progress = (line: string): void => console.error(line);
  const { project, stack, config: raw } = readStack(ROOT, values.stack);
  const config = parseConfig(raw, { project, stack });
  await buildAll({ say: progress });
  progress(`evaluating ${stack}`);
  const started = process.hrtime.bigint();
  const graph = await evaluateStack(stack);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { text, met } = report({ graph, config, seconds, json: values.json === true });
  console.log(text);
  if (!met) process.exitCode = 1;
  const runs = runsFrom(values.runs);
  if (runs === 0 || values.json === true) return;
  if (config.failoverMode !== 'automatic') {
    console.log('\nnot rehearsed: failoverMode is alert-only, so that no region takes over by itself');
    return;
  }
  if (!(await rehearseLoss({ graph, config, runs, progress }))) process.exitCode = 1;
}

function runsFrom(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--runs is ${text}; allowed are whole numbers from 0 on`);
}

/** What there is to report on a graph, and how. */
export interface ReportOptions {
  readonly graph: Graph;
  readonly config: TapConfig;
  /** How long the evaluation took. */
  readonly seconds: number;
  readonly json: boolean;
}

/** The plan and the budget of a graph, and whether every target is met. */
export function report({ graph, config, seconds, json }: ReportOptions): {
  readonly text: string;
  readonly met: boolean;
} {
  const plan = planOf(graph);
  const budget = budgetOf(graph, config);
  const text = json
    ? JSON.stringify({ ...plan, budget, seconds, graph: graph.resources }, null, 2)
    : [renderPlan(plan, config, seconds), '', ...renderBudget(budget)].join('\n');
  return { text, met: budget.allowed };
}
