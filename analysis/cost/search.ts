import { budgetOf } from '../budget/budget';
import { estimateCost } from './estimate';
import { changesOf, gridOf, MOST_COMBINATIONS } from './knobs';
import { accelerations, cheapestOf, isOutcome, recoveryOf, savings, tradesOf } from './trade';
import type { TapConfig } from '../../lib/config';
import type { Graph } from '../graph/graph';
import type { CostEstimate } from './estimate';
import type { Change } from './knobs';
import type { Outcome, Refused, Trade, Tried } from './trade';
import type { Workload } from './workload';

/** Evaluates the stack with values of configuration keys over its own. */
export type Evaluate = (overrides: Readonly<Record<string, string>>) => Promise<Graph>;

/** What a search needs. */
export interface SearchOptions {
  readonly config: TapConfig;
  readonly graph: Graph;
  readonly evaluate: Evaluate;
  readonly progress: (line: string) => void;
  readonly workload?: Partial<Workload>;
}

/** What each second costs, and what would be cheapest. */
export interface CostSearch {
  readonly given: Outcome;
  readonly estimate: CostEstimate;
  readonly grid: ReturnType<typeof gridOf>;
  readonly trades: readonly Trade[];
  /** What the program would not take. */
  readonly refused: readonly Refused[];
  /** Undefined when no configuration that was tried meets the targets. */
  readonly cheapest: Outcome | undefined;
  readonly evaluations: number;
}

/** Targets above every worst case, so that the program builds a graph for a configuration that misses them. */
function lifted({ orderValiditySeconds }: TapConfig): Readonly<Record<string, string>> {
  return {
    rtoSeconds: '3600',
    databaseRtoSeconds: '3600',
    orderValiditySeconds: String(Math.max(orderValiditySeconds, 3_720)),
  };
}

/**
 * Evaluates the stack with other values of the keys that trade recovery for money, one at a time and then together, and
 * prices each. At most `MOST_EVALUATIONS` evaluations, and one more that proves the answer with the stack's own targets.
 *
 * @throws CostError and PriceError of the given configuration; what a change throws becomes a refusal.
 */
export async function searchCost({ config, graph, evaluate, progress, workload }: SearchOptions): Promise<CostSearch> {
  const places = { primary: config.primaryRegion, dr: config.drRegion };
  const estimate = estimateCost(graph, { places, ...(workload && { workload }) });
  const outcomeOf = (of: Graph, changes: readonly Change[]): Outcome => {
    const { usd } = estimateCost(of, { places, ...(workload && { workload }) });
    return { changes, usd, ...recoveryOf(budgetOf(of, config)) };
  };
  const given = outcomeOf(graph, []);
  let evaluations = 0;
  const attempt = async (changes: readonly Change[], targets: Readonly<Record<string, string>>): Promise<Tried> => {
    evaluations += 1;
    progress(`evaluation ${evaluations}: ${changesText(changes)}`);
    try {
      return outcomeOf(await evaluate({ ...targets, ...overridesOf(changes) }), changes);
    } catch (error) {
      return { changes, why: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '' };
    }
  };
  const tried: Tried[] = [];
  for (const change of changesOf(config)) tried.push(await attempt([change], lifted(config)));
  const singles = tried.filter(isOutcome);
  for (const changes of combinations(given, singles)) {
    const outcome = await attempt(changes, lifted(config));
    tried.push(outcome);
    if (isOutcome(outcome) && outcome.meets) break;
  }
  const cheapest = await proven(given, tried.filter(isOutcome), (changes) => attempt(changes, {}), tried);
  const refused = tried.filter((one): one is Refused => !isOutcome(one));
  return { given, estimate, grid: gridOf(config), trades: tradesOf(given, singles), refused, cheapest, evaluations };
}

/** Sets of changes that may be cheapest together: all, then without the smallest saving, and so on. */
function combinations(given: Outcome, singles: readonly Outcome[]): readonly (readonly Change[])[] {
  // A configuration that misses its targets becomes faster first: what makes it so is the last to be left out.
  const faster = given.meets ? [] : accelerations(given, singles);
  const keys = new Set(faster.map(({ key }) => key));
  const all = [...faster, ...savings(given, singles).filter(({ key }) => !keys.has(key))];
  return Array.from({ length: MOST_COMBINATIONS }, (_, fewer) => all.slice(0, Math.max(0, all.length - fewer))).filter(
    (changes) => changes.length > 1,
  );
}

/** The cheapest that the program itself takes with the stack's own targets; a refusal costs it its place. */
async function proven(
  given: Outcome,
  outcomes: readonly Outcome[],
  prove: (changes: readonly Change[]) => Promise<Tried>,
  tried: Tried[],
): Promise<Outcome | undefined> {
  const best = cheapestOf(given, outcomes);
  if (!best || best === given) return best;
  const proof = await prove(best.changes);
  if (isOutcome(proof)) return proof;
  tried.push(proof);
  return cheapestOf(given, []);
}

export function overridesOf(changes: readonly Change[]): Readonly<Record<string, string>> {
  return Object.fromEntries(changes.map(({ key, to }) => [key, String(to)]));
}

export function changesText(changes: readonly Change[]): string {
  return changes.map(({ key, from, to }) => `${key} ${from} -> ${to}`).join(', ');
}
