import * as z from 'zod/mini';
import type { MonitorAnswer } from '../shared/calls';
import type { Database, Row } from '../shared/database';
import { sqlState } from '../shared/database-errors';
import { describeError } from '../shared/errors';
import type { SignalValues } from '../shared/signal-publisher';

/** What sampling the lag touches. */
export interface LagPorts {
  /** The region's reader: it answers in either role, and also while the other region is lost (aws-facts.md 1.4). */
  readonly reader: Database;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The longest that a sample takes with its connection, in milliseconds: a run waits for it, and has 3 s. */
const SAMPLE_MS = 2_000;

/** SQLSTATE of a function that does not exist: every PostgreSQL that is not Aurora's global database. */
const UNDEFINED_FUNCTION = '42883';

/** Asks the database how far this region is behind; never rejects. */
export async function sampleLag({ reader, region, now }: LagPorts): Promise<MonitorAnswer> {
  try {
    const rows = await reader.transaction({ deadline: now() + SAMPLE_MS, readOnly: true }, (tx) =>
      tx.query(
        `SELECT rpo_lag_in_msec::float8 AS lag_ms,
           (extract(epoch FROM last_lag_calculation_time::timestamptz) * 1000)::float8 AS calculated_at
         FROM aurora_global_db_status() WHERE aws_region = $1`,
        [region],
      ),
    );
    return readStatus(rows, region);
  } catch (error) {
    const why =
      sqlState(error) === UNDEFINED_FUNCTION
        ? 'the database is no Aurora global database: it has no aurora_global_db_status()'
        : describeError(error);
    return { kind: 'unknown', why };
  }
}

const statusRow = z.object({ lag_ms: z.nullable(z.number()), calculated_at: z.nullable(z.number()) });

/** This region's row: -1 stands in the row of the region that writes (aws-facts.md 1.4). */
export function readStatus(rows: readonly Row[], region: string): MonitorAnswer {
  const [row] = rows;
  if (row === undefined) return { kind: 'unknown', why: `the global database has no row for ${region}` };
  const parsed = statusRow.safeParse(row);
  if (!parsed.success) return { kind: 'unknown', why: 'the status of the global database has another form' };
  const { lag_ms: lagMs, calculated_at: calculatedAt } = parsed.data;
  if (lagMs !== null && lagMs < 0) return { kind: 'writes' };
  if (lagMs === null || calculatedAt === null) return { kind: 'unknown', why: 'the lag has not been calculated yet' };
  return { kind: 'follows', calculatedAt: Math.round(calculatedAt), lagMs: Math.round(lagMs) };
}

/**
 * What is published of a sample. The age of the database's own calculation goes with its lag, because once nothing arrives any
 * more the lag may stand still at a good value; a sample that says nothing is silence, which an alarm hears.
 */
export function lagSignals(sample: MonitorAnswer, now: number): SignalValues {
  switch (sample.kind) {
    case 'follows':
      return {
        RpoLagSeconds: sample.lagMs / 1_000,
        LagSampleAgeSeconds: Math.max(0, now - sample.calculatedAt) / 1_000,
      };
    case 'writes':
      return { LagSampleAgeSeconds: 0 };
    case 'unknown':
      return {};
  }
}
