import { Authorizer } from './iam/authorizer';
import { backgroundNeeds } from './iam/background-needs';
import { performAll } from './iam/service-action';
import { mergeUsage, NO_USAGE } from './iam/usage';
import { openPool } from './pool/pool';
import { compileHandlers } from './runtime/code';
import type { Graph } from '../analysis/graph/graph';
import type { Usage } from './iam/usage';
import type { RunPlan, RunResult } from './judge/result';
import type { StageData } from './pool/messages';
import type { Pool } from './pool/pool';
import type { ClassBound } from './report/report';
import type { HandlerCode } from './runtime/code';

/** A run whose simulation failed: it proves nothing, and is no pass. */
export interface FailedRun {
  readonly plan: RunPlan;
  readonly why: string;
}

/** What comes of many runs. */
export interface Campaign {
  /** In the order of the plans. */
  readonly results: readonly RunResult[];
  readonly failed: readonly FailedRun[];
  readonly usage: Usage;
}

/** What many runs of one stack need. */
export interface CampaignParts {
  readonly graph: Graph;
  readonly bounds: readonly ClassBound[];
  /** @default the handlers as they are */
  readonly code?: HandlerCode;
  readonly workers?: number;
  /** Whose threads play; it stays open. @default one of its own, of that code and so many workers */
  readonly pool?: Pool;
  /** Hears how many of how many runs are over. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Whose timeline is kept, by its place among the plans. @default none */
  readonly narrated?: number;
}

/** Plays all plans on all cores. */
export async function runCampaign(plans: readonly RunPlan[], parts: CampaignParts): Promise<Campaign> {
  if (parts.pool) return campaignOn(parts.pool, plans, parts);
  const own = openPool(parts.code ?? compileHandlers(), parts.workers);
  try {
    return await campaignOn(own, plans, parts);
  } finally {
    await own.close();
  }
}

async function campaignOn(
  pool: Pool,
  plans: readonly RunPlan[],
  { graph, bounds, onProgress, narrated }: CampaignParts,
): Promise<Campaign> {
  const places = new Map(plans.map((plan, place) => [keyOf(plan), place]));
  const results: RunResult[] = [];
  const failed: FailedRun[] = [];
  let usage = inBackground(graph);
  let done = 0;
  await pool.play(plans, stageDataOf(graph, bounds), (answer) => {
    done += 1;
    onProgress?.(done, plans.length);
    if (answer.kind === 'failed') {
      failed.push(answer);
      return;
    }
    const { result } = answer;
    usage = mergeUsage(usage, answer.usage);
    const place = places.get(keyOf(result.plan)) ?? plans.length;
    results[place] = place === narrated ? result : { ...result, timeline: [] };
  });
  // Holes are the runs that failed.
  return { results: results.filter(Boolean), failed, usage };
}

/** What plans are played on, as plain data. */
export function stageDataOf(graph: Graph, bounds: readonly ClassBound[]): StageData {
  const { project, stack, resources, invokes, outputs } = graph;
  return {
    graph: { project, stack, resources, invokes, outputs },
    bounds: Object.fromEntries(
      bounds.map(({ runClass, chain, best, worst, target = Infinity }) => [
        `${runClass} ${chain}`,
        { best, worst, target },
      ]),
    ),
  };
}

/** What AWS does with roles of the stack whether or not anything is rehearsed: replication, logs, volumes. */
function inBackground(graph: Graph): Usage {
  const authorizer = new Authorizer(graph);
  performAll(authorizer, backgroundNeeds(graph));
  return mergeUsage(NO_USAGE, authorizer.takeUsage());
}

function keyOf({ scenario, seed, faults }: RunPlan): string {
  return `${scenario} ${seed} ${faults.length}`;
}
