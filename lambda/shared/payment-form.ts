import * as z from 'zod/mini';
import { DECIMAL } from './decimal';

const time = z.iso.datetime();

/** A payment in its table's item; further attributes are kept out. */
export const receivedPayment = z.object({
  paymentId: z.string(),
  amount: z.string().check(z.regex(DECIMAL)),
  currency: z.string(),
  debtorAccount: z.string(),
  creditorAccount: z.string(),
  reference: z.string(),
  receivedAt: time,
  validUntil: time,
  region: z.string(),
});
