import { canonicalDecimal } from './decimal';
import { plain } from './plain-text';

/** What a client asks for: the part of an order that never changes and that two posts of one order id must agree on. */
export interface OrderContent {
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  /** A canonical decimal. */
  readonly limitPrice: string;
  readonly account: string;
}

/** An order as the platform received it; times in ISO 8601. */
export interface ReceivedOrder extends OrderContent {
  readonly orderId: string;
  readonly receivedAt: string;
  /** After this moment the order is reported EXPIRED and never executed. */
  readonly validUntil: string;
  /** The region that received it. */
  readonly region: string;
}

/** Whether two contents ask for the same: two posts of one order id, or an order and the row under its id. */
export function sameContent(one: OrderContent, other: OrderContent): boolean {
  return (
    one.symbol === other.symbol &&
    one.side === other.side &&
    one.quantity === other.quantity &&
    one.limitPrice === other.limitPrice &&
    one.account === other.account
  );
}

/** The order as its row has it: prices in their one spelling, and of its texts what a row takes. */
export function storable<C extends OrderContent>(order: C): C {
  return {
    ...order,
    symbol: plain(order.symbol),
    limitPrice: canonicalDecimal(order.limitPrice),
    account: plain(order.account),
  };
}

/** What became of an order. */
export type OrderVerdict = 'PROCESSED' | 'REJECTED' | 'EXPIRED';
