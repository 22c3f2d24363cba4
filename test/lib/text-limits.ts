import type { GraphResource, Value } from '../../analysis/graph/graph';
import { physicalNameInput } from '../../analysis/graph/physical-name';
import { NAME_LIMITS } from '../../lib/naming';

/** What AWS takes for one text of a resource: its longest form in characters, and what it may be made of. */
export interface TextLimit {
  readonly most: number;
  readonly form: RegExp;
}

/** Letters and signs of a keyboard: within every set of characters that AWS documents for a description, EC2's apart. */
const PLAIN = /^[\x20-\x7E]*$/;
const plain = (most: number): TextLimit => ({ most, form: PLAIN });
const of = (most: number, form: RegExp): TextLimit => ({ most, form });

/**
 * EC2 API reference, CreateSecurityGroup, IpRange, PrefixListId and UserIdGroupPair: up to 255 of these. Rules that name a
 * prefix list or a group take no ampersand either; no text of ours needs one. An apostrophe is InvalidParameterValue.
 */
const SECURITY_GROUP_TEXT = of(255, /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]*$/);
const IAM_NAME = /^[\w+=,.@-]+$/;
const DASHED = /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/;
const WORDS = /^[\w-]+$/;

/**
 * The texts that the program makes up, by type and path; `*` is every entry of a list. From the API reference of each service
 * (botocore 1.43 shapes) unless a line says otherwise. The AWS provider checks some of these in a preview, many not at all.
 */
export const TEXT_LIMITS: Readonly<Record<string, Readonly<Record<string, TextLimit>>>> = {
  // A description of an API has no documented limit: kept within that of API Gateway's second version.
  'aws:apigateway/restApi:RestApi': {
    name: of(NAME_LIMITS['API Gateway REST API'], PLAIN),
    description: plain(1024),
  },
  'aws:apigateway/stage:Stage': { stageName: of(NAME_LIMITS['API Gateway stage'], WORDS) },
  // ACM takes 64 characters for the first name of a certificate, an API's name among them.
  'aws:apigateway/domainName:DomainName': { domainName: of(253, /^[a-z0-9.-]+$/) },
  'aws:acm/certificate:Certificate': { domainName: of(64, /^(\*\.)?[a-z0-9.-]+$/) },
  // "any ASCII character 33 to 126", no colon.
  'aws:autoscaling/group:Group': { name: of(NAME_LIMITS['Auto Scaling group'], /^[\x21-\x39\x3B-\x7E]+$/) },
  'aws:autoscaling/policy:Policy': { name: of(255, PLAIN) },
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': {
    alarmName: of(NAME_LIMITS['CloudWatch alarm'], PLAIN),
    alarmDescription: plain(1024),
    alarmRule: plain(10_240),
  },
  'aws:cloudwatch/dashboard:Dashboard': { dashboardName: of(NAME_LIMITS['CloudWatch dashboard'], WORDS) },
  'aws:cloudwatch/eventRule:EventRule': {
    name: of(NAME_LIMITS['EventBridge rule'], /^[.\-_A-Za-z0-9]+$/),
    description: plain(512),
    eventPattern: plain(4096),
  },
  'aws:cloudwatch/eventTarget:EventTarget': { input: plain(8192), 'inputTransformer.inputTemplate': plain(8192) },
  'aws:cloudwatch/logGroup:LogGroup': { name: of(NAME_LIMITS['log group'], /^[.\-_/#A-Za-z0-9]+$/) },
  'aws:cloudwatch/metricAlarm:MetricAlarm': {
    name: of(NAME_LIMITS['CloudWatch alarm'], PLAIN),
    alarmDescription: plain(1024),
  },
  'aws:dynamodb/table:Table': {
    name: of(NAME_LIMITS['DynamoDB table'], /^[\w.-]{3,}$/),
    'globalSecondaryIndexes.*.name': of(255, /^[\w.-]{3,}$/),
  },
  // EC2 API reference: 3 to 128 characters; user data: 16 KB before base64, which makes four characters of three.
  'aws:ec2/launchTemplate:LaunchTemplate': {
    name: of(NAME_LIMITS['EC2 launch template'], /^[\w()./-]{3,}$/),
    userData: plain(Math.floor((16_384 * 4) / 3)),
  },
  'aws:ec2/securityGroup:SecurityGroup': {
    name: of(NAME_LIMITS['security group'], /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/),
    description: SECURITY_GROUP_TEXT,
    'egress.*.description': SECURITY_GROUP_TEXT,
    'ingress.*.description': SECURITY_GROUP_TEXT,
  },
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': { description: SECURITY_GROUP_TEXT },
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': { description: SECURITY_GROUP_TEXT },
  'aws:iam/instanceProfile:InstanceProfile': { name: of(128, IAM_NAME) },
  // IAM quotas: 2,048 characters of a trust policy, white space not counted.
  'aws:iam/role:Role': {
    name: of(NAME_LIMITS['IAM role'], IAM_NAME),
    description: plain(1000),
    assumeRolePolicy: plain(2048),
  },
  // IAM quotas: 10,240 characters for all inline policies of a role together; each role of ours has one.
  'aws:iam/rolePolicy:RolePolicy': { name: of(128, IAM_NAME), policy: plain(10_240) },
  'aws:kms/alias:Alias': { name: of(NAME_LIMITS['KMS alias'], /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/) },
  // KMS quotas: a key policy of 32 KB.
  'aws:kms/key:Key': { description: plain(8192), policy: plain(32_768) },
  'aws:lambda/function:Function': { name: of(NAME_LIMITS['Lambda function'], WORDS), description: plain(256) },
  'aws:lb/loadBalancer:LoadBalancer': {
    name: of(NAME_LIMITS['load balancer'], /^(?!internal-)[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/),
  },
  'aws:lb/targetGroup:TargetGroup': { name: of(NAME_LIMITS['load balancer target group'], DASHED) },
  // No limit is documented for RDS's descriptions: as short as the names.
  'aws:rds/cluster:Cluster': { clusterIdentifier: of(NAME_LIMITS['ElastiCache or RDS identifier'], DASHED) },
  'aws:rds/clusterInstance:ClusterInstance': { identifier: of(NAME_LIMITS['ElastiCache or RDS identifier'], DASHED) },
  'aws:rds/clusterParameterGroup:ClusterParameterGroup': { name: of(255, DASHED), description: plain(255) },
  'aws:rds/globalCluster:GlobalCluster': {
    globalClusterIdentifier: of(NAME_LIMITS['ElastiCache or RDS identifier'], DASHED),
  },
  'aws:rds/subnetGroup:SubnetGroup': { name: of(255, /^(?!default$)[a-z][a-z0-9 ._-]*$/), description: plain(255) },
  'aws:route53/healthCheck:HealthCheck': { fqdn: plain(255), resourcePath: plain(255), searchString: plain(255) },
  'aws:route53/record:Record': { name: of(255, /^[a-z0-9._*-]+$/), setIdentifier: plain(128) },
  'aws:route53/zone:Zone': { name: of(255, /^[a-z0-9.-]+$/), comment: plain(256) },
  'aws:s3/bucket:Bucket': { bucket: of(NAME_LIMITS['S3 bucket'], /^(?!xn--)[a-z0-9][a-z0-9-]+[a-z0-9]$/) },
  // S3 guide, "Bucket policies": 20 KB.
  'aws:s3/bucketPolicy:BucketPolicy': { policy: plain(20_480) },
  'aws:sns/topic:Topic': { name: of(NAME_LIMITS['SNS topic'], WORDS), displayName: plain(100) },
  'aws:sqs/queue:Queue': { name: of(NAME_LIMITS['SQS queue'], WORDS) },
  // A standard parameter holds 4 KB.
  'aws:ssm/parameter:Parameter': {
    name: of(NAME_LIMITS['SSM parameter'], /^\/(?!aws|ssm)[a-zA-Z0-9_./-]+$/),
    description: plain(1024),
    value: plain(4096),
  },
  'aws:synthetics/canary:Canary': { name: of(NAME_LIMITS['Synthetics canary'], /^[0-9a-z_-]+$/) },
};

/** Inputs that are words for people, whatever resource has them. */
const FOR_PEOPLE = /^(alarmDescription|comment|description|displayName)$/;

/** Texts of a resource whose limit nobody has looked up, as `type path`. */
export function unlimited(resource: GraphResource): readonly string[] {
  const named = physicalNameInput(resource);
  const known = TEXT_LIMITS[resource.type] ?? {};
  return Object.entries(resource.inputs)
    .filter(([key, value]) => typeof value === 'string' && (FOR_PEOPLE.test(key) || key === named))
    .filter(([key]) => !Object.hasOwn(known, key))
    .map(([key]) => `${resource.type} ${key}`);
}

/** What AWS would refuse in a resource's texts, with the text. */
export function refusedTexts(resource: GraphResource): readonly string[] {
  return Object.entries(TEXT_LIMITS[resource.type] ?? {}).flatMap(([path, { most, form }]) =>
    textsAt(resource.inputs, path.split('.'))
      .filter((text) => text.length > most || !form.test(text))
      .map((text) => `${resource.name} ${path} (${text.length} of ${most}): ${text}`),
  );
}

function textsAt(value: Value, [step, ...rest]: readonly string[]): readonly string[] {
  if (step === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const next =
    step === '*' ? entries.map(([, entry]) => entry) : entries.flatMap(([key, v]) => (key === step ? v : []));
  return next.flatMap((entry) => textsAt(entry, rest));
}
