import { text, type Graph, type GraphResource } from '../../analysis/graph/graph';
import type { Caller, Need } from '../aws/service';
import { accountIn, accountOfGraph, keyOfBucket, objectOf, objectsOf, regionIn, regionOf } from './read';
import { replicationNeeds } from './replication-needs';
import { assumption, type ServiceAction } from './service-action';

const CANARY = 'CloudWatch user guide, "Required roles and permissions for CloudWatch canaries"';
const FLOW_LOGS = 'VPC user guide, "Publish flow logs to Amazon S3", bucket policy and key policy';
const LOG_KEY = 'CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using KMS", key policy';
const VOLUMES = 'EC2 Auto Scaling user guide, "Required AWS KMS key policy for use with encrypted volumes"';
const PROFILE =
  'IAM user guide, "Use an IAM role to grant permissions to applications running on Amazon EC2 instances"';

/** What all four pages ask of a key; the patterns stand for both of their actions. */
const USE_KEY = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:DescribeKey',
];

/**
 * What AWS does all the while without anybody's call: canaries run, buckets are copied, flow logs are delivered, log groups are
 * encrypted, instances start. To be performed once per run or pack.
 */
export function backgroundNeeds(graph: Graph): readonly ServiceAction[] {
  return [
    ...graph.all('aws:synthetics/canary:Canary').flatMap(canaryNeeds),
    ...graph
      .all('aws:s3/bucketReplicationConfig:BucketReplicationConfig')
      .flatMap((one) => replicationNeeds(graph, one)),
    ...graph.all('aws:ec2/flowLog:FlowLog').flatMap((log) => flowLogNeeds(graph, log)),
    ...graph.all('aws:cloudwatch/logGroup:LogGroup').flatMap(logGroupNeeds),
    ...graph.all('aws:ec2/launchTemplate:LaunchTemplate').flatMap((template) => volumeNeeds(graph, template)),
    ...graph.all('aws:iam/instanceProfile:InstanceProfile').flatMap((profile) => profileNeeds(graph, profile)),
  ];
}

/**
 * What Synthetics does with a canary's role: writes artifacts and its log, and publishes its results. A canary without visual
 * monitoring reads nothing back ("Encrypting canary artifacts").
 */
export function canaryNeeds(canary: GraphResource): readonly ServiceAction[] {
  const { inputs, outputs } = canary;
  const region = regionOf(canary);
  const principal = text(inputs, 'executionRoleArn');
  const caller: Caller = { principal, from: region, name: text(outputs, 'name') };
  const [bucket = '', ...folder] = text(inputs, 'artifactS3Location').replace('s3://', '').split('/');
  const account = accountIn(text(outputs, 'arn'));
  const group = `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${text(outputs, 'engineArn').split(':')[6] ?? ''}`;
  const needs: readonly Need[] = [
    { action: 's3:PutObject', resource: `arn:aws:s3:::${[bucket, ...folder].join('/')}/report.json` },
    ...artifactKeyNeeds(canary, bucket),
    { action: 's3:GetBucketLocation', resource: `arn:aws:s3:::${bucket}` },
    { action: 's3:ListAllMyBuckets', resource: '*' },
    { action: 'logs:CreateLogStream', resource: `${group}:log-stream:of-an-environment` },
    { action: 'logs:PutLogEvents', resource: `${group}:log-stream:of-an-environment` },
    ...(objectOf(inputs['runConfig'])?.['activeTracing'] === true
      ? [{ action: 'xray:PutTraceSegments', resource: '*' }]
      : []),
    {
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': ['CloudWatchSynthetics'] },
    },
  ];
  return [
    assumption('lambda.amazonaws.com', principal, region, CANARY),
    ...needs.map((need) => ({ caller, need, call: { region }, source: CANARY })),
  ];
}

function artifactKeyNeeds({ inputs }: GraphResource, bucket: string): readonly Need[] {
  const key = objectOf(objectOf(inputs['artifactConfig'])?.['s3Encryption'])?.['kmsKeyArn'];
  if (typeof key !== 'string') return [];
  const context = {
    'kms:ViaService': [`s3.${regionIn(key)}.amazonaws.com`],
    'kms:EncryptionContext:aws:s3:arn': [`arn:aws:s3:::${bucket}`],
  };
  return [{ action: 'kms:GenerateDataKey', resource: key, context }];
}

/** The log delivery service writes in its own name, for an ARN of CloudWatch Logs in this account. */
function flowLogNeeds(graph: Graph, flowLog: GraphResource): readonly ServiceAction[] {
  const { inputs } = flowLog;
  const region = regionOf(flowLog);
  if (inputs['logDestinationType'] !== 's3') return [];
  const bucket = text(inputs, 'logDestination').split('/')[0] ?? '';
  const key = keyOfBucket(graph, bucket);
  const account = accountOfGraph(graph);
  const caller: Caller = { principal: 'delivery.logs.amazonaws.com', from: region, name: 'flow-logs' };
  const needs: readonly Need[] = [
    { action: 's3:GetBucketAcl', resource: bucket },
    {
      action: 's3:PutObject',
      resource: `${bucket}/AWSLogs/${account}/vpcflowlogs/${region}/log.gz`,
      context: { 's3:x-amz-acl': ['bucket-owner-full-control'] },
    },
    ...(key === undefined ? [] : USE_KEY.map((action) => ({ action, resource: key }))),
  ];
  const call = { region, sourceArn: `arn:aws:logs:${region}:${account}:delivery-source:flow-logs` };
  return needs.map((need) => ({ caller, need, call, source: FLOW_LOGS }));
}

function logGroupNeeds(group: GraphResource): readonly ServiceAction[] {
  const { inputs, outputs } = group;
  const region = regionOf(group);
  const key = inputs['kmsKeyId'];
  if (typeof key !== 'string') return [];
  const caller: Caller = { principal: `logs.${region}.amazonaws.com`, from: region, name: 'logs' };
  const context = { 'kms:EncryptionContext:aws:logs:arn': [text(outputs, 'arn')] };
  return USE_KEY.map((action) => ({
    caller,
    need: { action, resource: key, context },
    call: { region },
    source: LOG_KEY,
  }));
}

function volumeNeeds(graph: Graph, template: GraphResource): readonly ServiceAction[] {
  const region = regionOf(template);
  const account = accountOfGraph(graph);
  const principal = `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const caller: Caller = { principal, from: region, name: 'autoscaling' };
  const keys = objectsOf(template.inputs['blockDeviceMappings']).flatMap((mapping) => {
    const key = objectOf(mapping['ebs'])?.['kmsKeyId'];
    return typeof key === 'string' ? [key] : [];
  });
  return keys.flatMap((resource) =>
    [
      ...USE_KEY.map((action): Need => ({ action, resource })),
      { action: 'kms:CreateGrant', resource, context: { 'kms:GrantIsForAWSResource': ['true'] } },
    ].map((need) => ({ caller, need, call: { region }, source: VOLUMES })),
  );
}

function profileNeeds(graph: Graph, profile: GraphResource): readonly ServiceAction[] {
  const role = graph.all('aws:iam/role:Role').find(({ outputs }) => outputs['name'] === profile.inputs['role']);
  return role ? [assumption('ec2.amazonaws.com', text(role.outputs, 'arn'), regionOf(profile), PROFILE)] : [];
}
