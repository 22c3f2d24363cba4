import * as z from 'zod/mini';
import { DECIMAL } from './decimal';
import { isPlain } from './plain-text';

const time = z.iso.datetime();

/** The part of a payment that its client asks for. */
export const paymentContent = {
  amount: z.string().check(z.regex(DECIMAL)),
  currency: z.string(),
  debtorAccount: z.string(),
  creditorAccount: z.string(),
  reference: z.string(),
} as const;

/** A payment in its table's item; further attributes are kept out. */
export const receivedPayment = z.object({
  // An id that no row can have would never get one.
  paymentId: z.string().check(z.refine(isPlain)),
  ...paymentContent,
  receivedAt: time,
  validUntil: time,
  region: z.string(),
});
