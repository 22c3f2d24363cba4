import { availableParallelism } from 'node:os';
import path from 'node:path';
import { DIST, ROOT } from '../../lib/bundles';
import { runCampaign } from '../../rehearsal/campaign';
import { SEEDED } from '../../rehearsal/packs/packs';
import { planOf } from '../../rehearsal/packs/scenario';
import { summarise } from '../../rehearsal/report/summary';
import { renderTerminal } from '../../rehearsal/report/terminal';
import { verdictOf } from '../../rehearsal/report/verdict';
import { writeReport } from '../../rehearsal/report/write';
import { createProgress } from './progress';
import { boundsOfStack, reportOf } from './report';
import type { Graph } from '../../analysis/graph/graph';
import type { TapConfig } from '../../lib/config';
import type { Pool } from '../../rehearsal/pool/pool';
import type { CostSection } from '../../rehearsal/report/html-cost';

/** What is lost, and how often. */
export interface LossOptions {
  readonly graph: Graph;
  readonly config: TapConfig;
  /** Besides the run that is told. */
  readonly runs: number;
  /** Whose threads play. */
  readonly pool: Pool;
  readonly progress: (line: string) => void;
  /** For the page; left out, the page has no section for it. */
  readonly cost?: CostSection;
}

/** Loses primary once to tell of it, and again and again to see how long it takes; prints the report. @returns whether all is well. */
export async function rehearseLoss({ graph, config, runs, pool, progress, cost }: LossOptions): Promise<boolean> {
  const { budget, bounds } = boundsOfStack(graph, config);
  const workers = availableParallelism();
  const plans = Array.from({ length: runs + 1 }, (_, index) => {
    const scenario = SEEDED[index % SEEDED.length];
    if (!scenario) throw new Error('no scenario loses the region');
    return planOf(scenario, graph.stack, `start-${index}`);
  });
  const started = Date.now();
  const parts = { graph, bounds, pool, narrated: 0, onProgress: createProgress('rehearsing') };
  const campaign = await runCampaign(plans, parts);
  for (const { plan, why } of campaign.failed)
    progress(`the simulation failed in ${plan.scenario}, seed ${plan.seed}: ${why}`);
  const [narrated] = campaign.results;
  if (!narrated) return false;
  const measured = { wallSeconds: (Date.now() - started) / 1_000, workers };
  const report = reportOf({ graph, budget, bounds, campaign, narrated, isComplete: false, measured });
  console.log(renderTerminal(report, { colour: process.stdout.isTTY }));
  const { html } = writeReport(path.join(ROOT, DIST, 'rehearsal'), report, cost && { cost });
  progress(`the page: ${path.relative(process.cwd(), html)}`);
  return campaign.failed.length === 0 && verdictOf(report, summarise(report)).passed;
}
