import * as z from 'zod/mini';
import type { Transaction } from './database';
import { parseStored } from './stored';

const found = z.array(z.object({ payment_id: z.string() }));

/** Which of these payments have no row in PostgreSQL, in the order given. */
export async function paymentsWithoutEffect(
  tx: Transaction,
  paymentIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.query('SELECT payment_id FROM payment_effects WHERE payment_id = ANY($1)', [paymentIds]);
  const settled = new Set(parseStored(found, rows, 'the table payment_effects').map(({ payment_id }) => payment_id));
  return paymentIds.filter((paymentId) => !settled.has(paymentId));
}
