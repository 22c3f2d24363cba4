import { isValues } from './wire';
import type { GraphResource } from './graph';

/** Where a type keeps its physical name, when it is not `name`; null: it has none of its own. */
const NAME_INPUT: Readonly<Record<string, string | null>> = {
  'aws:apigateway/domainName:DomainName': 'domainName',
  'aws:apigateway/stage:Stage': 'stageName',
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': 'alarmName',
  'aws:cloudwatch/dashboard:Dashboard': 'dashboardName',
  'aws:rds/cluster:Cluster': 'clusterIdentifier',
  'aws:rds/clusterInstance:ClusterInstance': 'identifier',
  'aws:rds/globalCluster:GlobalCluster': 'globalClusterIdentifier',
  'aws:s3/bucket:Bucket': 'bucket',
  'aws:ec2/launchTemplate:LaunchTemplate': 'name',
  'aws:apigateway/method:Method': null,
};

/** The name by which AWS knows a resource: its own, else its `Name` tag; undefined when AWS chooses an id. */
export function physicalNameOf(resource: GraphResource): string | undefined {
  const input = resource.type in NAME_INPUT ? NAME_INPUT[resource.type] : 'name';
  const own = input === null || input === undefined ? undefined : resource.inputs[input];
  if (typeof own === 'string') return own;
  const { tags } = resource.inputs;
  const tag = tags !== undefined && isValues(tags) ? tags['Name'] : undefined;
  return typeof tag === 'string' ? tag : undefined;
}

/** Services whose resources belong to no region, whatever provider made them. */
const GLOBAL_SERVICES = /^aws:(iam|route53)\//;

/** Whether names of this resource must be unique across regions. */
export function isGlobal(resource: GraphResource): boolean {
  return GLOBAL_SERVICES.test(resource.type);
}
