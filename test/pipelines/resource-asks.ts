import type { GraphResource } from '../../analysis/graph/graph';
import type { Ask } from './policies';
import { CALLS } from './resource-calls';

/** Types whose calls are those of what they are a part of, or only wait. */
export const PARTS: readonly string[] = [
  ...[
    'acm/certificateValidation:CertificateValidation',
    'apigateway/methodSettings:MethodSettings',
    'autoscaling/policy:Policy',
  ],
  ...[
    'cloudwatch/eventTarget:EventTarget',
    'dynamodb/tag:Tag',
    'ec2/peeringConnectionOptions:PeeringConnectionOptions',
  ],
  ...[
    'iam/rolePolicy:RolePolicy',
    'lambda/functionEventInvokeConfig:FunctionEventInvokeConfig',
    'lambda/invocation:Invocation',
    'lambda/permission:Permission',
  ],
  // Asked about apart: only its function is in the request.
  'lambda/eventSourceMapping:EventSourceMapping',
  ...['s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', 's3/bucketObjectv2:BucketObjectv2'],
  ...['s3/bucketOwnershipControls:BucketOwnershipControls', 's3/bucketPolicy:BucketPolicy'],
  ...['s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 's3/bucketReplicationConfig:BucketReplicationConfig'],
  's3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  ...['s3/bucketVersioning:BucketVersioning', 'sns/topicPolicy:TopicPolicy', 'sns/topicSubscription:TopicSubscription'],
  ...['sqs/queuePolicy:QueuePolicy', 'sqs/redriveAllowPolicy:RedriveAllowPolicy'],
  ...['vpc/securityGroupEgressRule:SecurityGroupEgressRule', 'vpc/securityGroupIngressRule:SecurityGroupIngressRule'],
].map((type) => `aws:${type}`);

/** Services that show AWS the tags of what is asked about; for the others only the name counts here, even where AWS knows more. */
const SHOWS_TAGS = /^arn:aws:(acm|apigateway|ec2|kms):/;

/** Every call for one resource, with what AWS knows of it: its region, its tag, and the tag it is to be made with. */
export function callsFor(resource: GraphResource, suffix: string): readonly Ask[] {
  const region = resource.region ?? '';
  const found = CALLS[resource.type]?.(resource, region);
  if (found === undefined) return [];
  const { name } = resource.inputs;
  const context = {
    'aws:RequestedRegion': [region],
    'aws:ResourceTag/EnvironmentSuffix': SHOWS_TAGS.test(found.on) ? [suffix] : [],
    'aws:RequestTag/EnvironmentSuffix': [suffix],
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': typeof name === 'string' ? [name.replace(/\.$/, '')] : [],
  };
  return found.calls.map((action) => ({ action, resource: found.on.replaceAll('pr-12', suffix), context }));
}
