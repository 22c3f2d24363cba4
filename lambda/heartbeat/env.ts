import * as z from 'zod/mini';
import { everyFunction, registerKeys, seconds, text } from '../shared/env';

/** What heartbeat needs from its environment. */
export const heartbeatEnv = z.object({
  ...everyFunction,
  ...registerKeys,
  HEARTBEAT_INTERVAL_SECONDS: seconds,
  METRICS_NAMESPACE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type HeartbeatEnv = Readonly<z.input<typeof heartbeatEnv>>;
