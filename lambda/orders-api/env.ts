import * as z from 'zod/mini';
import { everyFunction, matching, seconds, text } from '../shared/env';

/** What orders-api needs from its environment. */
export const ordersApiEnv = z.object({
  ...everyFunction,
  ORDERS_TABLE: text,
  LEASE_TABLE: text,
  ORDER_QUEUE_URL: matching(/^https?:\/\/./, 'the URL of the orders queue'),
  ORDER_LIMITS_PARAMETER: text,
  ORDER_VALIDITY_SECONDS: seconds,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type OrdersApiEnv = Readonly<z.input<typeof ordersApiEnv>>;
