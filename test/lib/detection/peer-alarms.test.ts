import { FailoverActive } from '../../../lib/detection/failover-active';
import { PeerAlarms } from '../../../lib/detection/peer-alarms';
import { peerRows } from '../../../lib/detection/rows/peer';
import { evaluate } from '../../support/evaluate';
import { ACCOUNT, REGION, misplaced, reachBoth } from '../services/two-regions';
import { alarmInputs, METRIC_ALARM } from './alarms';
import type { RegionRole } from '../../../lib/regions';
import type { Graph } from '../../support/evaluate';

const COMPOSITE_ALARM = 'aws:cloudwatch/compositeAlarm:CompositeAlarm';
const ROLES = ['primary', 'dr'] as const;
const INTERVALS = { probeIntervalSeconds: 20, heartbeatIntervalSeconds: 30, canaryIntervalMinutes: 2 };
const canariesIn = (role: RegionRole) => ({ own: `canary-own-${role}`, peer: `canary-peer-${role}` });
const topicIn = (role: RegionRole) => `arn:aws:sns:${REGION[role]}:${ACCOUNT}:alerts-test`;
const orchestratorIn = (role: RegionRole) =>
  `arn:aws:lambda:${REGION[role]}:${ACCOUNT}:function:failover-orchestrator-test`;

let graph: Graph;
beforeAll(async () => {
  graph = await evaluate(() => {
    const regions = reachBoth();
    for (const region of [regions.primary, regions.dr]) {
      const { role, provider } = region;
      new PeerAlarms(
        `peer-${role}`,
        {
          ...INTERVALS,
          environmentSuffix: 'test',
          region,
          accountId: ACCOUNT,
          topicArn: topicIn(role),
          canaries: canariesIn(role),
          orchestratorFunctionArn: orchestratorIn(role),
        },
        { provider },
      );
    }
    const topicArn = topicIn('dr');
    const active = new FailoverActive('switch-dr', { environmentSuffix: 'test', topicArn }, regions.dr);
    return { watched: active.watched };
  });
});

const rowsOf = (role: RegionRole) =>
  peerRows({ ...INTERVALS, role, namespace: 'trading-platform-test', canaries: canariesIn(role) });

test.each(ROLES)('the alarms of %s are its rows, no more and no less, in its own region', (role) => {
  expect(misplaced(graph)).toEqual([]);
  const alarms = graph.all(METRIC_ALARM).filter(({ name }) => name.startsWith(`peer-${role}-`));
  expect(Object.fromEntries(alarms.map(({ name, inputs }) => [name, inputs]))).toEqual(
    Object.fromEntries(
      rowsOf(role).map((row) => [`peer-${role}-${row.name}`, alarmInputs(row, 'test', topicIn(role))]),
    ),
  );
});

test('only dr probes, because nothing fails over to primary by itself', () => {
  const names = (role: RegionRole) => rowsOf(role).map(({ name }) => name);
  expect(names('dr').filter((name) => !names('primary').includes(name))).toEqual(['probe-failed', 'probe-stopped']);
  expect(names('primary').filter((name) => !names('dr').includes(name))).toEqual([]);
});

test('legs and suppressor tell nobody by themselves: people hear of the composite, once', () => {
  const silent = rowsOf('dr').filter(({ notifies }) => !notifies);
  expect(silent.map(({ name }) => name)).toEqual([
    'probe-failed',
    'heartbeat-silent',
    'heartbeat-unhealthy',
    'maintenance',
  ]);
});

test.each([
  [10, 20, 5],
  [20, 40, 3],
  [30, 60, 2],
])(
  'with a heartbeat every %i s two may be missed (%i s), and the patience with an unhealthy region stays 50 s (%i periods)',
  (heartbeatIntervalSeconds, threshold, evaluationPeriods) => {
    const rows = peerRows({
      ...INTERVALS,
      heartbeatIntervalSeconds,
      role: 'dr',
      namespace: 'n',
      canaries: canariesIn('dr'),
    });
    const periodSeconds = heartbeatIntervalSeconds;
    expect(rows.find(({ name }) => name === 'heartbeat-silent')).toMatchObject({ threshold, periodSeconds });
    expect(rows.find(({ name }) => name === 'heartbeat-unhealthy')).toMatchObject({ evaluationPeriods, periodSeconds });
  },
);

test('in dr the probe and one other witness call the orchestrator and tell people (M6, F1)', () => {
  const { inputs } = graph.one(COMPOSITE_ALARM, 'peer-dr-failover-trigger');
  expect(inputs).toMatchObject({
    alarmName: 'failover-trigger-test',
    alarmRule:
      'ALARM("probe-failed-test") AND (ALARM("heartbeat-silent-test") OR ALARM("heartbeat-unhealthy-test") OR ALARM("canary-peer-failed-test"))',
    alarmActions: [orchestratorIn('dr'), topicIn('dr')],
    okActions: [topicIn('dr')],
    actionsSuppressor: { alarm: 'maintenance-test', waitPeriod: 0, extensionPeriod: 60 },
  });
});

test('the composite can call the orchestrator from its first second: the permission is there before it', () => {
  const composite = graph.one(COMPOSITE_ALARM, 'peer-dr-failover-trigger');
  const permission = graph.one('aws:lambda/permission:Permission', 'peer-dr-orchestrator-permission');
  expect(permission.inputs).toEqual({
    action: 'lambda:InvokeFunction',
    function: orchestratorIn('dr'),
    principal: 'lambda.alarms.cloudwatch.amazonaws.com',
    sourceAccount: ACCOUNT,
    sourceArn: composite.outputs['arn'],
  });
  expect(graph.dependsOn(composite, permission)).toBe(true);
});

test('CloudWatch knows every leg and the suppressor before it reads the rule', () => {
  const composite = graph.one(COMPOSITE_ALARM, 'peer-dr-failover-trigger');
  const before = graph.all(METRIC_ALARM).filter((alarm) => graph.dependsOn(composite, alarm));
  expect(before.map(({ inputs }) => inputs['name']).sort()).toEqual([
    'canary-peer-failed-test',
    'heartbeat-silent-test',
    'heartbeat-unhealthy-test',
    'maintenance-test',
    'probe-failed-test',
  ]);
});

test('in primary the composite tells people and calls nobody', () => {
  const { inputs } = graph.one(COMPOSITE_ALARM, 'peer-primary-peer-lost');
  expect(inputs).toMatchObject({
    alarmName: 'peer-lost-test',
    alarmRule: 'ALARM("heartbeat-silent-test") AND ALARM("canary-peer-failed-test")',
    alarmActions: [topicIn('primary')],
  });
  expect(graph.all('aws:lambda/permission:Permission')).toHaveLength(1);
});

test('the switch is an alarm that a Route 53 check can follow, and the check is told of every setting', () => {
  const { inputs } = graph.one(METRIC_ALARM, 'switch-dr-failover-active');
  expect(inputs).toMatchObject({
    name: 'failover-active-test',
    namespace: 'trading-platform-test',
    metricName: 'FailoverActive',
    dimensions: { service: 'heartbeat' },
    statistic: 'Maximum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    period: 60,
    evaluationPeriods: 1,
    treatMissingData: 'missing',
  });
  for (const unknownToRoute53 of ['metricQueries', 'extendedStatistic', 'datapointsToAlarm', 'thresholdMetricId']) {
    expect(inputs).not.toHaveProperty(unknownToRoute53);
  }
  expect(graph.outputs['watched']).toEqual({
    alarmName: 'failover-active-test',
    triggers: {
      alarmName: 'failover-active-test',
      namespace: 'trading-platform-test',
      metricName: 'FailoverActive',
      statistic: 'Maximum',
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: '1',
      period: '60',
      evaluationPeriods: '1',
      treatMissingData: 'missing',
      service: 'heartbeat',
    },
  });
});
