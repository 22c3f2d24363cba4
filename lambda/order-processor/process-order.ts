import { type FencedOutcome, type FencedPorts, fencedTransaction } from '../shared/fenced-write';
import type { ItemStore } from '../shared/item-store';
import type { ReceivedOrder } from '../shared/order';
import { resultSortKey } from '../shared/order-items';
import { decideOrder } from './decide';
import { findInstrument, insertEffect, type OrderEffect } from './effects';

/** What executing an order touches. */
export interface ProcessPorts extends FencedPorts {
  readonly items: ItemStore;
}

/** What stands about an order after the transaction, and whether this one put it there. */
export interface Settled {
  readonly effect: OrderEffect;
  readonly own: boolean;
}

/** The longest that one order's transaction takes, in milliseconds. */
const TRANSACTION_MS = 5_000;

/**
 * Gives an order its one effect in PostgreSQL, then writes the result item. A repetition finds the effect and writes the
 * item if it is missing: the item's key comes from the effect, so it is the same item every time.
 */
export async function processOrder(ports: ProcessPorts, order: ReceivedOrder): Promise<FencedOutcome<Settled>> {
  const { region, now, items } = ports;
  const outcome = await fencedTransaction<Settled>(ports, TRANSACTION_MS, async (tx, epoch) => {
    // Decided anew even when it was settled before: the insertion keeps what stands, and settled orders are the exception.
    const decision = decideOrder(order, await findInstrument(tx, order.symbol), now());
    return insertEffect(tx, order, decision, epoch, region);
  });
  if (outcome.kind === 'committed') await writeResult(items, order.orderId, outcome.value.effect);
  return outcome;
}

async function writeResult(items: ItemStore, orderId: string, effect: OrderEffect): Promise<void> {
  const { verdict, reason, epoch, region, settledAt } = effect;
  await items.putOnce({
    pk: orderId,
    sk: resultSortKey(epoch, region),
    verdict,
    epoch,
    region,
    settledAt,
    ...(reason !== undefined && { reason }),
  });
}
