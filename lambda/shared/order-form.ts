import * as z from 'zod/mini';
import { DECIMAL } from './decimal';

const time = z.iso.datetime();

/** An order in a queue's message or in a table's item; further attributes are kept out. */
export const receivedOrder = z.object({
  orderId: z.string().check(z.minLength(1), z.maxLength(64)),
  symbol: z.string().check(z.minLength(1)),
  side: z.enum(['BUY', 'SELL']),
  quantity: z.number().check(z.refine((value) => Number.isSafeInteger(value) && value >= 1)),
  limitPrice: z.string().check(z.regex(DECIMAL)),
  account: z.string().check(z.minLength(1)),
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
});
