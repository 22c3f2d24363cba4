import * as z from 'zod/mini';
import { canonicalDecimal, DECIMAL, decimalUnits } from '../shared/decimal';
import { uuid } from '../shared/uuid';

/** What is allowed for one field, as its message says it. */
const allowed = {
  symbol: 'must be 1 to 12 capital letters, digits, dots or hyphens',
  side: 'must be BUY or SELL',
  quantity: 'must be a whole number, at least 1',
  limitPrice: 'must be a number above 0 with at most 12 digits before and 8 after the point',
  account: 'must be 1 to 64 letters, digits, dots, hyphens or underscores',
} as const;

const price = z.pipe(
  z
    .union([z.number(), z.string()], allowed.limitPrice)
    .check(
      z.refine((value) => DECIMAL.test(String(value)) && (decimalUnits(String(value)) ?? 0n) > 0n, allowed.limitPrice),
    ),
  z.transform((value) => canonicalDecimal(String(value))),
);

/** The body of POST /orders; a key that is not known is an error, because it may be a misspelt one. */
export const orderRequest = z.strictObject(
  {
    orderId: z.optional(uuid),
    symbol: z.string(allowed.symbol).check(z.regex(/^[A-Z0-9.-]{1,12}$/, allowed.symbol)),
    side: z.enum(['BUY', 'SELL'], allowed.side),
    quantity: z
      .number(allowed.quantity)
      .check(z.refine((value) => Number.isSafeInteger(value) && value >= 1, allowed.quantity)),
    limitPrice: price,
    account: z.string(allowed.account).check(z.regex(/^[\w.-]{1,64}$/, allowed.account)),
  },
  // `strictObject` names unknown keys itself; this message is for a body that is no object.
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

/** The parameter ORDER_LIMITS_PARAMETER. */
export const orderLimits = z.object({
  maxQuantity: z.number().check(z.gte(1)),
  maxNotional: z.number().check(z.gt(0), z.lte(1e13)),
});
