import * as pulumi from '@pulumi/pulumi';
import type { ReadinessEnv } from '../../lambda/readiness/env';
import { localItem, publishSignals } from '../services/function-policy';
import { ServiceFunction } from '../services/service-function';
import {
  functionSettings,
  registerEnvironment,
  registerStatements,
  signalsEnvironment,
  type ControlRegion,
} from './region-of-control';

/** What readiness looks at beside the region's own things. */
export interface ReadinessSources {
  readonly functionNames: readonly string[];
  readonly monitor: { readonly functionName: pulumi.Input<string>; readonly functionArn: pulumi.Input<string> };
}

/** What a region needs to take over, asked every five minutes and not for the first time in an outage (X7). */
export function createReadiness(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
  /** Functions whose code must be the same in both regions, and the one that knows the lag. */
  { functionNames, monitor }: ReadinessSources,
): ServiceFunction<ReadinessEnv> {
  const { config, own, other, accountId, aurora } = control;
  const codeIn = (regionName: string) =>
    functionNames.map((one) => pulumi.interpolate`arn:aws:lambda:${regionName}:${accountId}:function:${one}`);
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
        GLOBAL_CLUSTER_ID: aurora.globalClusterId,
        OWN_CLUSTER_ARN: own.clusterArn,
        FLEET_GROUP: own.services.fleet?.autoScalingGroupName ?? 'none',
        FLEET_FLOOR: String(config.fleetPrimarySize),
        FUNCTION_NAMES: functionNames.join(','),
        MONITOR_FUNCTION: monitor.functionName,
        DATABASE_SECRET_ID: control.databaseSecretArn,
      },
      statements: [
        ...registerStatements(control, 'read'),
        localItem('WriteReadiness', 'dynamodb:PutItem', own.leaseTable.tableArn, ['readiness']),
        {
          Sid: 'CompareCode',
          Action: 'lambda:GetFunctionConfiguration',
          Resource: [...codeIn(own.regionName), ...codeIn(other.regionName)],
        },
        {
          Sid: 'DescribeDatabaseAndFleet',
          Action: ['autoscaling:DescribeAutoScalingGroups', 'rds:DescribeDBClusters', 'rds:DescribeGlobalClusters'],
          // These look through whole lists and take no resource of ours (service authorization reference).
          Resource: '*',
        },
        {
          Sid: 'DescribeInstances',
          Action: 'rds:DescribeDBInstances',
          Resource: pulumi.interpolate`arn:aws:rds:${own.regionName}:${accountId}:db:*`,
        },
        { Sid: 'SeeDatabaseSecret', Action: 'secretsmanager:DescribeSecret', Resource: control.databaseSecretArn },
        { Sid: 'AskMonitor', Action: 'lambda:InvokeFunction', Resource: monitor.functionArn },
        publishSignals(config.environmentSuffix),
      ],
    },
    { parent },
  );
}
