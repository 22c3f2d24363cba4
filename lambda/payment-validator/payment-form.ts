import * as z from 'zod/mini';
import { canonicalDecimal, DECIMAL } from '../shared/decimal';
import { paymentContent } from '../shared/payment-form';
import { uuid } from '../shared/uuid';

/** What is allowed for one field, as its message says it. Whether the values make sense is the verdict's business. */
const allowed = {
  amount: 'must be a number with at most 12 digits before and 8 after the point',
  currency: 'must be three capital letters',
  account: 'must be an account number of 5 to 34 letters and digits',
  reference: 'must be a text of at most 140 characters',
} as const;

const account = z.pipe(
  z.pipe(
    z.string(allowed.account),
    z.transform((value) => value.replace(/ /g, '').toUpperCase()),
  ),
  z.string().check(z.regex(/^[A-Z0-9]{5,34}$/, allowed.account)),
);

/** The body of POST /payments; a key that is not known is an error, because it may be a misspelt one. */
export const paymentRequest = z.strictObject(
  {
    paymentId: z.optional(uuid),
    amount: z.pipe(
      z
        .union([z.number(), z.string()], allowed.amount)
        .check(z.refine((value) => DECIMAL.test(String(value)), allowed.amount)),
      z.transform((value) => canonicalDecimal(String(value))),
    ),
    currency: z.string(allowed.currency).check(z.regex(/^[A-Z]{3}$/, allowed.currency)),
    debtorAccount: account,
    creditorAccount: account,
    reference: z._default(z.string(allowed.reference).check(z.maxLength(140, allowed.reference)), ''),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

/** A result item of a payment. */
export const paymentResult = z.object({
  sk: z.string(),
  epoch: z.number(),
  region: z.string(),
  verdict: z.enum(['VALIDATED', 'REJECTED', 'EXPIRED']),
  reasons: z.array(z.string()),
  settledAt: z.iso.datetime(),
  /** What it was decided on; absent in an item of an older version. */
  content: z.optional(z.object(paymentContent)),
});
