import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { Described } from '../../../rehearsal/aws/lambda/described';
import { deployedFunctions } from '../../../rehearsal/aws/lambda/functions';
import { DynamoDb } from '../../../rehearsal/aws/dynamodb/dynamodb';
import { drawDynamoDbNature } from '../../../rehearsal/aws/dynamodb/nature';
import { S3 } from '../../../rehearsal/aws/s3/s3';
import { Sns } from '../../../rehearsal/aws/sns/sns';
import { EventSourceMappings } from '../../../rehearsal/aws/sqs/event-source-mappings';
import { Sqs } from '../../../rehearsal/aws/sqs/sqs';
import { AutoScaling } from '../../../rehearsal/aws/autoscaling/autoscaling';
import { answer, call, code, output, world } from '../sqs/support';
import type { Graph } from '../../../analysis/graph/graph';

// What the services say of themselves, from the graph of dev: nobody changes it in a run.
const HERE = 'eu-central-1';
const THERE = 'eu-central-2';
const arn = (service: string, region: string, rest: string) => `arn:aws:${service}:${region}:123456789012:${rest}`;

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateStack('dev');
}, 60_000);

describe('Lambda', () => {
  const deployed = (region: string, name: string) =>
    deployedFunctions(graph).get(arn('lambda', region, `function:${name}`));

  // Lambda API reference, GetFunctionConfiguration.
  test('describes a function by its code and its settings, the same in both regions', () => {
    const described = new Described(graph);
    const here = described.configuration(deployed(HERE, 'health-dev'));
    expect(here).toMatchObject({
      output: {
        FunctionName: 'health-dev',
        MemorySize: 1_024,
        Runtime: 'nodejs24.x',
        State: 'Active',
        CodeSha256: 'health',
      },
    });
    const there = described.configuration(deployed(THERE, 'health-dev'));
    expect(there).toEqual(JSON.parse(JSON.stringify(here).replaceAll(HERE, THERE)));
    expect(described.configuration(undefined)).toMatchObject({
      error: { code: 'ResourceNotFoundException', status: 404 },
    });
  });

  // Lambda API reference, GetPolicy; developer guide, "Viewing resource-based IAM policies in Lambda".
  test('shows the statements of all permissions of a function, and no policy of one without', () => {
    const described = new Described(graph);
    const policy = described.policy(deployed(THERE, 'failover-orchestrator-dev'));
    const { Statement } = JSON.parse(policy.ok ? String(policy.output['Policy']) : '{}');
    expect(Statement).toEqual([
      {
        Sid: expect.any(String),
        Effect: 'Allow',
        Principal: { Service: 'lambda.alarms.cloudwatch.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arn('lambda', THERE, 'function:failover-orchestrator-dev'),
        Condition: {
          ArnLike: { 'AWS:SourceArn': arn('cloudwatch', THERE, 'alarm:failover-trigger-dev') },
          StringEquals: { 'AWS:SourceAccount': '123456789012' },
        },
      },
    ]);
    expect(described.policy(deployed(HERE, 'failover-orchestrator-dev'))).toMatchObject({
      error: { code: 'ResourceNotFoundException' },
    });
  });

  // Lambda developer guide, "Lambda quotas".
  test('has the default concurrency of an account, less what functions reserve', () => {
    const account = new Described(graph).account(THERE);
    expect(account).toEqual({
      ok: true,
      output: { AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 } },
    });
  });

  // Lambda API reference, GetEventSourceMapping.
  test('describes an event source mapping as it is at this moment', async () => {
    const around = world();
    const sqs = new Sqs(graph, around);
    const mappings = new EventSourceMappings(graph, { ...around, sqs });
    const [mapping] = mappings.all;
    const uuid = mapping?.settings.uuid ?? '';
    expect(mappings.describe(uuid)).toMatchObject({ output: { UUID: uuid, State: 'Enabled' } });
    mappings.setEnabled(uuid, false);
    expect(mappings.describe(uuid)).toMatchObject({ output: { State: 'Disabling' } });
    await around.run(120);
    expect(mappings.describe(uuid)).toMatchObject({ output: { State: 'Disabled' } });
    expect(mappings.describe('another')).toMatchObject({ error: { code: 'ResourceNotFoundException' } });
  });
});

describe('DynamoDB', () => {
  const tables = () => {
    const { clock, random } = world();
    return new DynamoDb(graph, clock, random, drawDynamoDbNature(random));
  };

  // DynamoDB API reference, DescribeTable and DescribeContinuousBackups; service authorization reference: the table, and no key.
  test('describes a table with its replicas elsewhere and its backups, to whoever may see the table', () => {
    const dynamodb = tables();
    const TableName = 'orders-dev';
    expect(output(dynamodb, 'DescribeTable', { TableName }, THERE)).toMatchObject({
      Table: { TableName, TableStatus: 'ACTIVE', Replicas: [{ RegionName: HERE, ReplicaStatus: 'ACTIVE' }] },
    });
    const regional = output(dynamodb, 'DescribeTable', { TableName: 'lease-dev' }, THERE);
    expect(regional).not.toHaveProperty('Table.Replicas');
    const backupsOf = (name: string) =>
      output(dynamodb, 'DescribeContinuousBackups', { TableName: name }, THERE)['ContinuousBackupsDescription'];
    expect(backupsOf('orders-dev')).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    });
    expect(backupsOf('lease-dev')).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    expect(code(dynamodb, 'DescribeTable', { TableName: 'none' }, THERE)).toBe('ResourceNotFoundException');
    for (const operation of ['DescribeTable', 'DescribeContinuousBackups'])
      expect(dynamodb.needs(call('dynamodb', operation, { TableName }, THERE))).toEqual([
        { action: `dynamodb:${operation}`, resource: arn('dynamodb', THERE, 'table/orders-dev') },
      ]);
  });
});

describe('S3', () => {
  const Bucket = `receipts-123456789012-${HERE}-dev`;

  // S3 API reference, GetBucketReplication, and "List of error codes"; the action is s3:GetReplicationConfiguration.
  test('describes the rules by which a bucket is copied, where the bucket is', () => {
    const s3 = new S3(graph, world());
    const { Rules } = output(s3, 'GetBucketReplication', { Bucket }, HERE);
    expect(Rules).toContainEqual(
      expect.objectContaining({
        ID: 'rtc',
        Status: 'Enabled',
        Destination: {
          Bucket: `arn:aws:s3:::receipts-123456789012-${THERE}-dev`,
          ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
        },
      }),
    );
    expect(code(s3, 'GetBucketReplication', { Bucket: 'none' }, HERE)).toBe('NoSuchBucket');
    expect(code(s3, 'GetBucketReplication', { Bucket }, THERE)).toBe('PermanentRedirect');
    expect(s3.needs(call('s3', 'GetBucketReplication', { Bucket }, HERE))).toEqual([
      { action: 's3:GetReplicationConfiguration', resource: `arn:aws:s3:::${Bucket}` },
    ]);
  });
});

describe('SNS', () => {
  // SNS API reference, ListSubscriptionsByTopic.
  test('lists who is subscribed to a topic; everybody has confirmed', () => {
    const around = world();
    const sns = new Sns(graph, { ...around, sqs: new Sqs(graph, around) });
    const TopicArn = arn('sns', THERE, 'alerts-dev');
    const { Subscriptions } = output(sns, 'ListSubscriptionsByTopic', { TopicArn }, THERE);
    expect(Subscriptions).toHaveLength(3);
    expect(Subscriptions).toContainEqual({
      SubscriptionArn: expect.stringMatching(/^arn:aws:sns:/),
      Owner: '123456789012',
      Protocol: 'email',
      Endpoint: 'trading-oncall@example.com',
      TopicArn,
    });
    expect(code(sns, 'ListSubscriptionsByTopic', { TopicArn }, HERE)).toBe('NotFound');
    expect(sns.needs(call('sns', 'ListSubscriptionsByTopic', { TopicArn }, THERE))).toEqual([
      { action: 'sns:ListSubscriptionsByTopic', resource: TopicArn },
    ]);
  });
});

describe('SQS', () => {
  // SQS API reference, GetQueueAttributes.
  test('counts the messages of a queue that could be received now, and those in flight', async () => {
    const around = world();
    const sqs = new Sqs(graph, around);
    const QueueUrl = `https://sqs.${THERE}.amazonaws.com/123456789012/orders-dlq-dev`;
    const input = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] };
    expect(output(sqs, 'GetQueueAttributes', input, THERE)).toEqual({
      Attributes: { ApproximateNumberOfMessages: '0' },
    });
    sqs.deliver(arn('sqs', THERE, 'orders-dlq-dev'), 'an order', 'sender');
    await around.run(60);
    expect(output(sqs, 'GetQueueAttributes', input, THERE)).toEqual({
      Attributes: { ApproximateNumberOfMessages: '1' },
    });
    const both = {
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    };
    sqs.deliver(arn('sqs', THERE, 'orders-dlq-dev'), 'another one', 'sender');
    await around.run(120);
    sqs.receive(arn('sqs', THERE, 'orders-dlq-dev'), 1);
    expect(output(sqs, 'GetQueueAttributes', both, THERE)).toEqual({
      Attributes: { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '1' },
    });
    expect(() => answer(sqs, 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }, THERE)).toThrow(
      'not modelled',
    );
    expect(sqs.needs(call('sqs', 'GetQueueAttributes', input, THERE))).toEqual([
      { action: 'sqs:GetQueueAttributes', resource: arn('sqs', THERE, 'orders-dlq-dev') },
    ]);
  });
});

// EC2 Auto Scaling API reference, AutoScalingGroup and Instance.
test('Auto Scaling says from which version of its launch template a group and its instances are', () => {
  const { clock, random } = world();
  const stores = () => ({ sessions: true, site: true });
  const scaling = new AutoScaling(graph, clock, random, { stores });
  const { AutoScalingGroups } = output(scaling, 'DescribeAutoScalingGroups', {}, THERE);
  const template = { LaunchTemplateId: expect.stringMatching(/^lt-/), Version: '1' };
  expect(AutoScalingGroups).toMatchObject([{ LaunchTemplate: template, Instances: [{ LaunchTemplate: template }] }]);
});
