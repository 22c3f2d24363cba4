import { decimalUnits } from '../shared/decimal';
import type { OrderVerdict, ReceivedOrder } from '../shared/order';

/** Reference data of what an order trades; prices are decimals as text. */
export interface Instrument {
  readonly symbol: string;
  readonly tickSize: string;
  readonly bandLow: string;
  readonly bandHigh: string;
}

/** Why an order is rejected. */
export type RejectionReason = 'UNKNOWN_INSTRUMENT' | 'TICK_SIZE' | 'PRICE_BAND' | 'CONTENT_REFUSED';

/** What becomes of an order that has no effect yet. */
export interface OrderDecision {
  readonly verdict: OrderVerdict;
  readonly reason?: RejectionReason;
}

/** An order that the database does not take as it is, whatever else is true of it: no other attempt would end differently. */
export const CONTENT_REFUSED: OrderDecision = { verdict: 'REJECTED', reason: 'CONTENT_REFUSED' };

/**
 * Decides about an order that was never decided: no clock, no database. An order found after its validUntil is expired
 * whatever else is true of it, because nobody waits for it any more.
 *
 * @param now milliseconds since 1970.
 */
export function decideOrder(
  order: Pick<ReceivedOrder, 'limitPrice' | 'validUntil'>,
  instrument: Instrument | undefined,
  now: number,
): OrderDecision {
  // Written so that a date that cannot be read expires instead of living for ever.
  if (!(now <= Date.parse(order.validUntil))) return { verdict: 'EXPIRED' };
  if (!instrument) return { verdict: 'REJECTED', reason: 'UNKNOWN_INSTRUMENT' };
  const price = decimalUnits(order.limitPrice);
  const [tick, low, high] = [instrument.tickSize, instrument.bandLow, instrument.bandHigh].map(decimalUnits);
  if (price === undefined || !tick || price % tick !== 0n) return { verdict: 'REJECTED', reason: 'TICK_SIZE' };
  if (low === undefined || high === undefined || price < low || price > high) {
    return { verdict: 'REJECTED', reason: 'PRICE_BAND' };
  }
  return { verdict: 'PROCESSED' };
}
