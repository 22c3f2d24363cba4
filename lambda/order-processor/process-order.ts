import type { Transaction } from '../shared/database';
import { isRefusedContent } from '../shared/database-errors';
import { type FencedOutcome, type FencedPorts, fencedTransaction } from '../shared/fenced-write';
import type { ItemStore } from '../shared/item-store';
import { type ReceivedOrder, sameContent, storable } from '../shared/order';
import { resultSortKey } from '../shared/order-items';
import { CONTENT_REFUSED, decideOrder, type OrderDecision } from './decide';
import { findInstrument, insertEffect, type OrderEffect } from './effects';

/** What executing an order touches. */
export interface ProcessPorts extends FencedPorts {
  readonly items: ItemStore;
}

/** What stands about an order after the transaction, and whether this one put it there. */
export interface Settled {
  readonly effect: OrderEffect;
  readonly own: boolean;
  /** The row is of another order: both regions took one id before they knew of each other. This one is never executed. */
  readonly otherContent: boolean;
  /** What the database said when it did not take the order as it is; the row says REJECTED. */
  readonly refusal?: unknown;
}

/** The longest that one order's transaction takes, in milliseconds. */
const TRANSACTION_MS = 5_000;

/**
 * Gives an order its one effect in PostgreSQL, then writes the result item. A repetition finds the effect and writes the
 * item if it is missing: the item comes from the effect, so it is the same item every time, whoever writes it.
 */
export async function processOrder(ports: ProcessPorts, order: ReceivedOrder): Promise<FencedOutcome<Settled>> {
  const { now, items } = ports;
  const until = now() + TRANSACTION_MS;
  // Decided anew even when it was settled before: the insertion keeps what stands, and settled orders are the exception.
  const outcome = await transact(ports, order, until, async (tx) =>
    decideOrder(order, await findInstrument(tx, order.symbol), now()),
  ).catch(async (error: unknown) => {
    if (!isRefusedContent(error)) throw error;
    // Without a row it would wait for ever, and everything that waits for the sweep with it.
    const refused = await transact(ports, storable(order), until, () => Promise.resolve(CONTENT_REFUSED));
    return refused.kind === 'committed' ? { ...refused, value: { ...refused.value, refusal: error } } : refused;
  });
  if (outcome.kind === 'committed') await writeResult(items, order.orderId, outcome.value.effect);
  return outcome;
}

/** @param until when the transaction is over at the latest, in milliseconds since 1970. */
function transact(
  ports: ProcessPorts,
  order: ReceivedOrder,
  until: number,
  decide: (tx: Transaction) => Promise<OrderDecision>,
): Promise<FencedOutcome<Settled>> {
  const { region, now } = ports;
  return fencedTransaction<Settled>(ports, until - now(), async (tx, epoch) => {
    const { effect, own } = await insertEffect(tx, order, await decide(tx), epoch, region);
    return { effect, own, otherContent: !sameContent(effect.content, storable(order)) };
  });
}

async function writeResult(items: ItemStore, orderId: string, effect: OrderEffect): Promise<void> {
  const { epoch, region, reason, ...rest } = effect;
  await items.putOnce({
    pk: orderId,
    sk: resultSortKey(epoch, region),
    epoch,
    region,
    ...rest,
    ...(reason !== undefined && { reason }),
  });
}
