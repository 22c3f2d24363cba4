import * as pulumi from '@pulumi/pulumi';
import { Dashboard } from '../../../lib/detection/dashboard';
import { evaluate, text } from '../../support/evaluate';
import { ACCOUNT, REGION, misplaced, reachBoth, tableIn } from '../services/two-regions';
import type { RegionRole } from '../../../lib/regions';
import type { Graph } from '../../support/evaluate';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly Line[];
  };
}
type Line = readonly (string | { readonly region: string })[];

const outputs = ({ name, arn }: { name: pulumi.Input<string>; arn: pulumi.Input<string> }) => ({
  name: pulumi.output(name),
  arn: pulumi.output(arn),
});
const bucket = (role: RegionRole, purpose: string) =>
  outputs({ name: `${purpose}-${role}`, arn: `arn:aws:s3:::${purpose}-${role}` });
const bucketsIn = (role: RegionRole) => ({
  artifacts: bucket(role, 'artifacts'),
  config: bucket(role, 'config'),
  'audit-logs': bucket(role, 'audit-logs'),
});
const alarmIn = (role: RegionRole) => `arn:aws:cloudwatch:${REGION[role]}:${ACCOUNT}:alarm:one-test`;

const evaluateDashboards = (trading: boolean): Promise<Graph> =>
  evaluate(() => {
    const regions = reachBoth();
    const urls = [regions.primary, regions.dr].map(
      (region) =>
        new Dashboard(
          `dashboard-${region.role}`,
          {
            environmentSuffix: 'test',
            region,
            regionNames: REGION,
            clusterIdentifiers: { primary: 'aurora-p', dr: 'aurora-d' },
            tables: { orders: outputs(tableIn('primary', 'orders')) },
            buckets: { primary: bucketsIn('primary'), dr: bucketsIn('dr') },
            healthCheckIds: { 'api primary': pulumi.output('check-1'), 'api dr': 'check-2' },
            apis: {
              primary: { apiName: 'trading-api-test', stageName: 'live-test' },
              dr: { apiName: 'trading-api-test', stageName: 'live-test' },
            },
            orderQueueNames: trading ? { primary: 'orders-queue-test', dr: 'orders-queue-test' } : undefined,
            lagWarningSeconds: 1,
            lagCriticalSeconds: 30,
            alarmArns: [alarmIn(region.role)],
          },
          { provider: region.provider },
        ).dashboardUrl,
    );
    return { urls };
  });

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateDashboards(true);
});

const widgetsIn = (role: RegionRole, from = graph): readonly Widget[] => {
  const { inputs } = from.one('aws:cloudwatch/dashboard:Dashboard', `dashboard-${role}-dashboard`);
  const body: { widgets: readonly Widget[] } = JSON.parse(text(inputs, 'dashboardBody'));
  return body.widgets;
};
const linesIn = (role: RegionRole, from = graph): readonly Line[] =>
  widgetsIn(role, from).flatMap(({ properties }) => properties.metrics ?? []);

test('each region has its own, and both show the same: dr’s must answer when primary does not (M9)', () => {
  expect(misplaced(graph)).toEqual([]);
  const others = (role: RegionRole) => widgetsIn(role).filter(({ type }) => type !== 'alarm');
  expect(others('dr')).toEqual(others('primary'));
  for (const role of ['primary', 'dr'] as const) {
    const status = widgetsIn(role).find(({ type }) => type === 'alarm');
    expect(status?.properties.alarms).toEqual([alarmIn(role)]);
  }
});

test('every line says its region, both regions are there, and health checks are read where Route 53 publishes them', () => {
  const regions = linesIn('dr').map((line) => {
    const last = line.at(-1);
    return [line[0], typeof last === 'object' ? last.region : undefined];
  });
  expect(regions.filter(([, region]) => region === undefined)).toEqual([]);
  expect(new Set(regions.map(([, region]) => region))).toEqual(new Set(['eu-central-1', 'eu-central-2', 'us-east-1']));
  expect(regions.filter(([namespace, region]) => (namespace === 'AWS/Route53') !== (region === 'us-east-1'))).toEqual(
    [],
  );
});

test('shows lag, readiness, health checks, the active region, the last run and traffic', () => {
  const metrics = new Set(linesIn('dr').map(([, metric]) => metric));
  for (const metric of [
    'AuroraGlobalDBRPOLag',
    'RpoLagSeconds',
    'ReplicationLatency',
    'ReadinessFailures',
    'ReadinessScore',
    'ReadinessRegressions',
    'ReadinessUnknown',
    'HealthCheckStatus',
    'FailoverActive',
    'HeartbeatAgeSeconds',
    'FailoverDurationSeconds',
    'RunsFailed',
    'Count',
    '5XXError',
    'ApproximateAgeOfOldestMessage',
  ]) {
    expect(metrics).toContain(metric);
  }
});

test('the score is drawn at its least, because the greatest of a period would hide a fall (X7)', () => {
  const scores = linesIn('dr').filter(([, metric]) => metric === 'ReadinessScore');
  expect(scores.map((line) => line.at(-1))).toEqual([
    { region: 'eu-central-1', label: 'ready in %, primary', stat: 'Minimum' },
    { region: 'eu-central-2', label: 'ready in %, dr', stat: 'Minimum' },
  ]);
});

test('a lag is drawn from the region that has its metric: tables at the source, buckets at the destination', () => {
  const lines = linesIn('dr').filter(([, metric]) => metric === 'ReplicationLatency');
  expect(lines).toContainEqual([
    'AWS/DynamoDB',
    'ReplicationLatency',
    'TableName',
    'orders-test',
    'ReceivingRegion',
    'eu-central-2',
    { region: 'eu-central-1', stat: 'Average' },
  ]);
  expect(lines).toContainEqual([
    'AWS/S3',
    'ReplicationLatency',
    'SourceBucket',
    'config-primary',
    'DestinationBucket',
    'config-dr',
    'RuleId',
    'rtc',
    { region: 'eu-central-2', label: 'config, s to dr' },
  ]);
});

test('no two widgets lie on each other, and none lies beyond the grid', () => {
  const cells = widgetsIn('dr').flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(widgetsIn('dr').filter(({ x, width }) => x + width > 24)).toEqual([]);
});

test('the address opens the dashboard of its own region', () => {
  expect(graph.outputs['urls']).toEqual([
    'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/trading-platform-eu-central-1-test',
    'https://eu-central-2.console.aws.amazon.com/cloudwatch/home?region=eu-central-2#dashboards/dashboard/trading-platform-eu-central-2-test',
  ]);
});

test('without the trading workload the orders are missing and the rest stays', async () => {
  const without = await evaluateDashboards(false);
  expect(linesIn('dr', without).some(([namespace]) => namespace === 'AWS/SQS')).toBe(false);
  expect(linesIn('dr', without).length).toBe(linesIn('dr').length - 2);
});
