import { decimalUnits } from '../shared/decimal';
import type { OrderContent } from '../shared/order';

/** The largest order that is accepted, from the parameter store; notional = quantity x limit price. */
export interface OrderLimits {
  readonly maxQuantity: number;
  readonly maxNotional: number;
}

/** A limit that an order breaks, by the field that breaks it. */
export interface LimitBreach {
  readonly field: 'quantity' | 'limitPrice';
  readonly message: string;
}

/** Compares an order with the limits, exactly; an empty list is an order within them. */
export function limitBreaches(order: OrderContent, limits: OrderLimits): readonly LimitBreach[] {
  const breaches: LimitBreach[] = [];
  if (order.quantity > limits.maxQuantity) {
    breaches.push({ field: 'quantity', message: `must be at most ${limits.maxQuantity}` });
  }
  const price = decimalUnits(order.limitPrice);
  if (price === undefined || BigInt(order.quantity) * price > notionalUnits(limits)) {
    breaches.push({ field: 'limitPrice', message: `quantity x limitPrice must be at most ${limits.maxNotional}` });
  }
  return breaches;
}

/** The limit in the units of `decimalUnits`; a limit is set in cents at the finest. */
function notionalUnits(limits: OrderLimits): bigint {
  return BigInt(Math.round(limits.maxNotional * 100)) * 1_000_000n;
}
