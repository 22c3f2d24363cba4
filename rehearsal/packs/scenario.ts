import { Random } from '../kernel/random';
import type { FaultWindow } from '../faults/fault';
import type { Expectation, RunClass, RunPlan } from '../judge/result';

/** One kind of bad day, and what has to come of it. */
export interface Scenario {
  readonly name: string;
  /** What happens, in one sentence for people. */
  readonly story: string;
  readonly expectation: Expectation;
  readonly runClass: RunClass;
  readonly chain: RunPlan['chain'];
  /** What goes wrong in one run; may draw. */
  readonly faults: (random: Random) => readonly FaultWindow[];
  /** Virtual seconds after the fault. @default 460 */
  readonly seconds?: number;
}

/** Long enough for the worst chain and a minute after it; with the time before the fault more than ten minutes. */
const SECONDS = 460;

/** The run of a scenario for one seed. */
export function planOf(scenario: Scenario, stack: string, seed: string): RunPlan {
  const { name, expectation, runClass, chain, faults, seconds = SECONDS } = scenario;
  const windows = faults(new Random(`${seed}/${name}/faults`));
  return { stack, scenario: name, seed, runClass, expectation, chain, faults: windows, seconds };
}

/** The runs of some scenarios for some seeds, scenario by scenario in turn. */
export function plansOf(scenarios: readonly Scenario[], stack: string, seeds: readonly string[]): readonly RunPlan[] {
  return seeds.flatMap((seed) => scenarios.map((scenario) => planOf(scenario, stack, seed)));
}
