import { signal } from '../alarm-row';
import type { AlarmRow, Metric } from '../alarm-row';

/** Three reconciliations of 5 minutes that did not complete, in seconds. */
const OLD_PARAMETERS_SECONDS = 900;
/** The replicator's schedule: it publishes once in this long, in seconds. */
const RECONCILIATION_SECONDS = 300;

/**
 * The switch that DNS follows. Within what a Route 53 check can follow: one metric, standard resolution, a plain statistic,
 * no M of N. Route 53 reads the metric itself, with the alarm's settings.
 */
export function failoverActiveRow(namespace: string): AlarmRow {
  return {
    name: 'failover-active',
    says: 'dr has the traffic; the health check of the failover names follows this switch',
    watches: signal(namespace, 'FailoverActive', 'Maximum', 60),
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    periodSeconds: 60,
    evaluationPeriods: 1,
    noData: 'missing',
    noDataMeans: 'the register has no majority, so nobody knows; the check keeps the last known answer',
    notifies: true,
  };
}

/** Whether this region could take over, and how its own runs ended. */
export function operationRows(namespace: string): readonly AlarmRow[] {
  return [
    {
      name: 'readiness',
      says: 'For ten minutes something keeps this region from taking over',
      watches: signal(namespace, 'ReadinessFailures', 'Maximum', 300),
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      periodSeconds: 300,
      evaluationPeriods: 2,
      noData: 'breaching',
      noDataMeans: 'nobody has checked, and a region that was not checked is not ready',
      notifies: true,
    },
    {
      name: 'readiness-regressed',
      says: 'A readiness check of this region that has been ok fails: since the last look something has become worse',
      watches: signal(namespace, 'ReadinessRegressions', 'Maximum', 300),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      periodSeconds: 300,
      evaluationPeriods: 1,
      noData: 'notBreaching',
      noDataMeans: 'nobody has checked, which the alarm readiness tells of',
      notifies: true,
    },
    {
      name: 'run-failed',
      says: 'A run of the orchestrator of this region ended without the region being active',
      watches: signal(namespace, 'RunsFailed', 'Sum', 60),
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      periodSeconds: 60,
      evaluationPeriods: 1,
      noData: 'notBreaching',
      noDataMeans: 'there was no run',
      notifies: true,
    },
    {
      name: 'parameters-old',
      says: `The parameters of this region have not been carried to the other one for ${OLD_PARAMETERS_SECONDS / 60} minutes`,
      watches: reconciliationAge(namespace),
      comparison: 'GreaterThanThreshold',
      threshold: OLD_PARAMETERS_SECONDS,
      periodSeconds: RECONCILIATION_SECONDS,
      evaluationPeriods: 1,
      noData: 'notBreaching',
      noDataMeans: 'the replicator did not run; errors-parameter-replicator and its schedule say why',
      notifies: true,
    },
  ];
}

/** Published since before there was a table of signals, and decides nothing. */
function reconciliationAge(namespace: string): Metric {
  return {
    namespace,
    metricName: 'ReconciliationAgeSeconds',
    dimensions: { service: 'parameter-replicator' },
    statistic: 'Maximum',
  };
}
