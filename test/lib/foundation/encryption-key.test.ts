import { EncryptionKey } from '../../../lib/foundation/encryption-key';
import { evaluate, type Graph } from '../../support/evaluate';
import { ACCOUNT_ID, statement, statements, twoRegions } from './two-regions';

const KEY = 'aws:kms/key:Key';
let graph: Graph;

beforeAll(async () => {
  graph = await evaluate(() => {
    const regions = twoRegions();
    for (const region of [regions.primary, regions.dr]) {
      new EncryptionKey(
        `key-${region.role}`,
        {
          environmentSuffix: 'test',
          accountId: ACCOUNT_ID,
          region,
          kmsDeletionDays: 7,
          topicRegions: ['eu-central-1', 'eu-central-2'],
        },
        { provider: region.provider },
      );
    }
  });
});

const policyOf = (role: 'primary' | 'dr') => graph.one(KEY, `key-${role}-key`).inputs['policy'];

test('each region has a single-Region key of its own, because dr must not need a key of the region it leaves', () => {
  expect(
    graph
      .all(KEY)
      .map(({ region, inputs }) => [region, inputs['multiRegion']])
      .sort(),
  ).toEqual([
    ['eu-central-1', false],
    ['eu-central-2', false],
  ]);
});

test('the key rotates, and a destroy lets go of it after the configured days', () => {
  expect(graph.one(KEY, 'key-dr-key').inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 7 });
});

test('the alias carries the suffix, so that two stacks can share a region', () => {
  expect(graph.one('aws:kms/alias:Alias', 'key-dr-alias').inputs['name']).toBe('alias/data-test');
});

test('the account keeps control of the key through IAM; without it nobody could ever change the policy again', () => {
  expect(statement(policyOf('dr'), 'AccountDecidesByIam')).toMatchObject({
    Principal: { AWS: 'arn:aws:iam::123456789012:root' },
    Action: 'kms:*',
  });
});

test("CloudWatch Logs may use it for this account's log groups of this region only", () => {
  expect(statement(policyOf('dr'), 'LogGroups')).toMatchObject({
    Principal: { Service: 'logs.eu-central-2.amazonaws.com' },
    Condition: {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-central-2:123456789012:log-group:*' },
    },
  });
});

test('flow logs can be delivered to the encrypted audit-logs bucket, from this account and region only', () => {
  expect(statement(policyOf('primary'), 'FlowLogDelivery')).toMatchObject({
    Principal: { Service: 'delivery.logs.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': '123456789012' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:logs:eu-central-1:123456789012:*' },
    },
  });
});

test('alarms, rules and RDS events can publish to encrypted topics: a refused alarm fails silently', () => {
  expect(statement(policyOf('primary'), 'EncryptedTopics')).toMatchObject({
    Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
    Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  });
});

test('topics of both regions can deliver to encrypted queues, under the principal that an opt-in region makes them use', () => {
  for (const role of ['primary', 'dr'] as const) {
    expect(statement(policyOf(role), 'EncryptedQueues').Principal).toEqual({
      Service: ['sns.amazonaws.com', 'sns.eu-central-2.amazonaws.com'],
    });
  }
});

test('Auto Scaling reaches encrypted volumes by a condition on its role, which need not exist when the key is made', () => {
  const role = {
    StringEquals: { 'kms:CallerAccount': '123456789012' },
    ArnLike: {
      'aws:PrincipalArn':
        'arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*',
    },
  };
  expect(statement(policyOf('dr'), 'AutoScalingVolumes').Condition).toEqual(role);
  expect(statement(policyOf('dr'), 'AutoScalingGrants').Condition).toEqual({
    ...role,
    Bool: { 'kms:GrantIsForAWSResource': 'true' },
  });
});

test('nobody is let in by a wildcard alone', () => {
  const open = statements(policyOf('dr')).filter(({ Principal }) => JSON.stringify(Principal).includes('"*"'));
  expect(open.map(({ Sid }) => Sid)).toEqual(['AutoScalingVolumes', 'AutoScalingGrants']);
  for (const { Condition } of open) {
    expect(Condition?.['StringEquals']).toEqual({ 'kms:CallerAccount': '123456789012' });
    expect(Condition?.['ArnLike']).toHaveProperty(['aws:PrincipalArn']);
  }
});
