import * as pulumi from '@pulumi/pulumi';
import { SIGNALS } from '../../../lambda/shared/signals';
import { signal } from '../../../lib/detection/alarm-row';
import { RegionAlarms, regionRows } from '../../../lib/detection/region-alarms';
import { peerRows } from '../../../lib/detection/rows/peer';
import { failoverActiveRow } from '../../../lib/detection/rows/operation';
import { evaluate } from '../../support/evaluate';
import { ACCOUNT, REGION, misplaced, reachBoth, tableIn } from '../services/two-regions';
import { alarmInputs, METRIC_ALARM } from './alarms';
import type { AlarmRow } from '../../../lib/detection/alarm-row';
import type { RegionAlarmsArgs } from '../../../lib/detection/region-alarms';
import type { RegionRole } from '../../../lib/regions';
import type { Graph } from '../../support/evaluate';

const topicIn = (role: RegionRole) => `arn:aws:sns:${REGION[role]}:${ACCOUNT}:alerts-test`;
const outputs = ({ name, arn }: { name: pulumi.Input<string>; arn: pulumi.Input<string> }) => ({
  name: pulumi.output(name),
  arn: pulumi.output(arn),
});
const bucketIn = (role: RegionRole, purpose: string) =>
  outputs({ name: `${purpose}-${role}`, arn: `arn:aws:s3:::${purpose}-${role}` });
const bucketsIn = (role: RegionRole) => ({
  artifacts: bucketIn(role, 'artifacts'),
  config: bucketIn(role, 'config'),
  'audit-logs': bucketIn(role, 'audit-logs'),
  receipts: bucketIn(role, 'receipts'),
});

/** What a stack with both workloads tells one region's alarms. */
const argsIn = (role: RegionRole): RegionAlarmsArgs => ({
  environmentSuffix: 'test',
  role,
  regionNames: REGION,
  topicArn: topicIn(role),
  clusterIdentifier: `aurora-${role}`,
  lagWarningSeconds: 1,
  lagCriticalSeconds: 30,
  lagSampleIntervalSeconds: 30,
  rpoSeconds: 60,
  tables: { orders: outputs(tableIn(role, 'orders')), transactions: outputs(tableIn(role, 'transactions')) },
  buckets: { primary: bucketsIn('primary'), dr: bucketsIn('dr') },
  functions: [{ physicalName: 'health-test' }, { physicalName: 'orders-api-test' }],
  api: { apiName: 'trading-api-test', stageName: 'live-test' },
  orderQueue: { queueName: 'orders-queue-test', deadLetterQueueName: 'orders-dlq-test' },
  fleet: { albArnSuffix: 'app/application-test/1', targetGroupArnSuffix: 'targetgroup/application-test/2' },
});
const paymentsOnly = (role: RegionRole): RegionAlarmsArgs => ({
  ...argsIn(role),
  orderQueue: undefined,
  fleet: undefined,
});

let graph: Graph;
beforeAll(async () => {
  graph = await evaluate(() => {
    const { primary, dr } = reachBoth();
    for (const { role, provider } of [primary, dr]) new RegionAlarms(`own-${role}`, argsIn(role), { provider });
  });
});

const one = (rows: readonly AlarmRow[], name: string): AlarmRow => {
  const found = rows.find((row) => row.name === name);
  if (!found) throw new Error(`no row ${name} among ${rows.map((row) => row.name).join(', ')}`);
  return found;
};
const inDr = (name: string) => graph.one(METRIC_ALARM, `own-dr-${name}`).inputs;

/** All rows of both regions, with dimensions as text: what the rules for every alarm are checked on. */
const everyRow = (['primary', 'dr'] as const).flatMap((role) => [
  ...regionRows(argsIn(role)),
  ...peerRows({
    role,
    namespace: 'n',
    probeIntervalSeconds: 10,
    heartbeatIntervalSeconds: 10,
    canaryIntervalMinutes: 60,
    canaries: { own: 'own', peer: 'peer' },
  }),
  failoverActiveRow('n'),
]);

test.each(['primary', 'dr'] as const)(
  'the alarms of %s are its rows, no more and no less, in its own region',
  (role) => {
    expect(misplaced(graph)).toEqual([]);
    const alarms = graph.all(METRIC_ALARM).filter(({ name }) => name.startsWith(`own-${role}-`));
    const plain = regionRows(argsIn(role));
    expect(alarms.map(({ name }) => name).sort()).toEqual(plain.map(({ name }) => `own-${role}-${name}`).sort());
    for (const row of plain.filter(({ name }) => !/^(table|bucket)-/.test(name))) {
      expect(graph.one(METRIC_ALARM, `own-${role}-${row.name}`).inputs).toEqual(
        alarmInputs(row, 'test', topicIn(role)),
      );
    }
  },
);

test('the same alarms exist in both regions, so that they mean the same when the roles have changed', () => {
  const names = (role: RegionRole) => regionRows(argsIn(role)).map(({ name }) => name);
  expect(names('dr')).toEqual(names('primary'));
});

test('the lag of the database warns at 1 s and pages at 30 s, by Aurora’s count and by SQL (D3, M5)', () => {
  const rows = regionRows(argsIn('dr'));
  expect(one(rows, 'aurora-lag-warning')).toMatchObject({ threshold: 1_000, periodSeconds: 60, evaluationPeriods: 3 });
  expect(one(rows, 'aurora-lag-critical')).toMatchObject({ threshold: 30_000, evaluationPeriods: 1 });
  expect(one(rows, 'aurora-lag-critical').watches.dimensions).toEqual({ DBClusterIdentifier: 'aurora-dr' });
  expect(one(rows, 'sql-lag-warning')).toMatchObject({ threshold: 1, periodSeconds: 30, evaluationPeriods: 4 });
  expect(one(rows, 'sql-lag-critical')).toMatchObject({ threshold: 30, periodSeconds: 30, evaluationPeriods: 2 });
});

test('a table’s lag is watched where items leave, towards the other region', () => {
  expect(inDr('table-lag-orders-critical')).toMatchObject({
    namespace: 'AWS/DynamoDB',
    metricName: 'ReplicationLatency',
    statistic: 'Average',
    dimensions: { TableName: 'orders-test', ReceivingRegion: 'eu-central-1' },
    threshold: 30_000,
    evaluationPeriods: 2,
  });
});

test('a bucket’s lag is watched where objects arrive and its failures where they leave, of the rule that has metrics', () => {
  expect(inDr('bucket-lag-receipts')).toMatchObject({
    metricName: 'ReplicationLatency',
    dimensions: { SourceBucket: 'receipts-primary', DestinationBucket: 'receipts-dr', RuleId: 'rtc' },
    threshold: 60,
  });
  expect(inDr('bucket-failed-receipts')).toMatchObject({
    metricName: 'OperationsFailedReplication',
    dimensions: { SourceBucket: 'receipts-dr', DestinationBucket: 'receipts-primary', RuleId: 'rtc' },
    threshold: 0,
  });
});

test('one failed request at night is not 100 %: a rate needs a number of calls first', () => {
  expect(one(regionRows(argsIn('dr')), 'errors-health').watches.dimensions).toEqual({ FunctionName: 'health-test' });
  expect(inDr('errors-health')['metricQueries']).toContainEqual({
    id: 'percent',
    expression: 'IF(whole >= 5, 100 * part / whole, 0)',
    label: 'Errors in percent',
    returnData: true,
  });
  expect(inDr('api-5xx')['metricQueries']).toContainEqual({
    id: 'percent',
    expression: 'IF(whole >= 10, 100 * part / whole, 0)',
    label: '5XXError in percent',
    returnData: true,
  });
});

test('without the trading workload there is no queue and no fleet to watch', () => {
  const names = regionRows(paymentsOnly('dr')).map(({ name }) => name);
  expect(names.filter((name) => /order-|fleet/.test(name))).toEqual([]);
  expect(names).toContain('api-5xx');
});

describe('every alarm', () => {
  test('has a name of its own in its region', () => {
    for (const role of ['primary', 'dr'] as const) {
      const names = regionRows(argsIn(role)).map(({ name }) => name);
      expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
    }
  });

  test('says on purpose what no data means, in words that fit into its description', () => {
    expect(everyRow.filter(({ noDataMeans, says }) => noDataMeans.length < 10 || says.length < 20)).toEqual([]);
    const descriptions = graph.all(METRIC_ALARM).map(({ inputs }) => String(inputs['alarmDescription']));
    expect(
      descriptions.filter((text) => text.length > 1024 || !/ docs\/alarms\.md#alarm-[a-z0-9-]+$/.test(text)),
    ).toEqual([]);
  });

  test('stays within what CloudWatch evaluates: periods of 10, 20, 30 or whole minutes, a day at most', () => {
    const wrong = everyRow.filter(
      ({ periodSeconds, evaluationPeriods }) =>
        !([10, 20, 30].includes(periodSeconds) || periodSeconds % 60 === 0) ||
        periodSeconds * evaluationPeriods > 86_400,
    );
    expect(wrong).toEqual([]);
  });

  test('watches AWS’s own metrics by the minute, because they are no finer', () => {
    const fine = everyRow.filter(
      ({ watches, periodSeconds }) => /^AWS\/|^CloudWatch/.test(watches.namespace) && periodSeconds < 60,
    );
    expect(fine).toEqual([]);
  });

  test('on a signal of ours asks for no finer period than it is published in', () => {
    expect(() => signal('n', 'FailoverActive', 'Maximum', 10)).toThrow(
      'FailoverActive is of standard resolution, so a period of 10 s has no values',
    );
    expect(signal('n', 'ProbeFailed', 'Maximum', 10).dimensions).toEqual({ service: 'primary-probe' });
  });

  test('there is one for every signal that somebody has to know of', () => {
    const watched = new Set(everyRow.flatMap(({ watches }) => ('metricName' in watches ? [watches.metricName] : [])));
    expect(Object.keys(SIGNALS).filter((name) => !watched.has(name))).toEqual([
      // On the dashboard; what makes it fall is counted in ReadinessRegressions and ReadinessFailures.
      'ReadinessScore',
      // On the dashboard; each question that nobody answers is one of the ReadinessFailures.
      'ReadinessUnknown',
      // A figure for the report of a run.
      'FailoverDurationSeconds',
      // On the dashboard; a queue that grows old and the dead-letter queue have alarms of their own.
      'OrdersWaiting',
      // On the dashboard; a payment waits for as long as the database cannot be written, which has alarms of its own.
      'PaymentsWaiting',
    ]);
  });
});
