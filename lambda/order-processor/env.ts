import * as z from 'zod/mini';
import { databaseKeys, everyFunction, text } from '../shared/env';

/** What order-processor needs from its environment. */
export const orderProcessorEnv = z.object({
  ...everyFunction,
  ...databaseKeys,
  ORDERS_TABLE: text,
  LEASE_TABLE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type OrderProcessorEnv = Readonly<z.input<typeof orderProcessorEnv>>;
