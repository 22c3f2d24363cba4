import type { RunResult } from '../judge/result';
import { distributionOf } from './distribution';
import type { Distribution } from './distribution';

/** What the switchovers of one scenario to one region came to; seconds. */
export interface SwitchoverSummary {
  readonly scenario: string;
  readonly region: string;
  /** Runs in which one was carried out. */
  readonly runs: number;
  /** Acknowledged submissions without an effect, of those that were under way. */
  readonly lost: number;
  /** Commits that went with the old writer. */
  readonly redone: number;
  /** How long nobody could write: from the claim to the first commit in the new region. */
  readonly pause: Distribution | undefined;
  /** From the request to the first good order that a client sent through the new region. */
  readonly through: Distribution | undefined;
}

/** The switchovers of all runs, those of one scenario to one region together, in the order of the runs. */
export function switchoversIn(results: readonly RunResult[]): readonly SwitchoverSummary[] {
  const all = results.flatMap(({ plan: { scenario }, switchovers }) =>
    switchovers.map((one) => ({ ...one, scenario, key: `${scenario} ${one.region}` })),
  );
  return [...new Set(all.map(({ key }) => key))].flatMap((key) => {
    const own = all.filter((one) => one.key === key);
    const [first] = own;
    if (!first) return [];
    return [
      {
        scenario: first.scenario,
        region: first.region,
        runs: own.length,
        lost: own.reduce((sum, { lost }) => sum + lost, 0),
        redone: own.reduce((sum, { redone }) => sum + redone, 0),
        pause: distributionOf(own.flatMap(({ pauseSeconds }) => pauseSeconds ?? [])),
        through: distributionOf(own.flatMap(({ throughSeconds }) => throughSeconds ?? [])),
      },
    ];
  });
}
