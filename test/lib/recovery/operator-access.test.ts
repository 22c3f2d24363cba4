import { OperatorAccess } from '../../../lib/recovery/operator-access';
import { evaluate } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { ACCOUNT, REGION, keyIn, leaseTableIn, reachBoth, statementsOf } from '../services/two-regions';

const migrator = (region: string) => ({
  functionArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:schema-migrator-test`,
});

const orchestrator = (region: string) => ({
  functionArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:failover-orchestrator-test`,
});
const monitor = (region: string) => ({
  functionArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:replication-monitor-test`,
});
const ledger = (region: string) => ({ functionArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:ledger-test` });
const auditLogs = (region: string) => ({ 'audit-logs': { arn: `arn:aws:s3:::audit-logs-${region}-test` } });
const journalIn = (role: 'primary' | 'dr') => ({
  tableArn: `arn:aws:dynamodb:${REGION[role]}:${ACCOUNT}:table/journal-test`,
});
const REGISTERS = [REGION.primary, REGION.dr, 'eu-west-1'].map(
  (region) => `arn:aws:dynamodb:${region}:${ACCOUNT}:table/register-test`,
);

const evaluateRole = (operatorPrincipals: readonly string[]): Promise<Graph> =>
  evaluate(() => {
    new OperatorAccess('operator', {
      environmentSuffix: 'test',
      regions: reachBoth(),
      accountId: ACCOUNT,
      operatorPrincipals,
      schemaMigrators: { primary: migrator(REGION.primary), dr: migrator(REGION.dr) },
      failoverOrchestrators: { primary: orchestrator(REGION.primary), dr: orchestrator(REGION.dr) },
      ledgers: { primary: ledger(REGION.primary), dr: ledger(REGION.dr) },
      tables: { primary: {}, dr: {} },
      replicationMonitors: { primary: monitor(REGION.primary), dr: monitor(REGION.dr) },
      readByHand: {
        primary: { functions: [{ physicalName: 'health-test' }], queueNames: ['alerts-test', 'orders-dlq-test'] },
        dr: { functions: [{ physicalName: 'health-test' }], queueNames: ['alerts-test', undefined] },
      },
      buckets: { primary: auditLogs(REGION.primary), dr: auditLogs(REGION.dr) },
      journals: { primary: journalIn('primary'), dr: journalIn('dr') },
      registers: { tableArns: REGISTERS },
      leaseTables: { primary: leaseTableIn('primary'), dr: leaseTableIn('dr') },
      keys: { primary: { keyArn: keyIn('primary') }, dr: { keyArn: keyIn('dr') } },
    });
  });

const trusted = (graph: Graph) =>
  statementsOf(graph.one('aws:iam/role:Role', 'operator-role').inputs['assumeRolePolicy'])[0]?.Principal;

test('one role for both regions, because IAM is global, made through dr', async () => {
  const graph = await evaluateRole([]);
  const role = graph.one('aws:iam/role:Role', 'operator-role');
  expect(role.inputs).toMatchObject({ name: 'operator-eu-central-2-test', maxSessionDuration: 3_600 });
  expect(graph.created.map(({ provider }) => provider?.split('::').at(-1))).toEqual(['dr', 'dr']);
});

test.each([
  ['those who are named, and nobody else', [`arn:aws:iam::${ACCOUNT}:role/sre`], [`arn:aws:iam::${ACCOUNT}:role/sre`]],
  ['whoever the account’s IAM allows, when nobody is named', [], [`arn:aws:iam::${ACCOUNT}:root`]],
])('the role may be taken by %s', async (_, operatorPrincipals, principals) => {
  expect(trusted(await evaluateRole(operatorPrincipals))).toEqual({ AWS: principals });
});

test('it allows what today’s commands call, on both regions’ things, and nothing more (F6)', async () => {
  const graph = await evaluateRole([]);
  expect(statementsOf(graph.one('aws:iam/rolePolicy:RolePolicy', 'operator-policy').inputs['policy'])).toEqual([
    {
      Sid: 'MigrateSchema',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: [
        `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:schema-migrator-test`,
        `arn:aws:lambda:eu-central-2:${ACCOUNT}:function:schema-migrator-test`,
      ],
    },
    {
      Sid: 'DecideAboutFailovers',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: [
        `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:failover-orchestrator-test`,
        `arn:aws:lambda:eu-central-2:${ACCOUNT}:function:failover-orchestrator-test`,
      ],
    },
    {
      Sid: 'ReadWhoMayWrite',
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: [
        `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/lease-test`,
        `arn:aws:dynamodb:eu-central-2:${ACCOUNT}:table/lease-test`,
        ...REGISTERS,
      ],
    },
    {
      Sid: 'ReadJournals',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: [
        `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/journal-test`,
        `arn:aws:dynamodb:eu-central-2:${ACCOUNT}:table/journal-test`,
      ],
    },
    {
      Sid: 'AskForLag',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: [
        `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:replication-monitor-test`,
        `arn:aws:lambda:eu-central-2:${ACCOUNT}:function:replication-monitor-test`,
      ],
    },
    {
      Sid: 'SeeAlarmsAndDatabase',
      Effect: 'Allow',
      Action: ['cloudwatch:DescribeAlarms', 'rds:DescribeGlobalClusters'],
      Resource: '*',
    },
    {
      Sid: 'ReadReports',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: [
        'arn:aws:s3:::audit-logs-eu-central-1-test/runs/*',
        'arn:aws:s3:::audit-logs-eu-central-2-test/runs/*',
      ],
    },
    {
      Sid: 'TellMissingReports',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: ['arn:aws:s3:::audit-logs-eu-central-1-test', 'arn:aws:s3:::audit-logs-eu-central-2-test'],
      Condition: { StringLike: { 's3:prefix': 'runs/*' } },
    },
    {
      Sid: 'FreezeAndSweep',
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: [
        `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/lease-test`,
        `arn:aws:dynamodb:eu-central-2:${ACCOUNT}:table/lease-test`,
      ],
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['freeze', 'sweep'] } },
    },
    {
      Sid: 'AskLedger',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: [
        `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:ledger-test`,
        `arn:aws:lambda:eu-central-2:${ACCOUNT}:function:ledger-test`,
      ],
    },
    {
      Sid: 'AnnounceMaintenance',
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': 'trading-platform-test' } },
    },
    {
      Sid: 'ReadLogs',
      Effect: 'Allow',
      Action: 'logs:FilterLogEvents',
      Resource: [
        `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/health-test:*`,
        `arn:aws:logs:eu-central-2:${ACCOUNT}:log-group:/aws/lambda/health-test:*`,
      ],
    },
    {
      Sid: 'ReadQueues',
      Effect: 'Allow',
      Action: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      Resource: [
        `arn:aws:sqs:eu-central-1:${ACCOUNT}:alerts-test`,
        `arn:aws:sqs:eu-central-1:${ACCOUNT}:orders-dlq-test`,
        `arn:aws:sqs:eu-central-2:${ACCOUNT}:alerts-test`,
      ],
    },
    {
      Sid: 'KeysThroughDynamoDbS3AndSqs',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: [keyIn('primary'), keyIn('dr')],
      Condition: {
        StringEquals: {
          'kms:ViaService': [
            'dynamodb.eu-central-1.amazonaws.com',
            's3.eu-central-1.amazonaws.com',
            'sqs.eu-central-1.amazonaws.com',
            'dynamodb.eu-central-2.amazonaws.com',
            's3.eu-central-2.amazonaws.com',
            'sqs.eu-central-2.amazonaws.com',
          ],
        },
      },
    },
  ]);
});
