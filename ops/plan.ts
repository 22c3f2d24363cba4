import { parseArgs } from 'node:util';
import { budgetOf, renderBudget } from '../analysis/budget/budget';
import { estimateCost } from '../analysis/cost/estimate';
import { renderCost } from '../analysis/cost/render';
import { searchCost } from '../analysis/cost/search';
import { evaluateStack } from '../analysis/graph/evaluate-stack';
import { planOf } from '../analysis/plan/plan';
import { renderPlan } from '../analysis/plan/render';
import { graphReadiness } from '../analysis/readiness/readiness';
import { renderReadiness } from '../analysis/readiness/render';
import { parseConfig } from '../lib/config';
import { ROOT } from '../lib/bundles';
import { costSection } from './rehearsal/cost-section';
import { rehearseLoss } from './rehearsal/loss';
import { openPool } from '../rehearsal/pool/pool';
import { compileHandlers } from '../rehearsal/runtime/code';
import { readStack, stackNames } from '../analysis/graph/stack-files';
import { buildAll } from '../scripts/build';
import type { CostSearch } from '../analysis/cost/search';
import type { Graph } from '../analysis/graph/graph';
import type { TapConfig } from '../lib/config';
import type { Pool } from '../rehearsal/pool/pool';

/** Runs that `npm start` plays besides the one that it tells: enough for a distribution, few enough to wait for. */
const SEEDED_RUNS = 30;

const USAGE = `usage: npm start -- [--stack NAME] [--runs N] [--cost] [--json]

Evaluates the program for one stack in this process, prints what "pulumi up" would create and its RTO and RPO budget, and
rehearses the loss of a region with the real handlers in virtual time. It needs no AWS account, no credentials and no Pulumi
CLI, and creates nothing. A target that is missed in the worst case makes it fail, unless the stack is alert-only; so does a
rehearsed run in which anything is wrong.
  --stack NAME  the stack file to use, Pulumi.NAME.yaml; default: dev
  --runs N      how many times primary is lost besides the run that is told; 0: no rehearsal; default: ${SEEDED_RUNS}
  --cost        instead of the plan: what the stack costs a month, what each second of recovery costs, and the cheapest
                configuration that still meets every target; about ten evaluations of a few seconds, and no rehearsal,
                unless --runs asks for one, whose page then has it all
  --json        plan and budget, or the cost, as one JSON document on standard output, without a rehearsal
  --help        this text`;

/** Builds what is missing, evaluates one stack and prints its plan and budget, or its cost; progress goes to standard error. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stack: { type: 'string', default: 'dev' },
      runs: { type: 'string' },
      cost: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(`${USAGE}\n\nstacks: ${stackNames(ROOT).join(', ')}`);
    return;
  }
  const { cost: withCost, json } = values;
  const runs = runsFrom(values.runs ?? String(withCost ? 0 : SEEDED_RUNS));
  if (withCost && json && runs > 0) {
    throw new Error(`--cost --json prints one document and rehearses nothing; leave out --json or --runs ${runs}`);
  }
  const { project, stack, config: raw } = readStack(ROOT, values.stack);
  const config = parseConfig(raw, { project, stack });
  const asked = { stack, config, runs, withCost, json, progress: (line: string) => console.error(line) };
  if (runs === 0 || json || config.failoverMode !== 'automatic') {
    await plan(asked);
    return;
  }
  // The handlers are compiled while the stack is evaluated: either takes a second or two.
  const pool = openPool(compileHandlers());
  try {
    await plan(asked, pool);
  } finally {
    await pool.close();
  }
}

/** What was asked for on the command line. */
interface Asked extends Says {
  readonly stack: string;
  readonly config: TapConfig;
  readonly runs: number;
  readonly withCost: boolean;
  readonly json: boolean;
}

/** @param pool none where nothing is rehearsed. */
async function plan({ stack, config, runs, withCost, json, progress }: Asked, pool?: Pool): Promise<void> {
  await buildAll({ say: progress });
  progress(`evaluating ${stack}`);
  const started = process.hrtime.bigint();
  const graph = await evaluateStack(stack);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const search = withCost ? await searchStack({ graph, config, progress }) : undefined;
  const { text, met } = search ? costReport({ graph, config, search, json }) : report({ graph, config, seconds, json });
  console.log(text);
  if (!met) process.exitCode = 1;
  if (!pool) {
    if (runs > 0 && !json)
      console.log('\nnot rehearsed: failoverMode is alert-only, so that no region takes over by itself');
    return;
  }
  const cost = costSection(search ?? estimateOf({ graph, config, progress }));
  if (!(await rehearseLoss({ graph, config, runs, pool, progress, ...(cost && { cost }) }))) process.exitCode = 1;
}

/** Only for the page: a stack that nobody can price is rehearsed all the same, and says so. */
function estimateOf({ graph, config, progress }: { readonly graph: Graph; readonly config: TapConfig } & Says) {
  try {
    return { estimate: estimateCost(graph, { places: placesOf(config) }) };
  } catch (error) {
    progress(`the page says nothing of the cost: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

const placesOf = ({ primaryRegion, drRegion }: TapConfig) => ({ primary: primaryRegion, dr: drRegion });

function searchStack({ graph, config, progress }: Omit<CostOptions, 'search' | 'json'> & Says): Promise<CostSearch> {
  const evaluate = (overrides: Readonly<Record<string, string>>): Promise<Graph> =>
    evaluateStack(graph.stack, { overrides });
  return searchCost({ config, graph, evaluate, progress });
}

interface Says {
  readonly progress: (line: string) => void;
}

/** Whose cost is reported, and how. */
export interface CostOptions {
  readonly graph: Graph;
  readonly config: TapConfig;
  readonly search: CostSearch;
  readonly json: boolean;
}

/** The cost of a stack, and whether every target is met, as for the plan. */
export function costReport({ graph, config, search, json }: CostOptions): {
  readonly text: string;
  readonly met: boolean;
} {
  const { project, stack } = graph;
  const { primary, dr } = placesOf(config);
  const regions = { primary, dr, global: `witness ${config.witnessRegion}, Route 53` };
  const text = json
    ? JSON.stringify({ project, stack, regions, cost: search }, null, 2)
    : renderCost(search, { project, stack, regions });
  return { text, met: budgetOf(graph, config).allowed };
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

/** The plan, the budget and the readiness of a graph, and whether every target is met. */
export function report({ graph, config, seconds, json }: ReportOptions): {
  readonly text: string;
  readonly met: boolean;
} {
  const plan = planOf(graph);
  const budget = budgetOf(graph, config);
  const readiness = graphReadiness(graph);
  const text = json
    ? JSON.stringify({ ...plan, budget, readiness, seconds, graph: graph.resources }, null, 2)
    : [renderPlan(plan, config, seconds), '', ...renderBudget(budget), '', ...renderReadiness(readiness)].join('\n');
  return { text, met: budget.allowed };
}
