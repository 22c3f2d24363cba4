import * as z from 'zod/mini';
import type { Database } from '../shared/database';
import { parseStored } from '../shared/stored';
import type { Sample } from './judge';

/** Where the health answer gets its trading data. */
export interface TradingDataPort {
  /** A sample that is at most ten seconds old; rejects when the database does not give one in its time. */
  sample(): Promise<Sample>;
}

/** How long one sample serves all callers, in milliseconds: sixteen Route 53 checkers must not become sixteen queries. */
export const SAMPLE_MS = 10_000;

/** The longest that a query may take before the database counts as slow, in milliseconds. */
export const QUERY_MS = 1_000;

/** More rows would not prove more. */
const MOST_ROWS = 1_000;

const rows = z.array(
  z.object({
    symbol: z.string(),
    currency: z.string(),
    reference_price: z.string(),
    band_low: z.string(),
    band_high: z.string(),
  }),
);

/** Reads instruments with at most one query in flight, and keeps what was read for ten seconds. Never writes. */
export function createTradingData(database: Database, now: () => number): TradingDataPort {
  let last: Sample | undefined;
  let reading: Promise<Sample> | undefined;

  async function read(): Promise<Sample> {
    const readAt = now();
    const found = await database.transaction({ deadline: readAt + QUERY_MS, readOnly: true }, (tx) =>
      tx.query(
        `SELECT symbol, currency, reference_price, band_low, band_high FROM instruments
         WHERE traded ORDER BY symbol LIMIT ${MOST_ROWS}`,
      ),
    );
    const data = parseStored(rows, found, 'the table instruments').map((row) => ({
      symbol: row.symbol,
      currency: row.currency,
      referencePrice: row.reference_price,
      bandLow: row.band_low,
      bandHigh: row.band_high,
    }));
    return { readAt, data };
  }

  return {
    async sample() {
      if (last && now() - last.readAt <= SAMPLE_MS) return last;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      last = await reading;
      return last;
    },
  };
}
