import type { RunPlan, RunResult } from '../judge/result';

/** One run, by what finds it again. */
export interface RunReference {
  readonly scenario: string;
  readonly seed: string;
  readonly runClass: RunPlan['runClass'];
}

export function runOf({ plan: { scenario, seed, runClass } }: RunResult): RunReference {
  return { scenario, seed, runClass };
}
