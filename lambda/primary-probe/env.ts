import * as z from 'zod/mini';
import { everyFunction, seconds, text, url } from '../shared/env';

/** What primary-probe needs from its environment. */
export const primaryProbeEnv = z.object({
  ...everyFunction,
  /** The probed region's regional API: `https://` and a name that never moves. */
  TARGET_URL: url,
  /** What the stack takes; with both workloads orders, which pass through the queue as well. */
  PROBE_WORKLOAD: z.enum(['orders', 'payments'], 'orders or payments'),
  PROBE_INTERVAL_SECONDS: seconds,
  LEASE_TABLE: text,
  METRICS_NAMESPACE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type PrimaryProbeEnv = Readonly<z.input<typeof primaryProbeEnv>>;
