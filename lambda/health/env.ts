import * as z from 'zod/mini';
import { databaseKeys, everyFunction, host, seconds, text } from '../shared/env';

/** What health needs from its environment; PROBE_TABLE is any global table that it can read. */
export const healthEnv = z.object({
  ...everyFunction,
  ...databaseKeys,
  DATABASE_READER_HOST: host,
  LEASE_TABLE: text,
  PROBE_TABLE: text,
  /** `none` without the trading workload: then no queue has to move. */
  ORDERS_TABLE: text,
  VERDICT_INTERVAL_SECONDS: seconds,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type HealthEnv = Readonly<z.input<typeof healthEnv>>;
