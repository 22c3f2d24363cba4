import * as lambda from '@pulumi/aws/lambda';
import * as pulumi from '@pulumi/pulumi';
import type { FailoverOrchestratorEnv } from '../../lambda/failover-orchestrator/env';
import { physicalName } from '../naming';
import type { PolicyStatement } from '../policy';
import { keyThrough, localItem, publishSignals } from '../services/function-policy';
import { ServiceFunction } from '../services/service-function';
import {
  functionSettings,
  maintenanceAlarmName,
  unhealthyAlarmName,
  registerEnvironment,
  registerStatements,
  signalsEnvironment,
  triggerAlarmName,
  type ControlRegion,
} from './region-of-control';

/** The functions that a run asks. */
export interface AskedByRuns {
  readonly monitor: { readonly functionName: pulumi.Input<string>; readonly functionArn: pulumi.Input<string> };
  readonly ledger: { readonly functionName: pulumi.Input<string>; readonly functionArn: pulumi.Input<string> };
}

/**
 * Makes its own region active, and never the other one (F1). Outside the VPC, and with nothing of the region it leaves in its
 * way: what it asks there is best effort with short time-outs.
 */
export function createFailoverOrchestrator(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
  asked: AskedByRuns,
): ServiceFunction<FailoverOrchestratorEnv> {
  const { config, own, other, aurora, names, zone } = control;
  const orchestrator = new ServiceFunction<FailoverOrchestratorEnv>(
    name,
    {
      ...functionSettings(control),
      functionName: 'failover-orchestrator',
      description: `Makes ${own.regionName} the active region`,
      // Lambda's longest; a run that needs longer is resumed.
      timeoutSeconds: 900,
      memoryMegabytes: 1024,
      environment: {
        ...registerEnvironment(control),
        ...signalsEnvironment(control),
        JOURNAL_TABLE: own.journal.tableName,
        FAILOVER_MODE: config.failoverMode,
        RPO_SECONDS: String(config.rpoSeconds),
        TRIGGER_ALARM: triggerAlarmName({ config, role: own.role }),
        MAINTENANCE_ALARM: maintenanceAlarmName(control),
        UNHEALTHY_ALARM: unhealthyAlarmName(control),
        GLOBAL_CLUSTER_ID: aurora.globalClusterId,
        OWN_CLUSTER_ARN: own.clusterArn,
        OTHER_CLUSTER_ARN: other.clusterArn,
        MONITOR_FUNCTION: asked.monitor.functionName,
        LEDGER_FUNCTION: asked.ledger.functionName,
        OTHER_LEDGER_FUNCTION: ledgerThere(control),
        VANTAGE_RECORD: names.vantage[other.role],
        ZONE_NAME_SERVERS: zone.nameServers,
        HOSTED_ZONE_ID: zone.zoneId,
        ACTIVE_RECORD: names.active,
        OWN_CONSUMER_IDS: own.services.trading?.consumerId ?? '',
        OTHER_CONSUMER_IDS: other.services.trading?.consumerId ?? '',
        FLEET_GROUP: own.services.fleet?.autoScalingGroupName ?? 'none',
        FLEET_FLOOR: String(config.fleetPrimarySize),
        FLEET_WAITING_FLOOR: String(config.fleetDrSize),
        RPO_BOUND_SECONDS: config.rpoEnforcementSeconds > 0 ? String(config.rpoEnforcementSeconds) : 'none',
        PARAMETER_GROUP: own.parameterGroup.name,
        OWN_TOPIC_ARN: own.topicArn,
        OTHER_TOPIC_ARN: other.topicArn,
        REPORTS_BUCKET: own.reportsBucket.name,
        OWN_URL: `https://${own.apiName}`,
      },
      statements: [
        ...registerStatements(control, 'write'),
        ...decideStatements(control, asked),
        ...actStatements(control),
        ...switchoverStatements(control),
        ...tellStatements(control),
      ],
    },
    { parent },
  );
  new lambda.FunctionEventInvokeConfig(
    `${name}-invocations`,
    {
      functionName: orchestrator.functionName,
      // A crashed run is resumed by the reconciler; an alarm that comes minutes late is offered again by it as well.
      maximumRetryAttempts: 1,
      maximumEventAgeInSeconds: 300,
      destinationConfig: { onFailure: { destination: own.topicArn } },
    },
    { parent },
  );
  return orchestrator;
}

/** What a run reads before it decides, and writes about itself. */
function decideStatements(
  { config, own }: ControlRegion,
  { monitor, ledger }: AskedByRuns,
): readonly PolicyStatement[] {
  return [
    localItem('ReadLocalItems', 'dynamodb:GetItem', own.leaseTable.tableArn, [
      'lease',
      'probe',
      'readiness',
      'sweep',
      'verdict',
    ]),
    localItem('WriteLease', 'dynamodb:UpdateItem', own.leaseTable.tableArn, ['lease']),
    localItem('MoveSweepBack', 'dynamodb:PutItem', own.leaseTable.tableArn, ['sweep']),
    {
      Sid: 'Journal',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      Resource: own.journal.tableArn,
    },
    {
      Sid: 'AskMonitorAndLedger',
      Action: 'lambda:InvokeFunction',
      Resource: [monitor.functionArn, ledger.functionArn],
    },
    {
      Sid: 'SeeAlarmsAndDatabase',
      Action: ['cloudwatch:DescribeAlarms', 'rds:DescribeDBClusters', 'rds:DescribeGlobalClusters'],
      // Composite alarms are only described under "*", and RDS looks through whole lists (service authorization reference).
      Resource: '*',
    },
    publishSignals(config.environmentSuffix),
  ];
}

/** What a run changes. */
function actStatements({ own, other, aurora, accountId, zone, names }: ControlRegion): readonly PolicyStatement[] {
  const groupArn = own.services.fleet?.autoScalingGroupArn;
  const consumer = (regionName: string, consumerId: pulumi.Input<string>) =>
    pulumi.interpolate`arn:aws:lambda:${regionName}:${accountId}:event-source-mapping:${consumerId}`;
  const consumers = [own, other].flatMap(({ regionName, services: { trading } }) =>
    trading ? [consumer(regionName, trading.consumerId)] : [],
  );
  return [
    {
      Sid: 'Promote',
      Action: 'rds:FailoverGlobalCluster',
      // The global cluster and both members: the authorization reference does not say which of them it checks.
      Resource: [aurora.globalClusterArn, own.clusterArn, other.clusterArn],
    },
    ...(consumers.length > 0
      ? [{ Sid: 'StopAndStartConsumers', Action: 'lambda:UpdateEventSourceMapping', Resource: consumers }]
      : []),
    ...(groupArn
      ? [
          { Sid: 'RaiseFloor', Action: 'autoscaling:UpdateAutoScalingGroup', Resource: groupArn },
          // Describe takes no resource.
          { Sid: 'SeeFleet', Action: 'autoscaling:DescribeAutoScalingGroups', Resource: '*' },
        ]
      : []),
    {
      Sid: 'WriteActiveRecord',
      Action: 'route53:ChangeResourceRecordSets',
      Resource: pulumi.interpolate`arn:aws:route53:::hostedzone/${zone.zoneId}`,
      Condition: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [names.active],
          'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
        },
      },
    },
  ];
}

/** The other region's ledger. Named, not taken from its resource: neither region's functions may need the other's to be there. */
function ledgerThere({ config, accountId, other }: ControlRegion): pulumi.Output<string> {
  const functionName = physicalName('Lambda function', 'ledger', config.environmentSuffix);
  return pulumi.interpolate`arn:aws:lambda:${other.regionName}:${accountId}:function:${functionName}`;
}

/** What a switchover asks and changes besides, all of it in the other region, which is alive then (X6). */
function switchoverStatements(control: ControlRegion): readonly PolicyStatement[] {
  const { config, own, other, aurora } = control;
  const groupArn = other.services.fleet?.autoScalingGroupArn;
  return [
    localItem('ReadSweepThere', 'dynamodb:GetItem', other.leaseTable.tableArn, ['sweep']),
    {
      Sid: 'SeeRunThere',
      Action: 'dynamodb:GetItem',
      Resource: other.journal.tableArn,
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['current'] } },
    },
    { Sid: 'EndWritesThere', Action: 'lambda:InvokeFunction', Resource: ledgerThere(control) },
    {
      Sid: 'SwitchOver',
      Action: 'rds:SwitchoverGlobalCluster',
      Resource: [aurora.globalClusterArn, own.clusterArn, other.clusterArn],
    },
    ...(config.rpoEnforcementSeconds > 0
      ? [
          { Sid: 'BoundLagHere', Action: 'rds:ModifyDBClusterParameterGroup', Resource: own.parameterGroup.arn },
          { Sid: 'LiftBoundThere', Action: 'rds:ResetDBClusterParameterGroup', Resource: other.parameterGroup.arn },
        ]
      : []),
    ...(groupArn ? [{ Sid: 'LowerFloorThere', Action: 'autoscaling:UpdateAutoScalingGroup', Resource: groupArn }] : []),
  ];
}

/** Whom a run tells, and where it leaves its report. */
function tellStatements({ own, other }: ControlRegion): readonly PolicyStatement[] {
  const forTopics = ['kms:Decrypt', 'kms:GenerateDataKey'] as const;
  return [
    { Sid: 'TellPeople', Action: 'sns:Publish', Resource: [own.topicArn, other.topicArn] },
    keyThrough('sns', own.regionName, own.keyArn, forTopics),
    { ...keyThrough('sns', other.regionName, other.keyArn, forTopics), Sid: 'KeyThroughSnsThere' },
    {
      Sid: 'WriteReports',
      Action: 's3:PutObject',
      Resource: pulumi.interpolate`${own.reportsBucket.arn}/runs/*`,
    },
    // Decrypt would be for uploads in parts; a report is one object.
    keyThrough('s3', own.regionName, own.keyArn, ['kms:GenerateDataKey']),
  ];
}
