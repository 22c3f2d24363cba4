import * as z from 'zod/mini';
import { databaseKeys, everyFunction, seconds, text } from '../shared/env';

/** What payment-validator needs from its environment. */
export const paymentValidatorEnv = z.object({
  ...everyFunction,
  ...databaseKeys,
  TRANSACTIONS_TABLE: text,
  LEASE_TABLE: text,
  RECEIPTS_BUCKET: text,
  PAYMENT_VALIDITY_SECONDS: seconds,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type PaymentValidatorEnv = Readonly<z.input<typeof paymentValidatorEnv>>;
