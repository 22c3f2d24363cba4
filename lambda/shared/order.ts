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

/** What became of an order. */
export type OrderVerdict = 'PROCESSED' | 'REJECTED' | 'EXPIRED';
