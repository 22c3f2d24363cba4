import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prettifyError, ZodError } from 'zod';
import { evaluateStack } from '../analysis/graph/evaluate-stack';
import { readStack, stackNames } from '../analysis/graph/stack-files';
import { DIST, ROOT } from '../lib/bundles';
import { parseConfig } from '../lib/config';
import { runCampaign } from '../rehearsal/campaign';
import { PACKS, scenarioOf, SEEDED } from '../rehearsal/packs/packs';
import { planOf, plansOf } from '../rehearsal/packs/scenario';
import { crashPoint } from '../rehearsal/packs/must-survive';
import { shrink } from '../rehearsal/packs/shrink';
import { summarise } from '../rehearsal/report/summary';
import { renderTerminal } from '../rehearsal/report/terminal';
import { verdictOf } from '../rehearsal/report/verdict';
import { writeReport } from '../rehearsal/report/write';
import { openPool } from '../rehearsal/pool/pool';
import { compileHandlers } from '../rehearsal/runtime/code';
import { buildAll } from '../scripts/build';
import { createProgress } from './rehearsal/progress';
import { planFrom } from './rehearsal/plan-form';
import { boundsOfStack, reportOf } from './rehearsal/report';
import type { Graph } from '../analysis/graph/graph';
import type { TapConfig } from '../lib/config';
import type { CampaignParts } from '../rehearsal/campaign';
import type { RunPlan, RunResult } from '../rehearsal/judge/result';
import type { Pool } from '../rehearsal/pool/pool';

const USAGE = `usage: npm run rehearse -- [options]

Loses a region in virtual time, with the real handlers, and says what came of it. It needs no AWS account.
  --stack NAME       the stack file whose graph is deployed into the simulation; default: dev
  --pack NAME        all scenarios of a pack: ${PACKS.map(({ name }) => name).join(', ')}, or all
  --scenario NAME    one scenario; default, without --pack: the loss of primary, whole
  --runs N           how many seeds; default: 1
  --seed TEXT        the seed, or what the seeds of several runs begin with; default: 1
  --plan FILE        one run from a file with its plan as JSON, as a failing schedule was printed
  --crash-points N   as --scenario region-dark, with a crash of the orchestrator at each of its first N messages
  --workers N        threads; default: as many as there are cores
  --timeline         tells every moment of the first run
  --json             the report as one JSON document on standard output
  --out FOLDER       where the page, the JSON and the text are written; default: ${DIST}/rehearsal
  --help             this text

Examples
  npm run rehearse -- --scenario region-dark --seed 7 --timeline
  npm run rehearse -- --pack must-not-fail-over --runs 50
  npm run rehearse -- --runs 10000

Exit code 0: everything is as it must be; 1: something is not, and the command that repeats it is printed, or the rehearsal
could not be played, and the text says why; 2: a wrong option.`;

const OPTIONS = {
  stack: { type: 'string', default: 'dev' },
  pack: { type: 'string' },
  scenario: { type: 'string' },
  runs: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  plan: { type: 'string' },
  'crash-points': { type: 'string' },
  workers: { type: 'string' },
  timeline: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  out: { type: 'string', default: path.join(DIST, 'rehearsal') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** An option with a value that is not allowed. */
class OptionError extends Error {
  override readonly name = 'OptionError';
}

type Values = ReturnType<typeof readOptions>;

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (error) {
    throw new OptionError(reasonOf(error));
  }
}

/** The command `npm run rehearse`. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await rehearse(readOptions(argv));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
}

async function rehearse(values: Values): Promise<void> {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const plans = plansFrom(values);
  const workers = values.workers === undefined ? availableParallelism() : wholeNumber('--workers', values.workers);
  const { project, stack, config: raw } = readStack(ROOT, values.stack);
  const config = parseConfig(raw, { project, stack });
  const pool = openPool(compileHandlers(), workers);
  try {
    await buildAll({ say: (line) => console.error(line) });
    await rehearsePlans(plans, { values, config, pool, workers, graph: await evaluateStack(stack) });
  } finally {
    await pool.close();
  }
}

interface Played {
  readonly values: Values;
  readonly config: TapConfig;
  readonly pool: Pool;
  readonly workers: number;
  readonly graph: Graph;
}

async function rehearsePlans(plans: readonly RunPlan[], { values, config, pool, workers, graph }: Played) {
  const { budget, bounds } = boundsOfStack(graph, config);
  const started = Date.now();
  const parts: CampaignParts = { graph, bounds, pool };
  const campaign = await runCampaign(plans, { ...parts, narrated: 0, onProgress: createProgress('rehearsing') });
  const wallSeconds = (Date.now() - started) / 1_000;
  const [narrated] = campaign.results;
  for (const { plan, why } of campaign.failed) {
    console.error(`the simulation itself failed in ${plan.scenario}, seed ${plan.seed}, which proves nothing:\n${why}`);
  }
  if (!narrated) {
    process.exitCode = 1;
    return;
  }
  const isComplete = values.pack === 'all';
  const report = reportOf({
    graph,
    budget,
    bounds,
    campaign,
    narrated,
    isComplete,
    measured: { wallSeconds, workers },
  });
  const verdict = verdictOf(report, summarise(report));
  const written = writeReport(path.resolve(ROOT, values.out), report);
  if (values.json) console.log(readFileSync(written.json, 'utf8'));
  else console.log(renderTerminal(report, { colour: process.stdout.isTTY }));
  if (values.timeline) tell(narrated);
  console.error(`the page: ${path.relative(process.cwd(), written.html)}`);
  if (verdict.passed && campaign.failed.length === 0) return;
  process.exitCode = 1;
  await showSmallest(campaign.results, parts);
}

/** @throws OptionError naming the option, its value and what is allowed. */
function plansFrom(values: Values): readonly RunPlan[] {
  const { stack, seed } = values;
  const stacks = stackNames(ROOT);
  if (!stacks.includes(stack)) throw new OptionError(`--stack is ${stack}; allowed are ${stacks.join(', ')}`);
  if (values.plan !== undefined) return [planOfFile(values.plan, stack)];
  const runs = wholeNumber('--runs', values.runs);
  const seeds = runs === 1 ? [seed] : Array.from({ length: runs }, (_, run) => `${seed}-${run}`);
  if (values['crash-points'] !== undefined) {
    const numbers = Array.from(
      { length: wholeNumber('--crash-points', values['crash-points']) },
      (_, index) => index + 1,
    );
    return numbers.flatMap((number) =>
      (['sends', 'hears'] as const).map((crossing) => planOf(crashPoint(crossing, number), stack, seed)),
    );
  }
  if (values.scenario !== undefined) return plansOf([named(values.scenario)], stack, seeds);
  if (values.pack === undefined) {
    // A run is one way of losing the region, in turn.
    return seeds.flatMap((one, index) => {
      const scenario = SEEDED[index % SEEDED.length];
      return scenario ? [planOf(scenario, stack, one)] : [];
    });
  }
  const packs = PACKS.filter(({ name }) => values.pack === 'all' || values.pack === name);
  if (packs.length === 0) {
    throw new OptionError(`--pack is ${values.pack}; allowed are ${PACKS.map(({ name }) => name).join(', ')} and all`);
  }
  return plansOf(
    packs.flatMap(({ scenarios }) => scenarios),
    stack,
    seeds,
  );
}

/** A plan is played on the graph of its own stack, or it would show something else than what was found. */
function planOfFile(file: string, stack: string): RunPlan {
  let plan: RunPlan;
  try {
    plan = planFrom(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new OptionError(`--plan is ${file}; allowed is a file with a plan as JSON: ${reasonOf(error)}`);
  }
  if (plan.stack === stack) return plan;
  throw new OptionError(`--stack is ${stack}; allowed with the plan in ${file} is ${plan.stack}, whose plan it is`);
}

function reasonOf(error: unknown): string {
  if (error instanceof ZodError) return prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

function named(name: string) {
  try {
    return scenarioOf(name);
  } catch (error) {
    throw new OptionError(`--scenario is ${name}: ${reasonOf(error)}`);
  }
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new OptionError(`${option} is ${text}; allowed are whole numbers from 1 on`);
  return Number(text);
}

function tell({ timeline }: RunResult): void {
  for (const { at, phase, text } of timeline)
    console.log(`${at.toFixed(1).padStart(8)} s  ${phase.padEnd(16)} ${text}`);
}

/** Makes the schedule of the first run that failed as small as it goes, and prints it so that it can be played again. */
async function showSmallest(results: readonly RunResult[], parts: CampaignParts): Promise<void> {
  // Without the loss of the region nothing takes over either: only what must never happen has a smallest schedule.
  const failing = results.find(({ violations, plan }) => plan.faults.length > 1 && violations.some(isUnsafe));
  if (!failing) return;
  const kind = kindOf(failing.violations.find(isUnsafe));
  console.error(`looking for the smallest schedule that still shows "${kind}"`);
  const smallest = await shrink(failing.plan, async (plan) => {
    const { results: again } = await runCampaign([plan], parts);
    return again.some(({ violations }) => violations.some((violation) => kindOf(violation) === kind));
  });
  console.error(`the smallest schedule, for --plan FILE:\n${JSON.stringify(smallest, null, 2)}`);
}

function isUnsafe(violation: string): boolean {
  return !violation.startsWith('no ');
}

/** What a violation is, without the ids in it. */
function kindOf(violation = ''): string {
  return violation.replace(/[0-9a-f-]{8,}|\d+(\.\d+)?/g, '*');
}
