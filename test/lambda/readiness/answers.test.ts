import { PRIMARY } from '../support/registers';
import { NOW, TRIGGER_ARN } from './support/ready';
import { alarms, gone, group, instance, json, query, type Script } from './support/script';
import { readiness } from './support/services';

describe('what AWS says', () => {
  test.each<[string, Partial<Script>, readonly string[]]>([
    [
      'there is no global cluster',
      { query: { DescribeGlobalClusters: { error: 'GlobalClusterNotFoundFault' } } },
      ['global-cluster-present'],
    ],
    [
      'there is no cluster',
      { query: { DescribeDBClusters: { error: 'DBClusterNotFoundFault' } } },
      ['cluster-present'],
    ],
    [
      'the instance is still made',
      query(
        'DescribeDBInstances',
        '<DBInstances><DBInstance><DBInstanceStatus>creating</DBInstanceStatus></DBInstance></DBInstances>',
      ),
      ['instance-promotable'],
    ],
    [
      'the writer has another class',
      query(
        'there:DescribeDBInstances',
        '<DBInstances><DBInstance><DBInstanceStatus>available</DBInstanceStatus><DBInstanceClass>db.r7g.xlarge</DBInstanceClass></DBInstance></DBInstances>',
      ),
      ['instance-class-equal'],
    ],
    [
      'the writer may grow further',
      query(
        'there:DescribeDBClusters',
        '<DBClusters><DBCluster><Status>available</Status><EngineVersion>17.7</EngineVersion><ServerlessV2ScalingConfiguration><MaxCapacity>64</MaxCapacity></ServerlessV2ScalingConfiguration></DBCluster></DBClusters>',
      ),
      ['acu-maximum-equal'],
    ],
    ['the secret is not here', gone('DescribeSecret', 'ResourceNotFoundException', 400), ['secret-present']],
    ['the secret waits for its deletion', json('DescribeSecret', { DeletedDate: 1_795_000_000 }), ['secret-present']],
    [
      'the secret was rotated and its copy was not',
      json('there:DescribeSecret', { VersionIdsToStages: { v3: ['AWSCURRENT'] } }),
      ['secret-in-sync'],
    ],
    ['a function is not here', gone('configuration', 'ResourceNotFoundException'), ['functions-present']],
    ['a function is not there', gone('there:configuration', 'ResourceNotFoundException'), ['function-code-equal']],
    [
      'a function has less memory',
      json('configuration', { CodeSha256: 'a', MemorySize: 128, Timeout: 30, Runtime: 'nodejs24.x', State: 'Active' }),
      ['function-settings-equal'],
    ],
    [
      'a function sleeps',
      json('configuration', {
        CodeSha256: 'a',
        MemorySize: 512,
        Timeout: 30,
        Runtime: 'nodejs24.x',
        State: 'Inactive',
      }),
      ['functions-active'],
    ],
    ['the consumer is stopped', json('event-source-mappings', { State: 'Disabled' }), ['consumers-enabled']],
    ['the consumer is gone', gone('event-source-mappings', 'ResourceNotFoundException'), ['consumers-enabled']],
    [
      'few functions may run',
      json('account-settings', { AccountLimit: { UnreservedConcurrentExecutions: 10 } }),
      ['concurrency-enough'],
    ],
    ['nobody may call the orchestrator', gone('policy', 'ResourceNotFoundException'), ['orchestrator-callable']],
    [
      'another alarm may call the orchestrator',
      json('policy', {
        Policy: JSON.stringify({
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.alarms.cloudwatch.amazonaws.com' },
              Condition: { ArnLike: { 'AWS:SourceArn': 'arn:other' } },
            },
          ],
        }),
      }),
      ['orchestrator-callable'],
    ],
    [
      'another service may call the orchestrator',
      json('policy', {
        Policy: JSON.stringify({
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Condition: { ArnLike: { 'AWS:SourceArn': TRIGGER_ARN } },
            },
          ],
        }),
      }),
      ['orchestrator-callable'],
    ],
    [
      'the fleet is gone',
      query('DescribeAutoScalingGroups', '<AutoScalingGroups></AutoScalingGroups>'),
      ['fleet-present'],
    ],
    [
      'the fleet may not grow enough',
      group(`<MaxSize>3</MaxSize><Instances>${instance(1)}</Instances>`),
      ['fleet-maximum-enough'],
    ],
    [
      'the fleet has no instance in service',
      group(`<MaxSize>6</MaxSize><Instances>${instance(1, 'Pending')}</Instances>`),
      ['fleet-in-service'],
    ],
    [
      'an instance is of an old template',
      group(
        `<MaxSize>6</MaxSize><LaunchTemplate><Version>3</Version></LaunchTemplate><Instances>${instance(2)}</Instances>`,
      ),
      ['fleet-template-current'],
    ],
    ['the trigger is disarmed', alarms('failover-trigger', { ActionsEnabled: false }), ['trigger-alarm-armed']],
    [
      'the trigger calls nobody',
      alarms('failover-trigger', { AlarmActions: [] }),
      ['trigger-alarm-calls-orchestrator'],
    ],
    ['the trigger is gone', alarms('failover-trigger', { AlarmName: 'other' }), ['trigger-alarm-present']],
    ['the probe has stopped', alarms('probe-stopped', { StateValue: 'ALARM' }), ['probe-runs']],
    ['the canary has stopped', alarms('canary-stopped', { StateValue: 'ALARM' }), ['canaries-run']],
    ['parameters are old', alarms('parameters-old', { StateValue: 'ALARM' }), ['parameters-carried']],
    ['work is announced', alarms('maintenance', { StateValue: 'ALARM' }), ['no-maintenance']],
    [
      'the switch is not published',
      alarms('failover-active', { StateValue: 'INSUFFICIENT_DATA' }),
      ['traffic-switch-published'],
    ],
    [
      'somebody has not confirmed',
      query(
        'ListSubscriptionsByTopic',
        '<Subscriptions><member><Protocol>sqs</Protocol><SubscriptionArn>arn:x</SubscriptionArn></member><member><Protocol>email</Protocol><SubscriptionArn>PendingConfirmation</SubscriptionArn></member></Subscriptions>',
      ),
      ['subscriptions-confirmed'],
    ],
    ['a table is gone', gone('DescribeTable', 'ResourceNotFoundException', 400), ['tables-present']],
    [
      'a key is disabled',
      json('DescribeTable', {
        Table: {
          TableStatus: 'ACTIVE',
          SSEDescription: { InaccessibleEncryptionDateTime: 1_795_000_000 },
          Replicas: [{ RegionName: PRIMARY, ReplicaStatus: 'ACTIVE' }],
        },
      }),
      ['tables-keys-usable'],
    ],
    [
      'a replica is still made',
      json('DescribeTable', {
        Table: { TableStatus: 'ACTIVE', Replicas: [{ RegionName: PRIMARY, ReplicaStatus: 'CREATING' }] },
      }),
      ['tables-replicated'],
    ],
    [
      'a table is archived',
      json('DescribeTable', {
        Table: { TableStatus: 'ARCHIVED', Replicas: [{ RegionName: PRIMARY, ReplicaStatus: 'ACTIVE' }] },
      }),
      ['tables-active'],
    ],
    [
      'tables cannot be recovered',
      json('DescribeContinuousBackups', {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
        },
      }),
      ['tables-recoverable'],
    ],
    ['a bucket is gone', { replication: { error: 'NoSuchBucket' } }, ['buckets-replicated']],
    [
      'a bucket has no rule',
      { replication: { error: 'ReplicationConfigurationNotFoundError' } },
      ['buckets-replicated'],
    ],
    [
      'a rule is switched off',
      {
        replication:
          '<ReplicationConfiguration><Role>r</Role><Rule><Status>Disabled</Status><Destination><Bucket>b</Bucket></Destination></Rule></ReplicationConfiguration>',
      },
      ['buckets-replicated'],
    ],
    [
      'no rule is timed',
      {
        replication:
          '<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>b</Bucket></Destination></Rule></ReplicationConfiguration>',
      },
      ['buckets-replicated-in-time'],
    ],
    [
      'orders are in the dead-letter queue',
      json('GetQueueAttributes', { Attributes: { ApproximateNumberOfMessages: '3' } }),
      ['dead-letters-empty'],
    ],
    ['the checkers do not reach the region', { dns: { 'vantage-dr': ['down'] } }, ['checkers-reach-region']],
    ['nobody answers for the other region', { dns: { 'vantage-primary': [] } }, ['vantage-answers']],
    [
      'the lag stands still',
      json('monitor', { kind: 'follows', calculatedAt: NOW - 100_000, lagMs: 1 }),
      ['replication-lag-fresh'],
    ],
    [
      'the lag is great',
      json('monitor', { kind: 'follows', calculatedAt: NOW, lagMs: 61_000 }),
      ['replication-lag-under-rpo'],
    ],
  ])('%s', async (_, change, red) => {
    const { checks = [] } = await readiness(change).run();
    expect(checks.filter(({ state }) => state === 'failed').map(({ id }) => id)).toEqual(red);
  });
});
