import type * as z from 'zod/mini';
import type { ReceivedOrder } from '../shared/order';
import { receivedOrder } from '../shared/order-form';
import { receivedPayment } from '../shared/payment-form';

/** What is swept, as the ledger and the local item name it. */
export type KindName = 'orders' | 'payments';

/** What every item that is swept has. */
export interface Received {
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** One kind of what is received and must get its one row in PostgreSQL. */
export interface Kind<R extends Received> {
  readonly name: KindName;
  /** The form of its items; further attributes are kept out. */
  readonly form: z.ZodMiniType<R>;
}

/** A payment as the sweep finds it. */
export type SweptPayment = z.output<typeof receivedPayment>;

export const ORDERS: Kind<ReceivedOrder> = {
  name: 'orders',
  form: receivedOrder,
};

export const PAYMENTS: Kind<SweptPayment> = {
  name: 'payments',
  form: receivedPayment,
};
