import * as z from 'zod/mini';
import type { Transaction } from '../shared/database';
import { parseStored } from '../shared/stored';

/**
 * How long ago an order must have been executed for the queue to move, in milliseconds: by the longest transaction of an order
 * (5 s, order-processor/process-order.ts) less than the age at which an order without an effect is looked for. What was executed
 * last had been received before it, so a queue that stops is found as early as one whose orders merely wait.
 */
export const MOVED_WITHIN_MS = 25_000;

/** A queue gives about the oldest first: what has just been executed is among the latest that have an effect. */
const LATEST = 1_000;

const answer = z.tuple([z.object({ moves: z.boolean() })]);

/**
 * Whether this region has just given any order its effect. Goes backwards through the index order_effects_by_receipt, at most a
 * thousand rows of it and one where the queue moves. The times compared are both of the database's own clock; what another
 * region has executed, under another epoch, says nothing about this one's processor.
 */
export async function hasMoved(tx: Transaction, region: string): Promise<boolean> {
  const found = await tx.query(
    `SELECT EXISTS (SELECT FROM (SELECT region, executed_at FROM order_effects ORDER BY received_at DESC LIMIT ${LATEST})
      AS latest WHERE region = $1 AND executed_at > clock_timestamp() - interval '${MOVED_WITHIN_MS} milliseconds') AS moves`,
    [region],
  );
  const [{ moves }] = parseStored(answer, found, 'the latest effects of orders');
  return moves;
}
