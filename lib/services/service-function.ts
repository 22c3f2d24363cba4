import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as iam from '@pulumi/aws/iam';
import * as lambda from '@pulumi/aws/lambda';
import * as pulumi from '@pulumi/pulumi';
import { bundlePath } from '../bundles';
import { physicalName } from '../naming';
import { assumableBy, policyDocument } from '../policy';
import type { PolicyStatement } from '../policy';
import type { Region } from '../regions';
import type { EnvInputs } from './environment';
import { everyFunctionStatements, metricsNamespace, networkInterfaceStatements } from './function-policy';

export { metricsNamespace } from './function-policy';

/** What every function of one region shares. */
export interface FunctionSettings {
  readonly environmentSuffix: string;
  readonly region: Region;
  readonly accountId: pulumi.Input<string>;
  /** The region's key: encrypts the log and the environment. */
  readonly keyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** Where a function that talks to PostgreSQL lives. */
export interface FunctionNetwork {
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  readonly functionSecurityGroupId: pulumi.Input<string>;
}

/** One function; `E` is the type of the handler's environment. */
export interface ServiceFunctionArgs<E> extends FunctionSettings {
  /** The function's name in the requirements' words, which is also its bundle's. */
  readonly functionName: string;
  readonly description: string;
  readonly environment: EnvInputs<E>;
  /** What the handler does, and nothing else; log, traces and network are added here. */
  readonly statements: readonly PolicyStatement[];
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** @default outside the VPC, with no path to the database */
  readonly network?: FunctionNetwork;
}

/** A handler in one region: role, log group and function, made the same way for all of them (C1, C6). */
export class ServiceFunction<E> extends pulumi.ComponentResource {
  /** The function's physical name, known before it exists. */
  readonly physicalName: string;
  /** What a trigger names. */
  readonly functionName: pulumi.Output<string>;
  /** What a caller is allowed to invoke. */
  readonly functionArn: pulumi.Output<string>;
  /** What API Gateway calls. */
  readonly invokeArn: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: ServiceFunctionArgs<E>, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:ServiceFunction', name, {}, opts);
    this.physicalName = physicalName('Lambda function', args.functionName, args.environmentSuffix);

    const logGroup = new cloudwatch.LogGroup(
      `${name}-log`,
      { name: `/aws/lambda/${this.physicalName}`, retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
      { parent: this },
    );
    const role = new iam.Role(
      `${name}-role`,
      { name: roleName(args), description: args.description, assumeRolePolicy: assumableBy('lambda.amazonaws.com') },
      { parent: this },
    );
    const policy = createPolicy(this, name, args, role, logGroup, this.physicalName);
    const handler = createFunction(this, name, args, role, logGroup, policy);

    this.functionName = handler.name;
    this.functionArn = handler.arn;
    this.invokeArn = handler.invokeArn;
    this.roleArn = role.arn;
    this.logGroupName = logGroup.name;
    this.registerOutputs({ functionName: this.functionName, functionArn: this.functionArn });
  }
}

/** Roles are global, so the region is part of their name (facts: IAM names collide between regions). */
function roleName({ functionName, environmentSuffix, region }: ServiceFunctionArgs<unknown>): string {
  return physicalName('IAM role', functionName, environmentSuffix, region.name);
}

function createPolicy(
  parent: pulumi.Resource,
  name: string,
  args: ServiceFunctionArgs<unknown>,
  role: iam.Role,
  logGroup: cloudwatch.LogGroup,
  functionName: string,
): iam.RolePolicy {
  // Spelt from its parts, because the policy must exist before the function that it names.
  const functionArn = pulumi.interpolate`arn:aws:lambda:${args.region.name}:${args.accountId}:function:${functionName}`;
  const statements = [
    ...everyFunctionStatements({ functionArn, logGroupArn: logGroup.arn, keyArn: args.keyArn }),
    ...(args.network ? networkInterfaceStatements(functionArn) : []),
    ...args.statements,
  ];
  return new iam.RolePolicy(
    `${name}-policy`,
    { name: roleName(args), role: role.name, policy: policyDocument(statements) },
    { parent },
  );
}

function createFunction(
  parent: pulumi.Resource,
  name: string,
  args: ServiceFunctionArgs<unknown>,
  role: iam.Role,
  logGroup: cloudwatch.LogGroup,
  policy: iam.RolePolicy,
): lambda.Function {
  return new lambda.Function(
    `${name}-function`,
    {
      name: physicalName('Lambda function', args.functionName, args.environmentSuffix),
      description: args.description,
      role: role.arn,
      // x86_64 and nodejs24.x are the pair that is certain to exist in every region, Zurich included.
      runtime: 'nodejs24.x',
      architectures: ['x86_64'],
      handler: 'index.handler',
      // One directory for both regions: the same bytes (C1). Relative, so that no machine's path reaches the state.
      code: new pulumi.asset.FileArchive(bundlePath(args.functionName)),
      timeout: args.timeoutSeconds,
      memorySize: args.memoryMegabytes,
      kmsKeyArn: args.keyArn,
      environment: { variables: { ...args.environment, ...runtimeEnvironment(args) } },
      loggingConfig: { logFormat: 'JSON', logGroup: logGroup.name },
      tracingConfig: { mode: 'Active' },
      // No reserved concurrency (N15): a new account's quota of 10 could not give any away.
      ...(args.network && { vpcConfig: vpcConfig(args.network) }),
    },
    {
      parent,
      // A schedule may call the function in the second it exists: by then its log group must, or Lambda would make its own.
      // Lambda also tries the network permissions at creation, and the role alone has none.
      dependsOn: [logGroup, policy],
      // In a VPC, creation waits for network interfaces and deletion for AWS to let go of them.
      customTimeouts: { create: '20m', update: '20m', delete: '30m' },
    },
  );
}

/**
 * `replaceSecurityGroupsOnDestroy` stays off: it frees the security group early, but the network interfaces linger in the
 * subnets all the same, and the subnets go in the same destroy.
 */
function vpcConfig({ privateSubnetIds, functionSecurityGroupId }: FunctionNetwork): lambda.FunctionArgs['vpcConfig'] {
  return { subnetIds: [...privateSubnetIds], securityGroupIds: [functionSecurityGroupId] };
}

/** What the runtime and Powertools read, the same for every handler. */
function runtimeEnvironment(args: ServiceFunctionArgs<unknown>): Record<string, string> {
  return {
    // Since Node 20 Lambda no longer loads the RDS authorities by itself, and verify-full needs them.
    NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
    POWERTOOLS_SERVICE_NAME: args.functionName,
    POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(args.environmentSuffix),
    POWERTOOLS_LOG_LEVEL: 'INFO',
  };
}
