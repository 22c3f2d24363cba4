/** How often CloudWatch keeps a value apart: 1 s (high resolution, alarms of 10, 20 and 30 s) or a minute. */
export type Resolution = 1 | 60;

/** One custom metric: who publishes it, how finely, and in which unit. */
export interface Signal {
  /** The function that publishes it, which is also the one dimension (`service`) of the metric. */
  readonly publisher: string;
  readonly resolution: Resolution;
  readonly unit: 'Count' | 'Percent' | 'Seconds' | 'None';
}

/**
 * Every metric that decides something. Functions publish and alarms watch by this one table, so that neither can be spelt
 * differently from the other. "The other region" is the one that the publisher's region would take over from.
 */
export const SIGNALS = {
  /** dr: 1 when an order through primary's regional API was not accepted and processed in time, else 0. */
  ProbeFailed: { publisher: 'primary-probe', resolution: 1, unit: 'Count' },
  /** Age of the other region's last renewal in this region's register; 0 while the other region is not the active one. */
  HeartbeatAgeSeconds: { publisher: 'heartbeat', resolution: 1, unit: 'Seconds' },
  /** 1 while the other region, active, says of itself that it does not work; else 0. */
  HeartbeatUnhealthy: { publisher: 'heartbeat', resolution: 1, unit: 'Count' },
  /** 1 while the other region, active, renews without a fresh verdict about itself; else 0. */
  HeartbeatUnknown: { publisher: 'heartbeat', resolution: 60, unit: 'Count' },
  /** 1 while traffic belongs to dr. Route 53 follows it, so it is of standard resolution. Only published in dr. */
  FailoverActive: { publisher: 'heartbeat', resolution: 60, unit: 'None' },
  /** How far this region's database is behind; nothing while it has the writer. */
  RpoLagSeconds: { publisher: 'replication-monitor', resolution: 1, unit: 'Seconds' },
  /** How old the database's own lag calculation is; 0 while this region has the writer. */
  LagSampleAgeSeconds: { publisher: 'replication-monitor', resolution: 1, unit: 'Seconds' },
  /** What keeps this region from taking over, counted. */
  ReadinessFailures: { publisher: 'readiness', resolution: 60, unit: 'Count' },
  /** How many in a hundred of the readiness checks that were answered are ok; nothing when none was. */
  ReadinessScore: { publisher: 'readiness', resolution: 60, unit: 'Percent' },
  /** Readiness checks that nobody could answer, counted apart: they are neither good nor bad. */
  ReadinessUnknown: { publisher: 'readiness', resolution: 60, unit: 'Count' },
  /** Readiness checks that fail and have been ok before. */
  ReadinessRegressions: { publisher: 'readiness', resolution: 60, unit: 'Count' },
  /** From the first sign of the fault to the first order that was processed again. */
  FailoverDurationSeconds: { publisher: 'failover-orchestrator', resolution: 60, unit: 'Seconds' },
  /** Runs that ended without the region being active. */
  RunsFailed: { publisher: 'failover-orchestrator', resolution: 60, unit: 'Count' },
  /** 1 while an operator has announced work on the platform; put by the operator's command. */
  Maintenance: { publisher: 'operator', resolution: 60, unit: 'Count' },
  /** Orders that were received and have no row in PostgreSQL yet, older than the sweep's patience. */
  OrdersWaiting: { publisher: 'reconciler', resolution: 60, unit: 'Count' },
  /** The same of payments: a stack may have either workload, and one sweep may fail while the other goes on. */
  PaymentsWaiting: { publisher: 'reconciler', resolution: 60, unit: 'Count' },
} as const satisfies Readonly<Record<string, Signal>>;

export type SignalName = keyof typeof SIGNALS;
