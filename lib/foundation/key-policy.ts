import * as pulumi from '@pulumi/pulumi';

import { policyDocument, type PolicyStatement } from '../policy';
import { snsPrincipal } from './sns-principal';

const USE_KEY = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
/** What a service needs that only puts messages into an encrypted topic or queue. */
const PUBLISH = ['kms:GenerateDataKey*', 'kms:Decrypt'];

/**
 * Who may use a region's key. Roles get there through their own policies (the account statement hands the decision to IAM);
 * AWS services that act without a role of ours are named here, each bound to this account and region where AWS supports it.
 */
export function keyPolicy(
  accountId: pulumi.Input<string>,
  regionName: string,
  topicRegions: readonly string[],
): pulumi.Output<string> {
  return policyDocument([
    {
      Sid: 'AccountDecidesByIam',
      Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    ...logStatements(accountId, regionName),
    ...publisherStatements(regionName, topicRegions),
    ...autoScalingStatements(accountId),
  ]);
}

/** CloudWatch Logs encrypts log groups; its delivery service writes flow logs to the encrypted audit-logs bucket. */
function logStatements(accountId: pulumi.Input<string>, regionName: string): readonly PolicyStatement[] {
  return [
    {
      Sid: 'LogGroups',
      Principal: { Service: `logs.${regionName}.amazonaws.com` },
      Action: USE_KEY,
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': pulumi.interpolate`arn:aws:logs:${regionName}:${accountId}:log-group:*`,
        },
      },
    },
    {
      Sid: 'FlowLogDelivery',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: USE_KEY,
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': accountId },
        ArnLike: { 'aws:SourceArn': pulumi.interpolate`arn:aws:logs:${regionName}:${accountId}:*` },
      },
    },
  ];
}

/**
 * Alarms and rules publish to encrypted topics, topics to encrypted queues. A publisher that the key refuses
 * fails silently, and AWS supports no source condition here for EventBridge: which account may publish is the topic's own
 * policy to say.
 */
function publisherStatements(regionName: string, topicRegions: readonly string[]): readonly PolicyStatement[] {
  const deliverers = new Set(topicRegions.map((topicRegion) => snsPrincipal(topicRegion, regionName)));
  return [
    {
      Sid: 'EncryptedTopics',
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Action: PUBLISH,
      Resource: '*',
    },
    { Sid: 'EncryptedQueues', Principal: { Service: [...deliverers].sort() }, Action: PUBLISH, Resource: '*' },
  ];
}

/**
 * Auto Scaling starts instances with encrypted volumes through its service-linked role. The role is a condition, not a
 * principal: AWS makes it with an account's first group, and a policy that names a principal which does not exist is refused.
 */
function autoScalingStatements(accountId: pulumi.Input<string>): readonly PolicyStatement[] {
  const serviceRole = {
    StringEquals: { 'kms:CallerAccount': accountId },
    ArnLike: {
      'aws:PrincipalArn': pulumi.interpolate`arn:aws:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*`,
    },
  };
  return [
    { Sid: 'AutoScalingVolumes', Principal: { AWS: '*' }, Action: USE_KEY, Resource: '*', Condition: serviceRole },
    {
      Sid: 'AutoScalingGrants',
      Principal: { AWS: '*' },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: { ...serviceRole, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}
