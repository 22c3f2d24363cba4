import type { Transaction } from './database';
import { findEffects } from './effects';

/** Which of these orders have no row in PostgreSQL, in the order given. */
export async function ordersWithoutEffect(tx: Transaction, orderIds: readonly string[]): Promise<readonly string[]> {
  return (await findEffects(tx, 'orders', orderIds)).ids;
}
