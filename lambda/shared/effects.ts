import * as z from 'zod/mini';
import type { Row, Transaction } from './database';
import { isPlain } from './plain-text';
import { parseStored } from './stored';

/** A row that an order or payment has, as its result item is named after it. */
export interface SettledEffect {
  readonly id: string;
  /** Epoch and region that it was decided under. */
  readonly epoch: number;
  readonly region: string;
}

/** Which of some orders or payments have their row. */
export interface FoundEffects {
  /** Those without, in the order given. */
  readonly ids: readonly string[];
  readonly settled: readonly SettledEffect[];
}

/** PostgreSQL gives a bigint as text. */
const found = z.array(z.object({ id: z.string(), epoch: z.pipe(z.string(), z.transform(Number)), region: z.string() }));

const QUERIES = {
  orders: 'SELECT order_id AS id, epoch, region FROM order_effects WHERE order_id = ANY($1)',
  payments: 'SELECT payment_id AS id, epoch, region FROM payment_effects WHERE payment_id = ANY($1)',
} as const;

/** Asks PostgreSQL once for all of them. */
export async function findEffects(
  tx: Transaction,
  of: keyof typeof QUERIES,
  ids: readonly string[],
): Promise<FoundEffects> {
  // One id that no row can have must not fail the question about all others.
  const rows: readonly Row[] = await tx.query(QUERIES[of], [ids.filter(isPlain)]);
  const settled = parseStored(found, rows, `the effects of ${of}`);
  const have = new Set(settled.map(({ id }) => id));
  return { ids: ids.filter((id) => !have.has(id)), settled };
}
