import * as z from 'zod/mini';
import { databaseKeys, everyFunction, host, text } from '../shared/env';

/** What health needs from its environment; PROBE_TABLE is any global table that it can read. */
export const healthEnv = z.object({
  ...everyFunction,
  ...databaseKeys,
  DATABASE_READER_HOST: host,
  LEASE_TABLE: text,
  PROBE_TABLE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type HealthEnv = Readonly<z.input<typeof healthEnv>>;
