import * as pulumi from '@pulumi/pulumi';
import type { ReadinessEnv } from '../../lambda/readiness/env';
import type { PolicyStatement } from '../policy';
import { localItem, publishSignals } from '../services/function-policy';
import { THROTTLING_RATE_LIMIT } from '../services/rest-api';
import type { EnvInputs } from '../services/environment';
import { ServiceFunction } from '../services/service-function';
import { MAXIMUM_CONCURRENCY } from '../services/trading';
import { concurrencyNeeded } from './capacity';
import {
  alarmNameIn,
  functionSettings,
  maintenanceAlarmName,
  registerEnvironment,
  registerStatements,
  signalsEnvironment,
  triggerAlarmName,
  type ControlRegion,
} from './region-of-control';

interface FunctionReference {
  readonly functionName: pulumi.Input<string>;
  readonly functionArn: pulumi.Input<string>;
}

/** What readiness looks at beside the region's own things. */
export interface ReadinessSources {
  /** Functions that must be the same in both regions. */
  readonly functionNames: readonly string[];
  /** Knows the lag. */
  readonly monitor: FunctionReference;
  /** What the trigger alarm must be able to call. */
  readonly orchestrator: FunctionReference;
}

/**
 * What a region needs to take over, asked every five minutes and not for the first time in an outage (X7). The checks are in
 * lambda/readiness/checks; it may read what those of them read that run by this schedule, and no more.
 */
export function createReadiness(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
  sources: ReadinessSources,
): ServiceFunction<ReadinessEnv> {
  return new ServiceFunction<ReadinessEnv>(
    name,
    {
      ...functionSettings(control),
      functionName: 'readiness',
      description: 'Checks that this region could take over',
      timeoutSeconds: 60,
      memoryMegabytes: 512,
      environment: {
        ...registerEnvironment(control),
        ...signalsEnvironment(control),
        ...databaseEnvironment(control, sources),
        ...servicesEnvironment(control, sources),
        ...detectionEnvironment(control, sources),
      },
      statements: [
        ...registerStatements(control, 'read'),
        // What it said the last time tells what has got worse since.
        localItem('RememberReadiness', 'dynamodb:GetItem', control.own.leaseTable.tableArn, ['readiness']),
        localItem('WriteReadiness', 'dynamodb:PutItem', control.own.leaseTable.tableArn, ['readiness']),
        ...databaseStatements(control, sources),
        ...servicesStatements(control, sources),
        ...detectionStatements(control, sources),
        ...storeStatements(control),
        publishSignals(control.config.environmentSuffix),
      ],
    },
    { parent },
  );
}

function databaseEnvironment({ config, own, other, aurora }: ControlRegion, { monitor }: ReadinessSources) {
  return {
    GLOBAL_CLUSTER_ID: aurora.globalClusterId,
    OWN_CLUSTER_ARN: own.clusterArn,
    OTHER_CLUSTER_ARN: other.clusterArn,
    DATABASE_SECRET_ID: own.databaseSecretArn,
    OTHER_DATABASE_SECRET_ID: other.databaseSecretArn,
    MONITOR_FUNCTION: monitor.functionName,
    RPO_SECONDS: String(config.rpoSeconds),
  };
}

function databaseStatements(
  { own, other, accountId }: ControlRegion,
  { monitor }: ReadinessSources,
): readonly PolicyStatement[] {
  const instancesIn = ({ regionName }: ControlRegion['own']) =>
    pulumi.interpolate`arn:aws:rds:${regionName}:${accountId}:db:*`;
  return [
    {
      Sid: 'DescribeDatabases',
      Action: ['rds:DescribeDBClusters', 'rds:DescribeGlobalClusters'],
      // These look through whole lists and take no resource of ours (service authorization reference).
      Resource: '*',
    },
    { Sid: 'DescribeInstances', Action: 'rds:DescribeDBInstances', Resource: [instancesIn(own), instancesIn(other)] },
    {
      Sid: 'SeeDatabaseSecrets',
      Action: 'secretsmanager:DescribeSecret',
      Resource: [own.databaseSecretArn, other.databaseSecretArn],
    },
    { Sid: 'AskMonitor', Action: 'lambda:InvokeFunction', Resource: monitor.functionArn },
  ];
}

function servicesEnvironment(
  { config, own }: ControlRegion,
  { functionNames }: ReadinessSources,
): Pick<
  EnvInputs<ReadinessEnv>,
  'CONCURRENCY_NEEDED' | 'CONSUMER_IDS' | 'DEAD_LETTER_URLS' | 'FLEET_FLOOR' | 'FLEET_GROUP' | 'FUNCTION_NAMES'
> {
  const { trading, fleet } = own.services;
  return {
    FUNCTION_NAMES: functionNames.join(','),
    CONCURRENCY_NEEDED: String(
      concurrencyNeeded({ requestsPerSecond: THROTTLING_RATE_LIMIT, consumers: trading ? MAXIMUM_CONCURRENCY : 0 }),
    ),
    CONSUMER_IDS: trading?.consumerId ?? '',
    FLEET_GROUP: fleet?.autoScalingGroupName ?? 'none',
    FLEET_FLOOR: String(config.fleetPrimarySize),
    DEAD_LETTER_URLS: trading?.queue.deadLetterQueueUrl ?? '',
  };
}

function servicesStatements(
  { own, other, accountId }: ControlRegion,
  { functionNames }: ReadinessSources,
): readonly PolicyStatement[] {
  const { trading, fleet } = own.services;
  const functionsIn = ({ regionName }: ControlRegion['own']) =>
    functionNames.map((one) => pulumi.interpolate`arn:aws:lambda:${regionName}:${accountId}:function:${one}`);
  const here = (service: string, rest: pulumi.Input<string>) =>
    pulumi.interpolate`arn:aws:${service}:${own.regionName}:${accountId}:${rest}`;
  return [
    {
      Sid: 'CompareFunctions',
      Action: 'lambda:GetFunctionConfiguration',
      Resource: [...functionsIn(own), ...functionsIn(other)],
    },
    // The account's limits are no resource, and Auto Scaling describes under "*" alone (service authorization reference).
    {
      Sid: 'SeeLimitsAndFleet',
      Action: ['lambda:GetAccountSettings', ...(fleet ? ['autoscaling:DescribeAutoScalingGroups'] : [])],
      Resource: '*',
    },
    ...(trading
      ? [
          {
            Sid: 'SeeConsumers',
            Action: 'lambda:GetEventSourceMapping',
            Resource: here('lambda', pulumi.interpolate`event-source-mapping:${trading.consumerId}`),
          },
          {
            Sid: 'CountDeadLetters',
            Action: 'sqs:GetQueueAttributes',
            Resource: here('sqs', trading.queue.deadLetterQueueName),
          },
        ]
      : []),
  ];
}

/** A failover only starts by itself in dr, so that in primary nothing has to be called. */
function detectionEnvironment(control: ControlRegion, { orchestrator }: ReadinessSources) {
  const { own, other, zone, accountId } = control;
  const trigger = triggerAlarmName({ config: control.config, role: own.role });
  const inDr = <T extends pulumi.Input<string>>(value: T) => (own.role === 'dr' ? value : 'none');
  return {
    TOPIC_ARN: own.topicArn,
    TRIGGER_ALARM: trigger,
    MAINTENANCE_ALARM: maintenanceAlarmName(control),
    CANARY_ALARM: alarmNameIn(control, 'canary-stopped'),
    PARAMETERS_ALARM: alarmNameIn(control, 'parameters-old'),
    PROBE_ALARM: inDr(alarmNameIn(control, 'probe-stopped')),
    TRAFFIC_ALARM: inDr(alarmNameIn(control, 'failover-active')),
    ORCHESTRATOR_ARN: inDr(orchestrator.functionArn),
    TRIGGER_ALARM_ARN: pulumi.interpolate`arn:aws:cloudwatch:${own.regionName}:${accountId}:alarm:${trigger}`,
    OWN_VANTAGE: own.vantage,
    OTHER_VANTAGE: other.vantage,
    ZONE_NAME_SERVERS: zone.nameServers,
    TABLE_NAMES: joined(tablesOf(control)),
    JOURNAL_TABLE: own.journal.tableName,
    BUCKET_NAMES: joined(bucketsOf(control)),
  };
}

function detectionStatements({ own }: ControlRegion, { orchestrator }: ReadinessSources): readonly PolicyStatement[] {
  return [
    // One call describes a composite too, which is only described under "*" (service authorization reference).
    { Sid: 'SeeAlarms', Action: 'cloudwatch:DescribeAlarms', Resource: '*' },
    { Sid: 'SeeWhoIsTold', Action: 'sns:ListSubscriptionsByTopic', Resource: own.topicArn },
    ...(own.role === 'dr'
      ? [{ Sid: 'SeeWhoMayCallOrchestrator', Action: 'lambda:GetPolicy', Resource: orchestrator.functionArn }]
      : []),
  ];
}

function storeStatements(control: ControlRegion): readonly PolicyStatement[] {
  const tables = tablesOf(control).map(({ arn }) => arn);
  return [
    { Sid: 'SeeTables', Action: 'dynamodb:DescribeTable', Resource: tables },
    {
      Sid: 'SeeBackups',
      Action: 'dynamodb:DescribeContinuousBackups',
      Resource: [...tables, control.own.journal.tableArn],
    },
    {
      Sid: 'SeeReplication',
      Action: 's3:GetReplicationConfiguration',
      Resource: bucketsOf(control).map(({ arn }) => arn),
    },
  ];
}

interface Named {
  readonly name: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
}

/** The global tables of the chosen workloads. */
function tablesOf({ own: { tables } }: ControlRegion): readonly Named[] {
  return [tables.orders, tables.sessions, tables.transactions].filter((table) => table !== undefined);
}

/** The buckets of the chosen workloads. */
function bucketsOf({ own: { buckets } }: ControlRegion): readonly Named[] {
  return Object.values<Named | undefined>(buckets).filter((bucket) => bucket !== undefined);
}

function joined(named: readonly Named[]): pulumi.Output<string> {
  return pulumi.all(named.map(({ name }) => name)).apply((names) => names.join(','));
}
