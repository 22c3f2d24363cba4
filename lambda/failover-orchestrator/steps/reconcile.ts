import type { LocalItem } from '../../shared/local-items';
import type { RunState } from '../run';
import { done, type StepAttempt } from './step';

/** What reconciling touches. */
export interface ReconcilePorts {
  /** The local item `sweep`, by which the reconciler goes. */
  readonly window: {
    readonly read: () => Promise<LocalItem<'sweep'> | undefined>;
    readonly put: (sweep: LocalItem<'sweep'>) => Promise<void>;
  };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How far before the loss the sweep begins, in milliseconds (design.md section 4). */
const MARGIN_MS = 60_000;

/** The longest that an order or payment may be valid, in milliseconds, and how far back the sweep goes where nothing better is known. */
export const LONGEST_VALIDITY_MS = 86_400_000;

/**
 * From when on orders and payments have to be looked for, in milliseconds since 1970: from the loss, and from the first order that was not
 * processed any more while the other region still wrote. Where that is not known, a day back.
 */
export function sweepFrom(state: RunState, now: number): number {
  const { faultAt, lossMs, evidence } = state;
  const farthest = now - LONGEST_VALIDITY_MS;
  if (faultAt === undefined || lossMs === undefined) return farthest;
  return Math.min(faultAt - lossMs, evidence?.firstFailedProbe ?? farthest, endedAt(state)) - MARGIN_MS;
}

/** When a switchover of this region that was given up has ended the other one's writes: nothing was processed since. */
function endedAt({ region, evidence }: RunState): number {
  const { register } = evidence ?? {};
  const isGivenBack = register?.known === true && register.activeRegion === region;
  return isGivenBack ? (register.otherLeaseEnd ?? Infinity) : Infinity;
}

/**
 * From when on they are looked for after a switchover: from where the other region had come with its own sweep, because its
 * database has moved here as a whole. Undefined for a kind that it has not swept.
 */
function takenOver({ kind, evidence }: RunState): Pick<LocalItem<'sweep'>, 'orders' | 'payments'> | undefined {
  const swept = evidence?.switchover?.swept;
  return kind === 'switchover' && swept?.known === true ? swept.value : undefined;
}

/**
 * Sets the windows of the reconciler here back to the loss, never forward (X10). What they say from another time, when this
 * region was active before, holds them back by a day at most: the other region has swept since.
 */
export function createReconcile({ window, now }: ReconcilePorts): StepAttempt {
  return async ({ state }) => {
    const at = now();
    const present = await window.read();
    const from = sweepFrom(state, at);
    const there = takenOver(state);
    const begin = (kind: 'orders' | 'payments'): number =>
      there?.[kind] === undefined ? setBack(present?.[kind], from, at) : there[kind] - MARGIN_MS;
    const [orders, payments] = [begin('orders'), begin('payments')];
    await window.put({ setBackAt: at, orders, payments });
    const since = (time: number) => new Date(time).toISOString();
    return done(`orders received since ${since(orders)} are looked for, and payments since ${since(payments)}`);
  };
}

function setBack(sweptThrough: number | undefined, from: number, at: number): number {
  return Math.min(from, Math.max(sweptThrough ?? Infinity, at - LONGEST_VALIDITY_MS));
}
