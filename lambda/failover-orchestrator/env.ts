import * as z from 'zod/mini';
import { everyFunction, host, list, registerKeys, seconds, text, url } from '../shared/env';

/** What failover-orchestrator needs from its environment. `OWN` is the region it makes active, `OTHER` the one it takes over from. */
export const failoverOrchestratorEnv = z.object({
  ...everyFunction,
  ...registerKeys,
  JOURNAL_TABLE: text,
  FAILOVER_MODE: z.enum(['automatic', 'alert-only'], 'automatic or alert-only'),
  RPO_SECONDS: seconds,
  TRIGGER_ALARM: text,
  MAINTENANCE_ALARM: text,
  UNHEALTHY_ALARM: text,
  GLOBAL_CLUSTER_ID: text,
  OWN_CLUSTER_ARN: text,
  OTHER_CLUSTER_ARN: text,
  MONITOR_FUNCTION: text,
  LEDGER_FUNCTION: text,
  /** The other region's, by its ARN. */
  OTHER_LEDGER_FUNCTION: text,
  /** TXT record by which Route 53's checkers say whether the other region is up. */
  VANTAGE_RECORD: host,
  /** The zone's own name servers, so that no cache answers. */
  ZONE_NAME_SERVERS: list,
  HOSTED_ZONE_ID: text,
  ACTIVE_RECORD: host,
  OWN_CONSUMER_IDS: list,
  OTHER_CONSUMER_IDS: list,
  /** `none` without a fleet. The other region's has the same name. */
  FLEET_GROUP: text,
  FLEET_FLOOR: seconds,
  /** The floor of a region that waits. */
  FLEET_WAITING_FLOOR: seconds,
  /** `rds.global_db_rpo` of the writer, or `none`. */
  RPO_BOUND_SECONDS: z.string().check(z.regex(/^(none|[1-9]\d*)$/, 'none, or a whole number of seconds')),
  /** Of the cluster; the other region's has the same name. */
  PARAMETER_GROUP: text,
  OWN_TOPIC_ARN: text,
  OTHER_TOPIC_ARN: text,
  REPORTS_BUCKET: text,
  /** This region's regional API. */
  OWN_URL: url,
  METRICS_NAMESPACE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type FailoverOrchestratorEnv = Readonly<z.input<typeof failoverOrchestratorEnv>>;
