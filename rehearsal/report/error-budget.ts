import type { RunPlan } from '../judge/result';
import type { Budget } from '../../lib/budget/types';
import { AVAILABILITY_TARGET, INCIDENTS, MINUTES_PER_YEAR } from './incidents';
import type { Incident } from './incidents';
import type { GroupSummary } from './summary';

/** One kind of incident over a year. */
export interface IncidentCost {
  readonly incident: Incident;
  /** Where the seconds come from, in words that stand in the report. */
  readonly basis: string;
  readonly measured: boolean;
  /** How long one lasts, in seconds. */
  readonly p50: number;
  readonly p99: number;
  /** Over a year. */
  readonly minutesP50: number;
  readonly minutesP99: number;
  /** Of this kind a year that would use up the target, everything else as stated and each as long as p99. */
  readonly exhaustedAt: number;
}

/** Minutes a year (F8): never a measurement of AWS, always rates that somebody stated times what runs measured. */
export interface ErrorBudget {
  readonly target: number;
  readonly minutes: number;
  readonly costs: readonly IncidentCost[];
  readonly usedP50: number;
  readonly usedP99: number;
  readonly leftP50: number;
  readonly leftP99: number;
}

export const ERROR_BUDGET_HONESTY =
  'Rates are assumptions, times are those of simulated runs. While orders wait, the platform counts as down, though the API goes on ' +
  'accepting them. What is partly broken and needs no failover is not counted. No figure here is an AWS measurement.';

/** The target's minutes a year against stated rates times measured times; pure. */
export function errorBudgetOf(
  groups: readonly GroupSummary[],
  budget: Pick<Budget, 'chains'>,
  incidents: readonly Incident[] = INCIDENTS,
): ErrorBudget {
  const minutes = (1 - AVAILABILITY_TARGET) * MINUTES_PER_YEAR;
  const lengths = incidents.map((incident) => ({ incident, ...lengthOf(incident, groups, budget) }));
  const used = (pick: (one: (typeof lengths)[number]) => number): number =>
    lengths.reduce((sum, one) => sum + (one.incident.perYear * pick(one)) / 60, 0);
  const usedP50 = used(({ p50 }) => p50);
  const usedP99 = used(({ p99 }) => p99);
  return {
    target: AVAILABILITY_TARGET,
    minutes,
    costs: lengths.map((one) => {
      const own = (one.incident.perYear * one.p99) / 60;
      return {
        ...one,
        minutesP50: (one.incident.perYear * one.p50) / 60,
        minutesP99: own,
        exhaustedAt: Math.max(0, ((minutes - (usedP99 - own)) * 60) / one.p99),
      };
    }),
    usedP50,
    usedP99,
    leftP50: minutes - usedP50,
    leftP99: minutes - usedP99,
  };
}

type Length = Pick<IncidentCost, 'basis' | 'measured' | 'p50' | 'p99'>;

function lengthOf({ lasts }: Incident, groups: readonly GroupSummary[], budget: Pick<Budget, 'chains'>): Length {
  if (lasts.kind === 'stated') {
    const { seconds, confidence, source } = lasts;
    return { basis: `${confidence}: ${source}`, measured: false, p50: seconds, p99: seconds };
  }
  const group = groups.find(({ runClass, chain }) => runClass === 'A' && chain === lasts.chain);
  if (group?.rto) {
    const { count, p50, p99 } = group.rto;
    return { basis: `RTO of ${count} simulated runs of class A, ${lasts.chain} chain`, measured: true, p50, p99 };
  }
  const { expected, worst } = chainOf(lasts.chain, budget);
  return {
    basis: `not measured: the budget's expected and worst, ${lasts.chain} chain`,
    measured: false,
    p50: expected,
    p99: worst,
  };
}

/** The longest chain; @throws Error when the budget has none of that kind. */
function chainOf(chain: RunPlan['chain'], { chains }: Pick<Budget, 'chains'>): { expected: number; worst: number } {
  const key = chain === 'region' ? 'rtoSeconds' : 'databaseRtoSeconds';
  const own = chains.filter(({ target }) => target.key === key);
  if (own.length === 0) throw new Error(`the budget has no chain for ${key}`);
  return {
    expected: Math.max(...own.map(({ seconds }) => seconds.expected)),
    worst: Math.max(...own.map(({ seconds }) => seconds.worst)),
  };
}
