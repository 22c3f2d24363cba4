import { isValues } from './wire';
import type { GraphResource } from './graph';

/** Where a type keeps its physical name, when it is not `name`. */
const NAME_INPUT: Readonly<Record<string, string>> = {
  'aws:apigateway/domainName:DomainName': 'domainName',
  'aws:apigateway/stage:Stage': 'stageName',
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': 'alarmName',
  'aws:cloudwatch/dashboard:Dashboard': 'dashboardName',
  'aws:rds/cluster:Cluster': 'clusterIdentifier',
  'aws:rds/clusterInstance:ClusterInstance': 'identifier',
  'aws:rds/globalCluster:GlobalCluster': 'globalClusterIdentifier',
  'aws:s3/bucket:Bucket': 'bucket',
};

/**
 * What has no name to choose: AWS gives it an id, or it is a setting, an entry or a connection of something else that has a
 * name. Every other type is one that Pulumi, or AWS, makes a name up for when the program forgets to: a type that stands
 * neither here nor with a name in the program is a mistake.
 */
const NAMELESS: ReadonlySet<string> = new Set([
  'aws:acm/certificateValidation:CertificateValidation',
  // One per account and region.
  'aws:apigateway/account:Account',
  'aws:apigateway/basePathMapping:BasePathMapping',
  'aws:apigateway/deployment:Deployment',
  'aws:apigateway/integration:Integration',
  'aws:apigateway/method:Method',
  'aws:apigateway/methodSettings:MethodSettings',
  'aws:apigateway/resource:Resource',
  'aws:cloudwatch/eventTarget:EventTarget',
  'aws:dynamodb/tag:Tag',
  'aws:ec2/peeringConnectionOptions:PeeringConnectionOptions',
  'aws:ec2/route:Route',
  'aws:ec2/routeTableAssociation:RouteTableAssociation',
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  // Known by its alias, which is a resource of its own.
  'aws:kms/key:Key',
  'aws:lambda/eventSourceMapping:EventSourceMapping',
  'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig',
  'aws:lambda/invocation:Invocation',
  'aws:lambda/permission:Permission',
  'aws:lb/listener:Listener',
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
  'aws:s3/bucketObjectv2:BucketObjectv2',
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
  'aws:s3/bucketPolicy:BucketPolicy',
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  'aws:s3/bucketReplicationConfig:BucketReplicationConfig',
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  'aws:s3/bucketVersioning:BucketVersioning',
  'aws:sns/topicPolicy:TopicPolicy',
  'aws:sns/topicSubscription:TopicSubscription',
  'aws:sqs/queuePolicy:QueuePolicy',
  'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy',
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule',
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
]);

/** Whether a resource must have a name of its own (N5): one that the program does not give, Pulumi or AWS makes up. */
export function mustBeNamed({ type }: GraphResource): boolean {
  return !NAMELESS.has(type);
}

/** The input in which a resource's type keeps its physical name. */
export function physicalNameInput({ type }: GraphResource): string {
  return NAME_INPUT[type] ?? 'name';
}

/** The name by which AWS knows a resource: its own, else its `Name` tag; undefined when AWS chooses an id. */
export function physicalNameOf(resource: GraphResource): string | undefined {
  const own = resource.inputs[physicalNameInput(resource)];
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
