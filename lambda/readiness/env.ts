import * as z from 'zod/mini';
import { everyFunction, list, registerKeys, seconds, text } from '../shared/env';

/** What readiness needs from its environment. */
export const readinessEnv = z.object({
  ...everyFunction,
  ...registerKeys,
  GLOBAL_CLUSTER_ID: text,
  OWN_CLUSTER_ARN: text,
  /** The fleet here and how large it must be able to grow; `none` without a fleet. */
  FLEET_GROUP: text,
  FLEET_FLOOR: seconds,
  /** Functions that must have the same code in both regions. */
  FUNCTION_NAMES: list,
  /** Knows how far the database here is behind. */
  MONITOR_FUNCTION: text,
  DATABASE_SECRET_ID: text,
  METRICS_NAMESPACE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type ReadinessEnv = Readonly<z.input<typeof readinessEnv>>;
