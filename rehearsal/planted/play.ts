import { planOf } from '../packs/scenario';
import { openPool } from '../pool/pool';
import { compileHandlers } from '../runtime/code';
import type { Graph } from '../../analysis/graph/graph';
import type { RunPlan } from '../judge/result';
import type { Scenario } from '../packs/scenario';
import type { StageData } from '../pool/messages';
import type { PlantedFault } from './plant';

/** What is planted; nothing of it is the stack as it is. */
export type Planted = Partial<Pick<PlantedFault, 'sources' | 'graph'>>;

/** What is wrong with each run, in the order of the plans; a simulation that fails is wrong as well. */
export type Seen = readonly (readonly string[])[];

/**
 * Plays plans with something planted.
 * @param bounds what holds a run, by class and chain.
 * @param workers how many threads.
 * @throws Error when what is planted has lost its place.
 */
export async function playPlanted(
  { sources = [], graph: change }: Planted,
  plans: readonly RunPlan[],
  stage: { readonly graph: Graph; readonly bounds: StageData['bounds'] },
  workers = 1,
): Promise<Seen> {
  const { project, stack, resources, invokes, outputs } = change?.(stage.graph) ?? stage.graph;
  const seen = new Map<string, readonly string[]>();
  const pool = openPool(compileHandlers(sources), workers);
  try {
    const data = { graph: { project, stack, resources, invokes, outputs }, bounds: stage.bounds };
    await pool.play(plans, data, (answer) => {
      if (answer.kind === 'failed') seen.set(keyOf(answer.plan), [`the simulation has failed: ${answer.why}`]);
      else seen.set(keyOf(answer.result.plan), answer.result.violations);
    });
  } finally {
    await pool.close();
  }
  return plans.map((plan) => seen.get(keyOf(plan)) ?? ['the run gave no answer']);
}

/** The runs of a scenario. @throws RangeError when there is none of that name. */
export function plansFor(
  scenario: string,
  seeds: readonly string[],
  stack: string,
  scenarios: readonly Scenario[],
): readonly RunPlan[] {
  const found = scenarios.find(({ name }) => name === scenario);
  if (!found) throw new RangeError(`no pack has a scenario ${scenario}`);
  return seeds.map((seed) => planOf(found, stack, seed));
}

function keyOf({ scenario, seed }: RunPlan): string {
  return `${scenario} ${seed}`;
}
