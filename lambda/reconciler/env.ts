import * as z from 'zod/mini';
import { everyFunction, registerKeys, text } from '../shared/env';

/** What reconciler needs from its environment. */
export const reconcilerEnv = z.object({
  ...everyFunction,
  ...registerKeys,
  JOURNAL_TABLE: text,
  /** `yes` where the alarm starts a failover by itself: in dr. */
  OFFERS_ALARMS: z.enum(['yes', 'no'], 'yes or no'),
  TRIGGER_ALARM: text,
  MAINTENANCE_ALARM: text,
  ORCHESTRATOR_FUNCTION: text,
  LEDGER_FUNCTION: text,
  /** `none` without the trading workload. */
  ORDERS_TABLE: text,
  ORDER_QUEUE_URL: text,
  /** `none` without the payments workload. */
  TRANSACTIONS_TABLE: text,
  PAYMENT_VALIDATOR_FUNCTION: text,
  METRICS_NAMESPACE: text,
});

/** The same contract as lib/ must fill it: every key, as text. */
export type ReconcilerEnv = Readonly<z.input<typeof reconcilerEnv>>;
