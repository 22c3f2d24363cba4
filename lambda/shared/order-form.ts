import * as z from 'zod/mini';
import { DECIMAL } from './decimal';
import { isPlain } from './plain-text';

const time = z.iso.datetime();

/** The part of an order that its client asks for. */
const orderContent = {
  symbol: z.string().check(z.minLength(1)),
  side: z.enum(['BUY', 'SELL']),
  quantity: z.number().check(z.refine((value) => Number.isSafeInteger(value) && value >= 1)),
  limitPrice: z.string().check(z.regex(DECIMAL)),
  account: z.string().check(z.minLength(1)),
} as const;

/** An order in a queue's message or in a table's item; further attributes are kept out. */
export const receivedOrder = z.object({
  // An id that no row can have would never get one.
  orderId: z.string().check(z.minLength(1), z.maxLength(64), z.refine(isPlain)),
  ...orderContent,
  receivedAt: time,
  validUntil: time,
  region: z.string().check(z.minLength(1)),
});

/** A result item of an order. */
export const orderResult = z.object({
  sk: z.string(),
  epoch: z.number(),
  region: z.string(),
  verdict: z.enum(['PROCESSED', 'REJECTED', 'EXPIRED']),
  reason: z.optional(z.string()),
  settledAt: time,
  /** What it was decided on; absent in an item of an older version. */
  content: z.optional(z.object(orderContent)),
});
