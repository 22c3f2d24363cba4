import type { Expectation, RunResult } from '../judge/result';
import { distributionOf } from './distribution';
import type { Distribution } from './distribution';
import type { Pack } from './report';

/** The runs of one scenario. */
export interface ScenarioSummary {
  readonly scenario: string;
  readonly expectation: Expectation;
  readonly runs: number;
  readonly passed: number;
  readonly failed: number;
  /** Runs in which an epoch was claimed. */
  readonly failedOver: number;
  readonly rto: Distribution | undefined;
}

/** One pack; `passed` and `failed` are all runs of it. */
export interface PackSummary {
  readonly name: string;
  readonly says: string;
  readonly runs: number;
  readonly passed: number;
  readonly failed: number;
  /** In the pack's order; one that was not run is here with 0 runs. */
  readonly scenarios: readonly ScenarioSummary[];
}

/** Whether a run is not as it must be. */
export type IsWrong = (result: RunResult) => boolean;

/** What stands in no pack: schedules made from seeds. */
const NO_PACK = 'no pack';

/**
 * Each run in exactly one pack, so that their sum is all runs.
 * @throws Error when two packs have one scenario with one expectation: nobody could say where its runs belong.
 */
export function packsOf(
  packs: readonly Pack[],
  results: readonly RunResult[],
  isWrong: IsWrong,
): readonly PackSummary[] {
  const owners = new Map<string, string>();
  for (const pack of packs) {
    for (const scenario of pack.scenarios) {
      const key = keyOf(scenario, pack.expectation);
      const other = owners.get(key);
      if (other !== undefined) throw new Error(`the scenario ${scenario} is in the packs ${other} and ${pack.name}`);
      owners.set(key, pack.name);
    }
  }
  const runs = new Map<string, RunResult[]>();
  for (const result of results) {
    const key = keyOf(result.plan.scenario, result.plan.expectation);
    const own = runs.get(key);
    if (own) own.push(result);
    else runs.set(key, [result]);
  }
  const known = packs.map((pack) =>
    packOf(
      pack.name,
      pack.says,
      pack.scenarios.map((scenario) =>
        scenarioOf(
          { scenario, expectation: pack.expectation },
          runs.get(keyOf(scenario, pack.expectation)) ?? [],
          isWrong,
        ),
      ),
    ),
  );
  const others = [...runs].flatMap(([key, own]) => {
    const [first] = own;
    return owners.has(key) || !first ? [] : [scenarioOf(first.plan, own, isWrong)];
  });
  return others.length === 0 ? known : [...known, packOf(NO_PACK, 'schedules from seeds, or chosen by hand', others)];
}

const keyOf = (scenario: string, expectation: Expectation): string => `${expectation} ${scenario}`;

function packOf(name: string, says: string, scenarios: readonly ScenarioSummary[]): PackSummary {
  const sum = (count: (one: ScenarioSummary) => number): number =>
    scenarios.reduce((total, one) => total + count(one), 0);
  return {
    name,
    says,
    runs: sum(({ runs }) => runs),
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    scenarios,
  };
}

function scenarioOf(
  { scenario, expectation }: Pick<ScenarioSummary, 'scenario' | 'expectation'>,
  results: readonly RunResult[],
  isWrong: IsWrong,
): ScenarioSummary {
  const failed = results.filter(isWrong).length;
  return {
    scenario,
    expectation,
    runs: results.length,
    passed: results.length - failed,
    failed,
    failedOver: results.filter(({ failovers }) => failovers.length > 0).length,
    rto: distributionOf(results.flatMap(recoveryOf)),
  };
}

/** From the first fault to the last recovery is no recovery time where the way home is asked for in between. */
function recoveryOf({ plan, rtoSeconds }: RunResult): readonly number[] {
  return plan.expectation === 'comes-home' || rtoSeconds === undefined ? [] : [rtoSeconds];
}
