import type { Budget } from '../budget/budget';
import type { Change } from './knobs';

/** Worst cases of one configuration, in seconds; undefined where no chain has one. */
export interface Recovery {
  /** The loss of a region. */
  readonly region: number | undefined;
  /** The loss of the database or of processing alone. */
  readonly database: number | undefined;
  /** Until DNS sends clients to dr after the loss of a region; beside the path. */
  readonly dns: number | undefined;
}

/** One configuration that was evaluated. */
export interface Outcome {
  /** By which it differs from the given one. */
  readonly changes: readonly Change[];
  readonly usd: number;
  readonly recovery: Recovery;
  /** Whether every target is met in the worst case, by the chains and by DNS. */
  readonly meets: boolean;
}

/** A change that could not be evaluated, and what the program said. */
export interface Refused {
  readonly changes: readonly Change[];
  readonly why: string;
}

export type Tried = Outcome | Refused;

/** Which worst case a second is one of. */
export type Measured = keyof Recovery;

/** What one change of one key does. */
export interface Trade {
  readonly change: Change;
  /** USD a month; below zero it saves. */
  readonly usd: number;
  /** Seconds of the worst case by which it differs; below zero it is faster. */
  readonly seconds: Readonly<Record<Measured, number>>;
  /** The worst case that it moves; undefined when the budget depends on none of it. */
  readonly measured: Measured | undefined;
  /** USD a month for each second gained, or saved for each second lost; undefined where one has not both. */
  readonly usdPerSecond: number | undefined;
  readonly meets: boolean;
}

const MEASURES: readonly Measured[] = ['region', 'database', 'dns'];

export const isOutcome = (tried: Tried): tried is Outcome => 'usd' in tried;

/** The worst cases of a budget, and whether they are within the targets. */
export function recoveryOf({ chains }: Budget): { readonly recovery: Recovery; readonly meets: boolean } {
  const worst = (of: Budget['chains']): number | undefined =>
    of.length === 0 ? undefined : Math.max(...of.map(({ seconds }) => seconds.worst));
  const region = chains.filter(({ target }) => target.key === 'rtoSeconds');
  const database = chains.filter(({ target }) => target.key === 'databaseRtoSeconds');
  const dead = region.flatMap(({ beside }) => beside.filter(({ says }) => says.startsWith('DNS answers')));
  return {
    recovery: {
      region: worst(region),
      database: worst(database),
      // The first chain is that of a region that is dead for everybody: its check alone moves DNS.
      dns: dead[0]?.seconds.worst,
    },
    meets: chains.every(
      ({ seconds, target, beside }) =>
        seconds.worst <= target.seconds &&
        beside.every(({ says, seconds: dns }) => !says.startsWith('DNS answers') || dns.worst <= target.seconds),
    ),
  };
}

/** What each single change does against the given configuration, the dearest second first. */
export function tradesOf(given: Outcome, outcomes: readonly Outcome[]): readonly Trade[] {
  return outcomes
    .flatMap((one) => {
      const [change] = one.changes;
      return change && one.changes.length === 1 ? [tradeOf(given, one, change)] : [];
    })
    .sort((a, b) => (b.usdPerSecond ?? -1) - (a.usdPerSecond ?? -1) || b.usd - a.usd);
}

function tradeOf(given: Outcome, one: Outcome, change: Change): Trade {
  const usd = one.usd - given.usd;
  const difference = (measured: Measured): number => (one.recovery[measured] ?? 0) - (given.recovery[measured] ?? 0);
  const seconds = { region: difference('region'), database: difference('database'), dns: difference('dns') };
  const measured = MEASURES.find((name) => Math.abs(seconds[name]) > 1e-9);
  const moved = measured === undefined ? 0 : seconds[measured];
  // Slower and dearer, or faster and cheaper, has no price: there is nothing to weigh.
  const usdPerSecond = usd * moved < 0 ? Math.abs(usd / moved) : undefined;
  return { change, usd, seconds, measured, usdPerSecond, meets: one.meets };
}

/** The changes to try together next: each saves, each meets, one per key, the cheapest of its key. */
export function savings(given: Outcome, outcomes: readonly Outcome[]): readonly Change[] {
  return bestPerKey(outcomes.filter((one) => one.meets && one.usd < given.usd));
}

/** The changes that shorten a worst case which is too long, the fastest of each key. */
export function accelerations(given: Outcome, outcomes: readonly Outcome[]): readonly Change[] {
  const isFaster = ({ recovery }: Outcome): boolean =>
    MEASURES.some((name) => (recovery[name] ?? 0) < (given.recovery[name] ?? 0)) &&
    MEASURES.every((name) => (recovery[name] ?? 0) <= (given.recovery[name] ?? 0));
  return bestPerKey(outcomes.filter(isFaster));
}

function bestPerKey(outcomes: readonly Outcome[]): readonly Change[] {
  const best = new Map<string, { readonly change: Change; readonly usd: number }>();
  for (const { changes, usd } of outcomes) {
    const [change] = changes;
    if (!change || changes.length !== 1) continue;
    const before = best.get(change.key);
    if (!before || usd < before.usd) best.set(change.key, { change, usd });
  }
  return [...best.values()].sort((a, b) => a.usd - b.usd).map(({ change }) => change);
}

/** The cheapest of all that meet every target; the given one wins a draw. Undefined when none meets them. */
export function cheapestOf(given: Outcome, outcomes: readonly Outcome[]): Outcome | undefined {
  return [given, ...outcomes]
    .filter(({ meets }) => meets)
    .reduce<Outcome | undefined>((best, one) => (best && best.usd <= one.usd ? best : one), undefined);
}
