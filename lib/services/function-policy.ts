import * as pulumi from '@pulumi/pulumi';
import type { LocalItemName } from '../../lambda/shared/local-items';
import { physicalName } from '../naming';
import type { PolicyStatement } from '../policy';

/** What a function's own statements name: where it runs, what it is called, and what it writes to. */
export interface FunctionIdentity {
  readonly functionArn: pulumi.Input<string>;
  readonly logGroupArn: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
}

/** The services through which a function uses the region's key; it never calls KMS itself. */
export type KeyUser = 'dynamodb' | 's3' | 'sns' | 'sqs' | 'ssm';

/**
 * What Lambda needs to attach a function to a VPC: the action list of AWS's managed policy AWSLambdaVPCAccessExecutionRole
 * without its logs part (Lambda developer guide, "Execution role and user permissions" of VPC functions).
 */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
] as const;

/** What every function may do: write its own log, send traces, and have its environment decrypted. */
export function everyFunctionStatements({ functionArn, logGroupArn, keyArn }: FunctionIdentity): PolicyStatement[] {
  return [
    {
      Sid: 'WriteOwnLog',
      // No CreateLogGroup: the group is ours and exists first, so a function can never make one without retention.
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: pulumi.interpolate`${logGroupArn}:*`,
    },
    {
      Sid: 'SendTraces',
      Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      // X-Ray has no resource that these two actions could name (service authorization reference of X-Ray).
      Resource: '*',
    },
    {
      Sid: 'DecryptOwnEnvironment',
      Action: 'kms:Decrypt',
      Resource: keyArn,
      // Lambda encrypts the variables under this context, so the statement opens no other ciphertext of the key.
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': functionArn } },
    },
  ];
}

/** What a function in a VPC needs besides: Lambda acts with the function's role on network interfaces. */
export function networkInterfaceStatements(functionArn: pulumi.Input<string>): PolicyStatement[] {
  return [
    {
      Sid: 'AttachToVpc',
      Action: NETWORK_INTERFACE_ACTIONS,
      // Lambda checks for exactly this when it creates a function: the interfaces do not exist yet, and Describe has no resource.
      Resource: '*',
    },
    {
      Sid: 'NeverFromOwnCode',
      Effect: 'Deny',
      Action: NETWORK_INTERFACE_ACTIONS,
      Resource: '*',
      // Set on calls that the function's code makes, not on those that Lambda makes: the wide grant above is Lambda's alone.
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    },
  ];
}

/** Use of the region's key through one AWS service only. */
export function keyThrough(
  service: KeyUser,
  regionName: string,
  keyArn: pulumi.Input<string>,
  actions: readonly ('kms:Decrypt' | 'kms:Encrypt' | 'kms:GenerateDataKey')[],
): PolicyStatement {
  return {
    Sid: `KeyThrough${service.charAt(0).toUpperCase()}${service.slice(1)}`,
    Action: actions,
    Resource: keyArn,
    Condition: { StringEquals: { 'kms:ViaService': `${service}.${regionName}.amazonaws.com` } },
  };
}

/** Reading the lease, which every writer does before it writes. */
export function readLease(leaseTableArn: pulumi.Input<string>): PolicyStatement {
  return localItem('ReadLease', 'dynamodb:GetItem', leaseTableArn, ['lease']);
}

/** Some items of the region's lease table, by name: whoever may tell of a probe must not be able to open the lease. */
export function localItem(
  sid: string,
  action: 'dynamodb:BatchGetItem' | 'dynamodb:GetItem' | 'dynamodb:PutItem' | 'dynamodb:UpdateItem',
  leaseTableArn: pulumi.Input<string> | readonly pulumi.Input<string>[],
  names: readonly ('lease' | LocalItemName)[],
): PolicyStatement {
  return {
    Sid: sid,
    Action: action,
    Resource: leaseTableArn,
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': names } },
  };
}

/** Publishing to our own namespace only; CloudWatch has no resource to name here. */
export function publishSignals(environmentSuffix: string): PolicyStatement {
  return {
    Sid: 'PublishSignals',
    Action: 'cloudwatch:PutMetricData',
    Resource: '*',
    Condition: { StringEquals: { 'cloudwatch:namespace': metricsNamespace(environmentSuffix) } },
  };
}

/** The metrics of all handlers of one stack; a name of a deployment like every other (N5). */
export function metricsNamespace(environmentSuffix: string): string {
  return physicalName('CloudWatch namespace', 'trading-platform', environmentSuffix);
}
