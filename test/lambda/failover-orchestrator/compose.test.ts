import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { createCallLog, createWatch } from '../../../lambda/failover-orchestrator/call-log';
import { composeFailoverOrchestrator } from '../../../lambda/failover-orchestrator/compose';
import { failoverOrchestratorEnv } from '../../../lambda/failover-orchestrator/env';
import { verifyChain } from '../../../lambda/failover-orchestrator/report';
import { fakeAws } from '../support/fake-aws';
import { fakeDynamodb } from '../support/fake-dynamodb';
import { recordedTelemetry } from '../support/fakes';
import { steppedClock } from './support/clock';
import { fakeHttp, type HttpAnswer, type HttpRequest, queryAnswer } from './support/fake-http';
import { fakeTable } from './support/fake-table';
import { DR, NOW, PRIMARY } from './support/run';

const WITNESS = 'eu-west-1';
const OWN = `arn:aws:rds:${DR}:123456789012:cluster:aurora-dev-dr`;
const ENVIRONMENT = {
  ENVIRONMENT_SUFFIX: 'dev',
  REGISTER_TABLE: 'register-dev',
  PRIMARY_REGION: PRIMARY,
  DR_REGION: DR,
  WITNESS_REGION: WITNESS,
  LEASE_TABLE: 'lease-dev',
  LEASE_SECONDS: '60',
  JOURNAL_TABLE: 'journal-dev',
  FAILOVER_MODE: 'automatic',
  RPO_SECONDS: '60',
  TRIGGER_ALARM: 'failover-trigger-dev',
  MAINTENANCE_ALARM: 'maintenance-dev',
  UNHEALTHY_ALARM: 'heartbeat-unhealthy-dev',
  GLOBAL_CLUSTER_ID: 'global-dev',
  OWN_CLUSTER_ARN: OWN,
  OTHER_CLUSTER_ARN: `arn:aws:rds:${PRIMARY}:123456789012:cluster:aurora-dev-primary`,
  MONITOR_FUNCTION: 'replication-monitor-dev',
  LEDGER_FUNCTION: 'ledger-dev',
  OTHER_LEDGER_FUNCTION: `arn:aws:lambda:${PRIMARY}:123456789012:function:ledger-dev`,
  VANTAGE_RECORD: 'vantage.dev.example.com',
  ZONE_NAME_SERVERS: 'ns-1.awsdns-01.com,ns-2.awsdns-02.net',
  HOSTED_ZONE_ID: 'Z1',
  ACTIVE_RECORD: 'active.dev.example.com',
  OWN_CONSUMER_IDS: 'own-consumer',
  OTHER_CONSUMER_IDS: 'other-consumer',
  FLEET_GROUP: 'fleet-dev',
  FLEET_FLOOR: '2',
  FLEET_WAITING_FLOOR: '1',
  RPO_BOUND_SECONDS: 'none',
  PARAMETER_GROUP: 'aurora-postgresql17-dev',
  OWN_TOPIC_ARN: `arn:aws:sns:${DR}:123456789012:alerts-dev`,
  OTHER_TOPIC_ARN: `arn:aws:sns:${PRIMARY}:123456789012:alerts-dev`,
  REPORTS_BUCKET: 'audit-logs-dev',
  OWN_URL: 'https://api.dr.example.com',
  METRICS_NAMESPACE: 'trading-platform-dev',
};

/** dr's half of AWS, as it answers while primary is a black hole. */
function drAlone() {
  const clock = steppedClock(NOW);
  const tables: Record<string, ReturnType<typeof fakeDynamodb>> = { [DR]: fakeDynamodb(), [WITNESS]: fakeDynamodb() };
  const journal = fakeTable();
  const reports: string[] = [];
  const rds: { orderedAt?: number } = {};
  const callLog = createCallLog(clock.now);
  const watch = createWatch(callLog, recordedTelemetry());

  const rdsAnswer = ({ fields }: HttpRequest): HttpAnswer => {
    const writes = rds.orderedAt !== undefined && clock.now() > rds.orderedAt;
    switch (fields['Action']) {
      case 'DescribeGlobalClusters':
        return queryAnswer(
          'DescribeGlobalClusters',
          `<GlobalClusters><GlobalClusterMember><GlobalClusterMembers><GlobalClusterMember><DBClusterArn>${OWN}</DBClusterArn><IsWriter>${writes}</IsWriter></GlobalClusterMember></GlobalClusterMembers></GlobalClusterMember></GlobalClusters>`,
        );
      case 'DescribeDBClusters':
        return queryAnswer(
          'DescribeDBClusters',
          '<DBClusters><DBCluster><Status>available</Status><DBClusterMembers><DBClusterMember></DBClusterMember></DBClusterMembers></DBCluster></DBClusters>',
        );
      default:
        rds.orderedAt = clock.now();
        return queryAnswer('FailoverGlobalCluster', '');
    }
  };
  const functionAnswer = ({ path }: HttpRequest): HttpAnswer =>
    path.includes('replication-monitor-dev')
      ? { body: JSON.stringify({ kind: 'follows', calculatedAt: NOW - 41_000, lagMs: 300 }) }
      : { body: JSON.stringify({ epoch: 2 }) };
  const inDr = (answer: (request: HttpRequest) => HttpAnswer) => fakeHttp(answer).options;
  const inPrimary = fakeHttp(() => 'silence', PRIMARY).options;
  const dynamodb = (region: string) => {
    const { options } = fakeAws((request) => tables[region]?.answer(request) ?? { error: 'NoSuchRegion' });
    return watch(new DynamoDBClient({ ...options, region, maxAttempts: 1 }), region);
  };
  const cloudwatch = fakeAws(({ body }) => ({
    body: body['AlarmNames']
      ? {
          CompositeAlarms: [
            { AlarmName: 'failover-trigger-dev', StateValue: 'ALARM', StateTransitionedTimestamp: NOW / 1_000 },
          ],
        }
      : {},
  }));
  const clients = {
    registers: {
      [PRIMARY]: watch(new DynamoDBClient(inPrimary), PRIMARY),
      [DR]: dynamodb(DR),
      [WITNESS]: dynamodb(WITNESS),
    },
    leases: dynamodb(DR),
    journal: journal.client,
    cloudwatch: watch(new CloudWatchClient({ ...cloudwatch.options, region: DR }), DR),
    signals: watch(new CloudWatchClient({ ...cloudwatch.options, region: DR }), DR),
    functions: watch(new LambdaClient(inDr(functionAnswer)), DR),
    ownConsumers: watch(new LambdaClient(inDr(() => ({ body: '{}' }))), DR),
    otherConsumers: watch(new LambdaClient(inPrimary), PRIMARY),
    rds: { look: watch(new RDSClient(inDr(rdsAnswer)), DR), order: watch(new RDSClient(inDr(rdsAnswer)), DR) },
    there: {
      journal: watch(new DynamoDBClient(inPrimary), PRIMARY),
      leases: watch(new DynamoDBClient(inPrimary), PRIMARY),
      functions: watch(new LambdaClient(inPrimary), PRIMARY),
      rds: { look: watch(new RDSClient(inPrimary), PRIMARY), order: watch(new RDSClient(inPrimary), PRIMARY) },
      autoScaling: watch(new AutoScalingClient(inPrimary), PRIMARY),
    },
    autoScaling: watch(
      new AutoScalingClient(
        inDr(({ fields }) =>
          queryAnswer(
            String(fields['Action']),
            '<AutoScalingGroups><member><MinSize>1</MinSize><MaxSize>4</MaxSize></member></AutoScalingGroups>',
          ),
        ),
      ),
      DR,
    ),
    ownTopic: watch(new SNSClient(inDr(() => queryAnswer('Publish', ''))), DR),
    otherTopic: watch(new SNSClient(inPrimary), PRIMARY),
    route53: watch(new Route53Client(inDr(() => 'silence')), 'global'),
    s3: watch(new S3Client(inDr(({ text }) => (reports.push(text.slice(text.indexOf('{'))), { body: '' }))), DR),
    http: {
      send: async ({ method }: { method: string }) =>
        method === 'POST'
          ? { status: 202, body: '{}' }
          : { status: 200, body: JSON.stringify({ status: 'PROCESSED', result: { epoch: 2, verdict: 'PROCESSED' } }) },
      close: () => undefined,
    },
    dns: { addressesOf: async () => ['192.0.2.1'], textsOf: async () => ['down'] },
  };
  let ids = 0;
  const respond = composeFailoverOrchestrator(
    { ...failoverOrchestratorEnv.parse(ENVIRONMENT), AWS_REGION: DR },
    clients,
    callLog,
    recordedTelemetry(),
    { now: clock.now, sleep: clock.sleep, random: () => 0, newId: () => `id-${(ids += 1)}` },
  );
  return { respond, tables, journal, reports, cloudwatch };
}

/** Primary's last renewal, as dr and the witness have it. */
const LAST_RENEWAL = {
  pk: { S: 'register' },
  activeRegion: { S: PRIMARY },
  epoch: { N: '1' },
  standing: { S: 'won' },
  claimId: { S: 'initial' },
  leaseEnds: { M: { [PRIMARY]: { N: String(NOW - 6_000) } } },
  renewedAt: { N: String(NOW - 66_000) },
  traffic: { M: { failoverActive: { N: '0' }, epoch: { N: '1' } } },
  version: { N: '9' },
};

test('primary is a black hole: dr becomes active with what it has, and its report tells every call', async () => {
  const { respond, tables, journal, reports, cloudwatch } = drAlone();
  for (const region of [DR, WITNESS]) tables[region]?.items.set('register-dev register', LAST_RENEWAL);
  const alarm = { alarmName: 'failover-trigger-dev', state: { value: 'ALARM' } };
  const answer = await respond({ source: 'aws.cloudwatch', alarmData: alarm }, () => 900_000);

  expect(answer).toMatchObject({ phase: 'ended', outcome: 'DONE', epoch: 2, startedBy: 'the alarm' });
  expect(tables[DR]?.item('lease-dev', 'lease')).toMatchObject({ activeRegion: { S: DR }, epoch: { N: '2' } });
  expect(tables[WITNESS]?.item('register-dev', 'register')).toMatchObject({
    activeRegion: { S: DR },
    standing: { S: 'won' },
    traffic: { M: { failoverActive: { N: '1' }, epoch: { N: '2' } } },
  });
  expect(tables[DR]?.item('lease-dev', 'sweep')).toBeDefined();
  expect(journal.item('current', 'current')).toMatchObject({ closed: true, outcome: 'DONE' });
  const published = cloudwatch.sent.flatMap(({ body }) => JSON.stringify(body['MetricData'] ?? []));
  expect(published.some((data) => data.includes('"FailoverActive"'))).toBe(true);
  expect(published.some((data) => data.includes('"FailoverDurationSeconds"'))).toBe(true);

  const [written] = reports.map((text): { report: { steps: { name: string; status: string }[]; calls: Called[] } } =>
    JSON.parse(text),
  );
  expect(verifyChain([written])).toEqual([]);
  // What needs the lost region, or the control plane of another one, is tried once and does without.
  expect(written?.report.steps.filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual([
    'stop-consumers',
    'record-change',
  ]);
  const calls = written?.report.calls ?? [];
  expect([...new Set(calls.map(({ call, region }) => `${region} ${call}`))].sort()).toEqual([
    'eu-central-1 DynamoDBClient.GetItemCommand',
    'eu-central-1 LambdaClient.UpdateEventSourceMappingCommand',
    'eu-central-1 SNSClient.PublishCommand',
    'eu-central-2 AutoScalingClient.DescribeAutoScalingGroupsCommand',
    'eu-central-2 AutoScalingClient.UpdateAutoScalingGroupCommand',
    'eu-central-2 CloudWatchClient.DescribeAlarmsCommand',
    'eu-central-2 CloudWatchClient.PutMetricDataCommand',
    'eu-central-2 DynamoDBClient.GetItemCommand',
    'eu-central-2 DynamoDBClient.PutItemCommand',
    'eu-central-2 DynamoDBClient.UpdateItemCommand',
    'eu-central-2 LambdaClient.InvokeCommand',
    'eu-central-2 LambdaClient.UpdateEventSourceMappingCommand',
    'eu-central-2 RDSClient.DescribeDBClustersCommand',
    'eu-central-2 RDSClient.DescribeGlobalClustersCommand',
    'eu-central-2 RDSClient.FailoverGlobalClusterCommand',
    'eu-central-2 SNSClient.PublishCommand',
    'eu-west-1 DynamoDBClient.GetItemCommand',
    'eu-west-1 DynamoDBClient.PutItemCommand',
    'global Route53Client.ChangeResourceRecordSetsCommand',
  ]);
  expect(calls.filter(({ region, outcome }) => region === PRIMARY && outcome === 'ok')).toEqual([]);
});

interface Called {
  readonly call: string;
  readonly region: string;
  readonly outcome: string;
}

test('an event that is none of ours is an error, and nothing is asked or written', async () => {
  const { respond, journal } = drAlone();
  await expect(respond({ source: 'aws.events' }, () => 900_000)).rejects.toMatchObject({ name: 'UnknownEventError' });
  expect(journal.sent).toEqual([]);
});
