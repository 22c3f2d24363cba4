import { DescribeAutoScalingGroupsCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
} from '@aws-sdk/client-rds';
import type { Case } from './case';
import { ALARM, CLUSTER, COMPOSITE, FUNCTION, GLOBAL, GROUP } from './sides';
import type { Side } from './sides';

const alarmTypes = ['CompositeAlarm', 'MetricAlarm'] as const;

export const CLOUDWATCH: readonly Case[] = [
  {
    name: 'PutMetricData',
    run: ({ cloudwatch }) =>
      cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: 'demo',
          MetricData: [
            { MetricName: 'm', Value: 0, StorageResolution: 1, Dimensions: [{ Name: 'service', Value: 's' }] },
          ],
        }),
      ),
  },
  {
    name: 'PutMetricData with a value that is none',
    run: ({ cloudwatch }) =>
      cloudwatch.send(new PutMetricDataCommand({ Namespace: 'demo', MetricData: [{ MetricName: 'm', Value: NaN }] })),
  },
  {
    name: 'PutMetricData of AWS',
    run: ({ cloudwatch }) =>
      cloudwatch.send(new PutMetricDataCommand({ Namespace: 'AWS/RDS', MetricData: [{ MetricName: 'm', Value: 1 }] })),
  },
  {
    name: 'DescribeAlarms of both types',
    run: ({ cloudwatch }) =>
      cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM, COMPOSITE], AlarmTypes: [...alarmTypes] })),
  },
  {
    name: 'DescribeAlarms without types',
    run: ({ cloudwatch }) => cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM, COMPOSITE] })),
  },
  {
    name: 'DescribeAlarms of names that no alarm has',
    run: ({ cloudwatch }) =>
      cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['none'], AlarmTypes: [...alarmTypes] })),
  },
];

const sizesOf = async (side: Side, AutoScalingGroupName = GROUP): Promise<object> => {
  const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] });
  const { AutoScalingGroups = [] } = await side.autoscaling.send(asked);
  return AutoScalingGroups.map(({ AutoScalingGroupName: name, MinSize, DesiredCapacity, MaxSize }) => ({
    name,
    MinSize,
    DesiredCapacity,
    MaxSize,
  }));
};

export const AUTO_SCALING: readonly Case[] = [
  { name: 'DescribeAutoScalingGroups', run: (side) => sizesOf(side) },
  { name: 'DescribeAutoScalingGroups of one that is not there', run: (side) => sizesOf(side, 'none') },
  {
    name: 'UpdateAutoScalingGroup',
    run: async (side) => {
      const sizes = { AutoScalingGroupName: GROUP, MinSize: 3, DesiredCapacity: 4 };
      await side.autoscaling.send(new UpdateAutoScalingGroupCommand(sizes));
      return sizesOf(side);
    },
  },
  {
    name: 'UpdateAutoScalingGroup beyond its maximum',
    run: ({ autoscaling }) =>
      autoscaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, DesiredCapacity: 7 })),
  },
  {
    name: 'UpdateAutoScalingGroup of one that is not there',
    run: ({ autoscaling }) =>
      autoscaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'none', MinSize: 1 })),
  },
];

export const RDS: readonly Case[] = [
  {
    name: 'DescribeGlobalClusters',
    run: ({ rds }) => rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: GLOBAL })),
  },
  {
    name: 'DescribeGlobalClusters of one that is not there',
    run: ({ rds }) => rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: 'none' })),
  },
  {
    name: 'DescribeDBClusters by the ARN',
    run: ({ rds, names }) => rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.clusterArn })),
  },
  {
    name: 'DescribeDBClusters of one that is not there',
    run: ({ rds }) => rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'none' })),
  },
  {
    name: 'DescribeDBInstances of a cluster',
    run: ({ rds }) =>
      rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [CLUSTER] }] })),
  },
  {
    name: 'DescribeDBInstances of a cluster that is not there',
    run: ({ rds }) =>
      rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: ['none'] }] })),
  },
];

export const LAMBDA: readonly Case[] = [
  {
    name: 'GetFunctionConfiguration',
    run: ({ lambda }) => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FUNCTION })),
  },
  {
    name: 'GetFunctionConfiguration of one that is not there',
    run: ({ lambda }) => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'none' })),
  },
];
