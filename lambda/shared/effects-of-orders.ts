import * as z from 'zod/mini';
import type { Transaction } from './database';
import { parseStored } from './stored';

const found = z.array(z.object({ order_id: z.string() }));

/** Which of these orders have no row in PostgreSQL, in the order given. */
export async function ordersWithoutEffect(tx: Transaction, orderIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.query('SELECT order_id FROM order_effects WHERE order_id = ANY($1)', [orderIds]);
  const settled = new Set(parseStored(found, rows, 'the table order_effects').map(({ order_id }) => order_id));
  return orderIds.filter((orderId) => !settled.has(orderId));
}
