import * as z from 'zod/mini';
import { everyFunction, list, registerKeys, seconds, text } from '../shared/env';

/** A value, or `none` where the region is not meant to have such a thing. */
const orNone = z.pipe(
  text,
  z.transform((value) => (value === 'none' ? undefined : value)),
);

/** What readiness needs from its environment: the names of what it looks at. `OTHER_`: of the region that it would take over from. */
export const readinessEnv = z.object({
  ...everyFunction,
  ...registerKeys,
  GLOBAL_CLUSTER_ID: text,
  OWN_CLUSTER_ARN: text,
  OTHER_CLUSTER_ARN: text,
  DATABASE_SECRET_ID: text,
  OTHER_DATABASE_SECRET_ID: text,
  /** Knows how far the database here is behind. */
  MONITOR_FUNCTION: text,
  RPO_SECONDS: seconds,
  /** Functions that must be the same in both regions. */
  FUNCTION_NAMES: list,
  /** How many functions must be able to run at once. */
  CONCURRENCY_NEEDED: seconds,
  CONSUMER_IDS: list,
  /** The fleet here and how large it must be able to grow; `none` without a fleet. */
  FLEET_GROUP: orNone,
  FLEET_FLOOR: seconds,
  /** Global tables, and the journal, which must be recoverable as they must. */
  TABLE_NAMES: list,
  JOURNAL_TABLE: text,
  BUCKET_NAMES: list,
  DEAD_LETTER_URLS: list,
  TOPIC_ARN: text,
  TRIGGER_ALARM: text,
  MAINTENANCE_ALARM: text,
  CANARY_ALARM: text,
  PARAMETERS_ALARM: text,
  PROBE_ALARM: orNone,
  TRAFFIC_ALARM: orNone,
  /** What the trigger must be able to call, and as whom; `none` where no failover starts by itself. */
  ORCHESTRATOR_ARN: orNone,
  TRIGGER_ALARM_ARN: text,
  /** Records by which Route 53's checkers say `up` or `down`, and who answers for them. */
  OWN_VANTAGE: text,
  OTHER_VANTAGE: text,
  ZONE_NAME_SERVERS: list,
  METRICS_NAMESPACE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type ReadinessEnv = Readonly<z.input<typeof readinessEnv>>;

/** The environment, read. */
export type ReadinessSettings = z.output<typeof readinessEnv> & { readonly AWS_REGION: string };
