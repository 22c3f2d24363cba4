import type { AlarmRow, Metric, Percentage } from '../../../lib/detection/alarm-row';

export const METRIC_ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';

/** What a row's resource has to say to CloudWatch, put together without the code that does so. */
export function alarmInputs(row: AlarmRow, suffix: string, topicArn: string): object {
  const actions = row.notifies ? [topicArn] : [];
  return {
    name: `${row.name}-${suffix}`,
    alarmDescription: `${row.says}. No data: ${row.noDataMeans}. docs/alarms.md#alarm-${row.runbook ?? row.name}`,
    alarmActions: actions,
    okActions: actions,
    comparisonOperator: row.comparison,
    threshold: row.threshold,
    evaluationPeriods: row.evaluationPeriods,
    treatMissingData: row.noData,
    ...(row.datapointsToAlarm !== undefined && { datapointsToAlarm: row.datapointsToAlarm }),
    ...watched(row.watches, row.periodSeconds),
  };
}

function watched(watches: Metric | Percentage, period: number): object {
  if (!('part' in watches)) return { ...watches, period };
  const { namespace, dimensions, part, whole, atLeast } = watches;
  const metric = (metricName: string) => ({ namespace, metricName, dimensions, stat: 'Sum', period });
  const expression = `IF(whole >= ${atLeast}, 100 * part / whole, 0)`;
  return {
    metricQueries: [
      { id: 'part', metric: metric(part) },
      { id: 'whole', metric: metric(whole) },
      { id: 'percent', expression, label: `${part} in percent`, returnData: true },
    ],
  };
}
