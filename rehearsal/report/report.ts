import type { Assumption } from '../../lib/budget/assumptions';
import type { Budget } from '../../lib/budget/types';
import type { ModelledBehaviour } from '../aws/fidelity';
import type { Allowance } from '../iam/allowed-unused';
import type { PrivilegeReport } from '../iam/report';
import type { Expectation, RunClass, RunPlan, RunResult } from '../judge/result';
import type { Topology } from './topology';

/** Everything that is read of a rehearsal. JSON as it stands; when and where it was made is not in it, so that one seed gives one report. */
export interface RehearsalReport {
  readonly project: string;
  readonly stack: string;
  readonly regions: { readonly primary: string; readonly dr: string; readonly witness?: string };
  readonly budget: Budget;
  /** What holds the runs of a class and chain; a pair without one has no claim about time. */
  readonly bounds: readonly ClassBound[];
  /** The run that is told moment by moment; it counts only when it is among the results as well. */
  readonly narrated: RunResult;
  /** Every run, those of the packs too. */
  readonly results: readonly RunResult[];
  readonly packs: readonly Pack[];
  /** Undefined when the packs that would use every grant were not run. */
  readonly privileges?: PrivilegeReport;
  /** Grants that may stay unused, and why. */
  readonly allowances: readonly Allowance[];
  readonly assumptions: readonly NamedAssumption[];
  readonly fidelity: readonly ModelledBehaviour[];
  readonly topology: Topology;
  /** What the rehearsal cost where it ran; no two machines agree, so it stands apart and can be left out. */
  readonly measured?: Measured;
}

/** What a class of runs is held by; seconds. */
export interface ClassBound {
  readonly runClass: RunClass;
  readonly chain: RunPlan['chain'];
  readonly best: number;
  readonly worst: number;
  /** Undefined: the bound is printed, and no target judges it. */
  readonly target?: number;
  readonly says: string;
}

/** Scenarios that are run for one reason. */
export interface Pack {
  readonly name: string;
  readonly says: string;
  readonly expectation: Expectation;
  readonly scenarios: readonly string[];
}

/** An assumption and the word by which the budget's terms name it. */
export interface NamedAssumption extends Assumption {
  readonly id: string;
}

export interface Measured {
  readonly wallSeconds: number;
  readonly workers: number;
}

/** What no reader may overlook. */
export const HONESTY =
  'Delays of AWS are injected from documented ranges, and assumed where AWS documents none; not an AWS measurement. ' +
  'Every RTO is given that a promotion takes no longer than assumed.';

/** Text that makes a run happen again, exactly. */
export type Replay = (plan: RunPlan) => string;

/** The command of package.json. */
export const replayCommand: Replay = ({ stack, scenario, seed }) =>
  `npm run rehearse -- --stack ${quoted(stack)} --scenario ${quoted(scenario)} --seed ${quoted(seed)}`;

/** For a POSIX shell, as it is when it needs no quotes. */
function quoted(word: string): string {
  return /^[\w./:@#=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The bounds that a budget gives: class A by its chains, class B by the same and what one crash of the orchestrator adds.
 *
 * @param crashSeconds until the run is resumed, in the worst case.
 */
export function boundsOf(budget: Budget, crashSeconds: number): readonly ClassBound[] {
  const chains = [
    { chain: 'region', key: 'rtoSeconds', says: 'region lost' },
    { chain: 'database', key: 'databaseRtoSeconds', says: 'database or processing alone' },
  ] as const;
  return chains.flatMap(({ chain, key, says }) => {
    const own = budget.chains.filter((one) => one.target.key === key);
    if (own.length === 0) return [];
    const best = Math.min(...own.map(({ seconds }) => seconds.best));
    const worst = Math.max(...own.map(({ seconds }) => seconds.worst));
    const target = budget.targets[key];
    return [
      { runClass: 'A', chain, best, worst, target, says: `${says}: the budget's best and worst` },
      { runClass: 'B', chain, best, worst: worst + crashSeconds, says: `${says}, and one crash of the orchestrator` },
    ];
  });
}
