import * as z from 'zod/mini';
import { databaseKeys, everyFunction, host, seconds } from '../shared/env';

/** What replication-monitor needs from its environment; it asks the reader, which answers in either role. */
export const replicationMonitorEnv = z.object({
  ...everyFunction,
  ...databaseKeys,
  DATABASE_READER_HOST: host,
  LAG_SAMPLE_INTERVAL_SECONDS: seconds,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type ReplicationMonitorEnv = Readonly<z.input<typeof replicationMonitorEnv>>;
