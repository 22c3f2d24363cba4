import type { FoundEffects } from '../shared/effects';
import type { Telemetry } from '../shared/telemetry';
import type { Kind, Received } from './kinds';
import type { Found, ReceivedIndex } from './received-index';
import type { SweepStore, Swept } from './sweep-store';
import { createUnreported } from './unreported';

/** What sweeping orders or payments touches. */
export interface SweepPorts<R extends Received> {
  readonly kind: Pick<Kind<R>, 'name'>;
  readonly index: ReceivedIndex<R>;
  /** Which of these have no row in PostgreSQL, and what the rows of the others say; at most `ASKED_AT_ONCE`. */
  readonly withoutEffect: (ids: readonly string[]) => Promise<FoundEffects>;
  /**
   * Has these executed; once more is harmless, because each is executed once. What takes long begins nothing after `until`.
   * Resolves to the ids of those that were taken, which are left in peace for a while.
   */
  readonly tryAgain: (open: readonly R[], until: number) => Promise<readonly string[]>;
  readonly store: SweepStore;
  readonly telemetry: Pick<Telemetry, 'info' | 'warn' | 'error' | 'count'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is younger is left to its own message or request, in milliseconds. */
export const PATIENCE_MS = 20_000;
/** What is looked at in every sweep: something of the other region may arrive this late. */
const RECENT_MS = 120_000;
/**
 * What was on its way between the tables when a region was lost reappears when that region returns, with the time at which it was
 * received: beyond what is recent, and behind what was swept. So every sweep also looks at a slice of the last hour, in turn: all
 * of it within six minutes. What reappears after a longer loss is the operator's to reconcile.
 */
const LATE_MS = 3_600_000;
const LATE_SLICE_MS = 120_000;
/** What is received is indexed by the minute: a slice that begins with one asks for no minute twice. */
const MINUTE_MS = 60_000;
/** Nothing older is looked for: a week after the longest validity, a person has to. */
const FARTHEST_MS = 604_800_000;
/** What was tried again is given this long before it is tried once more. */
const TRY_AGAIN_MS = 60_000;
/** No further page is begun after this long; the next sweep goes on. */
const SWEEP_MS = 4_000;
/** How many one question to the ledger holds, and how many one sweep asks for. */
export const ASKED_AT_ONCE = 500;
const ASKED_PER_SWEEP = 5_000;
/** How many that need nothing any more are kept in mind, so that they are not asked for again. */
const MOST_CONFIRMED = 100_000;

/** How far a look at a window came. Times in milliseconds since 1970. */
interface Looked {
  /** Everything received before has been looked at. */
  readonly through: number;
  /** When the oldest without a row was received. */
  readonly firstOpen: number;
  readonly waiting: number;
}

/** A pass over what is older than the recent window; it takes several sweeps when there is much. */
interface Pass {
  /** What was last written to the store: another value there is of another sweep. */
  readonly base: number | undefined;
  readonly cursor: number;
  readonly firstOpen: number;
}

/** Counts down what one sweep may still do. */
interface Budget {
  readonly until: number;
  asked: number;
}

/**
 * Sweeps once per call: looks for orders or payments of both regions without a row and has them executed (X10). What is recent
 * comes first, because it can still be executed; what is older follows as far as time and count allow, and the next call goes on.
 * One that has its row and no result is tried again as well, late and few at a time: it is executed, and its client is not told.
 *
 * @returns a function of the epoch that this region is active under, and of how far the store says that was swept; it tells how
 * many without a row were found.
 */
export function createSweep<R extends Received>(
  ports: SweepPorts<R>,
): (epoch: number, found: Swept) => Promise<number> {
  let current: { readonly epoch: number; readonly setBackAt: number | undefined; readonly sweep: OneSweep } | undefined;
  return async (epoch, found) => {
    const { setBackAt } = found;
    // A row that was seen under another epoch, or before a run, may have been lost with the writer of that time.
    if (current?.epoch !== epoch || current.setBackAt !== setBackAt) {
      current = { epoch, setBackAt, sweep: createOneSweep(ports) };
    }
    return current.sweep(found);
  };
}

/** One sweep from what the store says. */
type OneSweep = (found: Swept) => Promise<number>;

/** With what one sweep remembers for the next one. */
function createOneSweep<R extends Received>(ports: SweepPorts<R>): OneSweep {
  const { kind, index, store, now } = ports;
  /** Those that have their row, and those that can never be executed. */
  const confirmed = new Map<string, true>();
  const triedAt = new Map<string, number>();
  const unreported = createUnreported(ports);
  let pass: Pass | undefined;
  let lateFrom = 0;

  async function look(from: number, until: number, budget: Budget): Promise<Looked> {
    let looked: Looked = { through: from, firstOpen: Infinity, waiting: 0 };
    while (looked.through < until && now() < budget.until && budget.asked < ASKED_PER_SWEEP) {
      const { found, readThrough } = await index.read(looked.through, until, ASKED_AT_ONCE);
      const unknown = found.filter(({ id }) => !confirmed.has(id));
      const without: Found[] = [];
      for (let first = 0; first < unknown.length; first += ASKED_AT_ONCE) {
        without.push(...(await withoutRow(unknown.slice(first, first + ASKED_AT_ONCE), budget.until)));
      }
      budget.asked += unknown.length;
      await tryAgain(without, budget.until);
      // What turned out to be of another form waits for nothing.
      const open = without.filter(({ id }) => !confirmed.has(id));
      looked = {
        through: readThrough,
        firstOpen: Math.min(looked.firstOpen, open[0] ? Date.parse(open[0].receivedAt) : Infinity),
        waiting: looked.waiting + open.length,
      };
    }
    return looked;
  }

  async function withoutRow(found: readonly Found[], until: number): Promise<readonly Found[]> {
    const { ids, settled } = await ports.withoutEffect(found.map(({ id }) => id));
    const missing = new Set(ids);
    for (const id of await unreported.note(found, settled, until)) confirmed.set(id, true);
    return found.filter(({ id }) => missing.has(id));
  }

  async function tryAgain(open: readonly Found[], until: number): Promise<void> {
    const at = now();
    const due = open.filter(({ id }) => at - (triedAt.get(id) ?? -Infinity) >= TRY_AGAIN_MS);
    if (due.length === 0) return;
    const { received, unreadable } = await index.load(due);
    for (const id of unreadable) confirmed.set(id, true);
    if (unreadable.length > 0) ports.telemetry.count('NeedsPerson', unreadable.length);
    const taken = received.length === 0 ? [] : await ports.tryAgain(received, until);
    for (const id of taken) triedAt.set(id, at);
    ports.telemetry.info(`${kind.name} without a row were tried again`, { taken: taken.length, of: due.length });
  }

  /** The next slice of the last hour. */
  async function lookAtLate(
    at: number,
    recentFrom: number,
    budget: Budget,
  ): Promise<Pick<Looked, 'firstOpen' | 'waiting'>> {
    const earliest = at - LATE_MS - ((at - LATE_MS) % MINUTE_MS);
    const from = lateFrom >= earliest && lateFrom < recentFrom ? lateFrom : earliest;
    const looked = await look(from, Math.min(from + LATE_SLICE_MS, recentFrom), budget);
    // At its end it begins anew: the recent window moves on as fast as time, and the slices would follow it for ever.
    lateFrom = looked.through < recentFrom ? looked.through : 0;
    return looked;
  }

  function forget(): void {
    const at = now();
    for (const [id, since] of triedAt) if (at - since >= TRY_AGAIN_MS) triedAt.delete(id);
    for (const id of confirmed.keys()) {
      if (confirmed.size <= MOST_CONFIRMED) break;
      confirmed.delete(id);
    }
  }

  return async (found) => {
    const at = now();
    const budget: Budget = { until: at + SWEEP_MS, asked: 0 };
    const recentFrom = at - RECENT_MS;
    forget();
    const standing = begun(pass, found.sweptThrough, recentFrom, at);
    const recent = await look(recentFrom, at - PATIENCE_MS, budget);
    const older = await look(standing.cursor, recentFrom, budget);
    const isPassed = older.through >= recentFrom;
    const late = isPassed ? await lookAtLate(at, recentFrom, budget) : { firstOpen: Infinity, waiting: 0 };
    const firstOpen = Math.min(standing.firstOpen, older.firstOpen, late.firstOpen);
    const sweptThrough = Math.floor(
      isPassed ? Math.min(firstOpen, recent.firstOpen, recent.through) : Math.min(firstOpen, older.through),
    );
    await store.advance(found, sweptThrough);
    pass = isPassed ? undefined : { base: sweptThrough, cursor: older.through, firstOpen };
    // Last: it holds nothing up, and what has no row is more urgent.
    await unreported.repair(budget.until);
    return recent.waiting + older.waiting + late.waiting;
  };
}

/** The pass to go on with, or a new one from what the store says. */
function begun(pass: Pass | undefined, sweptThrough: number | undefined, recentFrom: number, at: number): Pass {
  if (pass && pass.base === sweptThrough) return pass;
  const cursor = Math.max(Math.min(sweptThrough ?? recentFrom, recentFrom), at - FARTHEST_MS);
  return { base: sweptThrough, cursor, firstOpen: Infinity };
}
