import type { ReceivedOrder } from '../shared/order';
import type { Telemetry } from '../shared/telemetry';
import type { OrderIndex } from './order-index';
import type { Requeue } from './requeue';
import type { SweepStore } from './sweep-store';

/** What sweeping touches. */
export interface SweepPorts {
  readonly index: OrderIndex;
  /** Which of these orders have no row in PostgreSQL; at most `ASKED_AT_ONCE`. */
  readonly withoutEffect: (orderIds: readonly string[]) => Promise<readonly string[]>;
  readonly requeue: Requeue;
  readonly store: SweepStore;
  readonly telemetry: Pick<Telemetry, 'info' | 'warn'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An order that is younger is left to its own message, in milliseconds. */
const PATIENCE_MS = 20_000;
/** What is looked at in every sweep: an order of the other region may arrive this late. */
const RECENT_MS = 120_000;
/** Nothing older is looked for: a week after the longest validity, a person has to. */
const FARTHEST_MS = 604_800_000;
/** An order that was queued again is given this long before it is queued once more. */
const QUEUE_AGAIN_MS = 60_000;
/** No further page is begun after this long; the next sweep goes on. */
const SWEEP_MS = 4_000;
/** Orders that one question to the ledger holds, and that one sweep asks for. */
export const ASKED_AT_ONCE = 500;
const ASKED_PER_SWEEP = 5_000;
/** Orders known to have their row that are kept in mind, so that they are not asked for again. */
const MOST_CONFIRMED = 100_000;

/** How far a look at a window came. Times in milliseconds since 1970. */
interface Looked {
  /** Every order received before has been looked at. */
  readonly through: number;
  /** When the oldest order without a row was received. */
  readonly firstOpen: number;
  readonly waiting: number;
}

/** A pass over what is older than the recent window; it takes several sweeps when there is much. */
interface Pass {
  /** What was last written to the store: another value there means that a run has set it back. */
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
 * Sweeps once per call: looks for orders of both regions without a row and queues them again (X10). What is recent comes
 * first, because it can still be executed; what is older follows as far as time and count allow, and the next call goes on.
 *
 * @returns how many orders without a row were found.
 */
export function createSweep(ports: SweepPorts): () => Promise<number> {
  const { index, store, now } = ports;
  const confirmed = new Map<string, true>();
  const queuedAt = new Map<string, number>();
  let pass: Pass | undefined;

  async function look(from: number, until: number, budget: Budget): Promise<Looked> {
    let looked: Looked = { through: from, firstOpen: Infinity, waiting: 0 };
    while (looked.through < until && now() < budget.until && budget.asked < ASKED_PER_SWEEP) {
      const { orders, readThrough } = await index.read(looked.through, until, ASKED_AT_ONCE);
      const unknown = orders.filter(({ orderId }) => !confirmed.has(orderId));
      const open: ReceivedOrder[] = [];
      for (let first = 0; first < unknown.length; first += ASKED_AT_ONCE) {
        open.push(...(await withoutRow(unknown.slice(first, first + ASKED_AT_ONCE))));
      }
      budget.asked += unknown.length;
      await queueAgain(open);
      looked = {
        through: readThrough,
        firstOpen: Math.min(looked.firstOpen, open[0] ? Date.parse(open[0].receivedAt) : Infinity),
        waiting: looked.waiting + open.length,
      };
    }
    return looked;
  }

  async function withoutRow(orders: readonly ReceivedOrder[]): Promise<readonly ReceivedOrder[]> {
    const missing = new Set(await ports.withoutEffect(orders.map(({ orderId }) => orderId)));
    for (const { orderId } of orders) if (!missing.has(orderId)) confirmed.set(orderId, true);
    return orders.filter(({ orderId }) => missing.has(orderId));
  }

  async function queueAgain(open: readonly ReceivedOrder[]): Promise<void> {
    const at = now();
    const due = open.filter(({ orderId }) => at - (queuedAt.get(orderId) ?? -Infinity) >= QUEUE_AGAIN_MS);
    if (due.length === 0) return;
    const taken = await ports.requeue.send(due);
    for (const orderId of taken) queuedAt.set(orderId, at);
    ports.telemetry.info('orders without a row were queued again', { orders: taken.length, of: due.length });
  }

  function forget(): void {
    const at = now();
    for (const [orderId, since] of queuedAt) if (at - since >= QUEUE_AGAIN_MS) queuedAt.delete(orderId);
    for (const orderId of confirmed.keys()) {
      if (confirmed.size <= MOST_CONFIRMED) break;
      confirmed.delete(orderId);
    }
  }

  return async () => {
    const at = now();
    const budget: Budget = { until: at + SWEEP_MS, asked: 0 };
    const recentFrom = at - RECENT_MS;
    forget();
    const found = await store.read();
    const standing = begun(pass, found?.sweptThrough, recentFrom, at);
    const recent = await look(recentFrom, at - PATIENCE_MS, budget);
    const older = await look(standing.cursor, recentFrom, budget);
    const firstOpen = Math.min(standing.firstOpen, older.firstOpen);
    const isPassed = older.through >= recentFrom;
    const sweptThrough = Math.floor(
      isPassed ? Math.min(firstOpen, recent.firstOpen, recent.through) : Math.min(firstOpen, older.through),
    );
    await store.advance(found, { at, sweptThrough });
    pass = isPassed ? undefined : { base: sweptThrough, cursor: older.through, firstOpen };
    return recent.waiting + older.waiting;
  };
}

/** The pass to go on with, or a new one from what the store says. */
function begun(pass: Pass | undefined, sweptThrough: number | undefined, recentFrom: number, at: number): Pass {
  if (pass && pass.base === sweptThrough) return pass;
  const cursor = Math.max(Math.min(sweptThrough ?? recentFrom, recentFrom), at - FARTHEST_MS);
  return { base: sweptThrough, cursor, firstOpen: Infinity };
}
