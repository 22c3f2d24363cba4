import type { FakeAnswer } from '../../support/fake-aws';
import type { QueryAnswer } from '../../support/fake-query';
import { PRIMARY } from '../../support/registers';
import { NOW, ORCHESTRATOR_ARN, OTHER_ARN, OWN_ARN, TRIGGER_ARN } from './ready';

/** What AWS says by operation; the query services answer in XML. `there:` is the other region's word. */
export interface Script {
  readonly query: Readonly<Record<string, QueryAnswer>>;
  readonly json: Readonly<Record<string, FakeAnswer>>;
  readonly replication: string | { readonly error: string };
  readonly dns: Readonly<Record<string, readonly string[]>>;
}

export const SILENT = { error: 'AccessDeniedException' } as const;

const INSTANCE =
  '<DBInstance><DBInstanceStatus>available</DBInstanceStatus><DBInstanceClass>db.r7g.large</DBInstanceClass></DBInstance>';
const CLUSTER = {
  xml: '<DBClusters><DBCluster><Status>available</Status><EngineVersion>17.7</EngineVersion></DBCluster></DBClusters>',
};
const member = (arn: string) =>
  `<GlobalClusterMember><DBClusterArn>${arn}</DBClusterArn><SynchronizationStatus>connected</SynchronizationStatus></GlobalClusterMember>`;
const FUNCTION = { body: { CodeSha256: 'a', MemorySize: 512, Timeout: 30, Runtime: 'nodejs24.x', State: 'Active' } };
const alarm = (name: string, actions: readonly string[] = []) => ({
  AlarmName: `${name}-dev`,
  StateValue: 'OK',
  ActionsEnabled: true,
  AlarmActions: actions,
});
const statement = {
  Sid: 's',
  Effect: 'Allow',
  Principal: { Service: 'lambda.alarms.cloudwatch.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: ORCHESTRATOR_ARN,
  Condition: { ArnLike: { 'AWS:SourceArn': TRIGGER_ARN } },
};
const RULES = `<ReplicationConfiguration><Role>r</Role>
  <Rule><ID>rtc</ID><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::b</Bucket><ReplicationTime><Status>Enabled</Status><Time><Minutes>15</Minutes></Time></ReplicationTime></Destination></Rule>
  <Rule><ID>bulk</ID><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::b</Bucket></Destination></Rule></ReplicationConfiguration>`;

/** A stack in which all is well. */
export const WELL: Script = {
  query: {
    DescribeGlobalClusters: {
      xml: `<GlobalClusters><GlobalClusterMember><Status>available</Status><EngineVersion>17.7</EngineVersion>
        <GlobalClusterMembers>${member(OTHER_ARN)}${member(OWN_ARN)}</GlobalClusterMembers></GlobalClusterMember></GlobalClusters>`,
    },
    DescribeDBClusters: CLUSTER,
    'there:DescribeDBClusters': CLUSTER,
    DescribeDBInstances: { xml: `<DBInstances>${INSTANCE}</DBInstances>` },
    'there:DescribeDBInstances': { xml: `<DBInstances>${INSTANCE}${INSTANCE}</DBInstances>` },
    DescribeAutoScalingGroups: {
      xml: `<AutoScalingGroups><member><MinSize>1</MinSize><MaxSize>6</MaxSize>
        <LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>3</Version></LaunchTemplate>
        <Instances><member><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus>
        <LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>3</Version></LaunchTemplate></member></Instances></member></AutoScalingGroups>`,
    },
    ListSubscriptionsByTopic: {
      xml: `<Subscriptions><member><Protocol>sqs</Protocol><SubscriptionArn>arn:aws:sns:x</SubscriptionArn></member></Subscriptions>`,
    },
  },
  json: {
    configuration: FUNCTION,
    'there:configuration': FUNCTION,
    policy: { body: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) } },
    'event-source-mappings': { body: { UUID: 'c-1', State: 'Enabled' } },
    'account-settings': {
      body: { AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 900 } },
    },
    monitor: { body: { kind: 'follows', calculatedAt: NOW, lagMs: 5 } },
    DescribeSecret: {
      body: { Name: 'trading/database', VersionIdsToStages: { v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT'] } },
    },
    'there:DescribeSecret': { body: { VersionIdsToStages: { v2: ['AWSCURRENT'] } } },
    DescribeAlarms: {
      body: {
        CompositeAlarms: [alarm('failover-trigger', [ORCHESTRATOR_ARN])],
        MetricAlarms: ['maintenance', 'canary-stopped', 'parameters-old', 'probe-stopped', 'failover-active'].map(
          (name) => alarm(name),
        ),
      },
    },
    DescribeTable: {
      body: { Table: { TableStatus: 'ACTIVE', Replicas: [{ RegionName: PRIMARY, ReplicaStatus: 'ACTIVE' }] } },
    },
    DescribeContinuousBackups: {
      body: {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
        },
      },
    },
    GetQueueAttributes: { body: { Attributes: { ApproximateNumberOfMessages: '0' } } },
  },
  replication: RULES,
  dns: { 'vantage-dr': ['up'], 'vantage-primary': ['up'] },
};

// One service that says something else.
export const query = (action: string, xml: string): Partial<Script> => ({ query: { [action]: { xml } } });
export const json = (operation: string, body: unknown): Partial<Script> => ({ json: { [operation]: { body } } });
export const gone = (operation: string, error: string, status = 404): Partial<Script> => ({
  json: { [operation]: { error, status } },
});
export const alarms = (name: string, change: object) =>
  json('DescribeAlarms', {
    MetricAlarms: ['maintenance', 'canary-stopped', 'parameters-old', 'probe-stopped', 'failover-active'].map(
      (one) => ({
        AlarmName: `${one}-dev`,
        StateValue: 'OK',
        ActionsEnabled: true,
        ...(one === name && change),
      }),
    ),
    CompositeAlarms: [
      {
        AlarmName: 'failover-trigger-dev',
        StateValue: 'OK',
        ActionsEnabled: true,
        AlarmActions: [ORCHESTRATOR_ARN],
        ...(name === 'failover-trigger' && change),
      },
    ],
  });
export const group = (inside: string) =>
  query(
    'DescribeAutoScalingGroups',
    `<AutoScalingGroups><member><MinSize>1</MinSize>${inside}</member></AutoScalingGroups>`,
  );
export const instance = (version: number, state = 'InService') =>
  `<member><LifecycleState>${state}</LifecycleState><HealthStatus>Healthy</HealthStatus><LaunchTemplate><Version>${version}</Version></LaunchTemplate></member>`;
