import { DatabaseHealth } from '../../../lib/detection/database-health';
import type { Region } from '../../../lib/regions';
import { evaluate } from '../../support/evaluate';
import { ACCOUNT, REGION, misplaced, reachBoth } from '../services/two-regions';

const evaluateAlarms = () =>
  evaluate(() => {
    const { primary, dr } = reachBoth();
    const triggers = ({ role, provider }: Region) => {
      const topicArn = `arn:aws:sns:${REGION[role]}:${ACCOUNT}:alerts-test`;
      const args = { environmentSuffix: 'test', clusterIdentifier: `trading-${role}`, topicArn };
      return new DatabaseHealth(`database-health-${role}`, args, { provider }).triggers;
    };
    return { primary: triggers(primary), dr: triggers(dr) };
  });

test.each(['primary', 'dr'] as const)(
  'the database of %s is watched in its own region, whatever its role',
  async (role) => {
    const graph = await evaluateAlarms();
    expect(misplaced(graph)).toEqual([]);
    const { inputs } = graph.one('aws:cloudwatch/metricAlarm:MetricAlarm', `database-health-${role}-alarm`);
    expect(inputs['name']).toBe('database-health-test');
    // No Role dimension: it would name a writer that is elsewhere after a failover.
    expect(inputs['dimensions']).toEqual({ DBClusterIdentifier: `trading-${role}` });
    expect(inputs['alarmActions']).toEqual([`arn:aws:sns:${REGION[role]}:${ACCOUNT}:alerts-test`]);
  },
);

test('it is an alarm that a Route 53 check can follow, and silence means that the database is down', async () => {
  const graph = await evaluateAlarms();
  const { inputs } = graph.one('aws:cloudwatch/metricAlarm:MetricAlarm', 'database-health-dr-alarm');
  expect(inputs).toMatchObject({
    namespace: 'AWS/RDS',
    metricName: 'EngineUptime',
    statistic: 'Minimum',
    comparisonOperator: 'LessThanThreshold',
    threshold: 60,
    period: 60,
    evaluationPeriods: 3,
    treatMissingData: 'breaching',
  });
  for (const unknownToRoute53 of ['metricQueries', 'extendedStatistic', 'datapointsToAlarm', 'thresholdMetricId']) {
    expect(inputs).not.toHaveProperty(unknownToRoute53);
  }
});

test('what it tells the check names every setting, so that the check is reset whenever one changes', async () => {
  const graph = await evaluateAlarms();
  const { inputs } = graph.one('aws:cloudwatch/metricAlarm:MetricAlarm', 'database-health-dr-alarm');
  const settings = [
    'namespace',
    'metricName',
    'statistic',
    'comparisonOperator',
    'threshold',
    'period',
    'evaluationPeriods',
  ];
  expect(graph.outputs['dr']).toEqual({
    ...Object.fromEntries(
      [...settings, 'treatMissingData'].map((key) => [key, JSON.stringify(inputs[key]).replaceAll('"', '')]),
    ),
    DBClusterIdentifier: 'trading-dr',
  });
});
