import * as ssm from '@pulumi/aws/ssm';
import * as pulumi from '@pulumi/pulumi';
import type { ParameterReplicatorEnv } from '../../lambda/parameter-replicator/env';
import { physicalName } from '../naming';
import type { PolicyStatement } from '../policy';
import type { PerRegion, RegionRole, Regions } from '../regions';
import { otherRole } from '../regions';
import { keyThrough, readLease } from '../services/function-policy';
import { FunctionTrigger } from '../services/function-trigger';
import type { LeaseTableReference, NamedResource } from '../services/named-resource';
import { ServiceFunction } from '../services/service-function';

/** The parameters of a stack, in both regions. */
export interface ReplicatedParametersArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly accountId: pulumi.Input<string>;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  readonly leaseTables: PerRegion<LeaseTableReference>;
  readonly logRetentionDays: number;
  /** Whether the trading workload, and with it its order limits, exists. */
  readonly trading: boolean;
}

/** What orders are accepted until an operator says otherwise; amounts in the order's own currency. */
const ORDER_LIMITS = { maxQuantity: 1_000_000, maxNotional: 10_000_000 } as const;

const REPLICATOR_TIMEOUT_SECONDS = 60;

/**
 * Parameters that say the same in both regions (D7). AWS replicates none, so a function of ours carries changes from the
 * active region to the other one: on every change, and every 5 minutes because those events are best effort.
 */
export class ReplicatedParameters extends pulumi.ComponentResource {
  /** Everything below it is replicated, also what operators add. Starts with a slash and does not end with one. */
  readonly path: string;
  readonly orderLimits: PerRegion<NamedResource> | undefined;
  readonly replicators: PerRegion<ServiceFunction<ParameterReplicatorEnv>>;

  constructor(name: string, args: ReplicatedParametersArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:data:ReplicatedParameters', name, {}, opts);
    const inPrimary = { parent: this, provider: args.regions.primary.provider };
    const inDr = { parent: this, provider: args.regions.dr.provider };
    this.path = `/${physicalName('SSM parameter', 'parameters', args.environmentSuffix)}`;

    const primary = createReplicator(name, args, this.path, 'primary', inPrimary);
    const dr = createReplicator(name, args, this.path, 'dr', inDr);
    this.replicators = { primary: primary.replicator, dr: dr.replicator };

    // Rules and permissions exist before the first parameter and outlive the last: an operator's parameter that was
    // replicated is in nobody's state, and goes because its deletion is replicated too.
    const delivery = [...primary.delivery, ...dr.delivery];
    this.orderLimits = args.trading
      ? {
          primary: createOrderLimits(name, args, this.path, 'primary', { ...inPrimary, dependsOn: delivery }),
          dr: createOrderLimits(name, args, this.path, 'dr', { ...inDr, dependsOn: delivery }),
        }
      : undefined;
    this.registerOutputs({ path: this.path });
  }
}

interface Replicator {
  readonly replicator: ServiceFunction<ParameterReplicatorEnv>;
  readonly delivery: readonly pulumi.Resource[];
}

/** The same function in both regions; at run time only the one in the active region acts. */
function createReplicator(
  name: string,
  args: ReplicatedParametersArgs,
  path: string,
  role: RegionRole,
  inRegion: pulumi.ComponentResourceOptions,
): Replicator {
  const { environmentSuffix, regions, keys, leaseTables } = args;
  const other = otherRole(role);
  const replicator = new ServiceFunction<ParameterReplicatorEnv>(
    `${name}-replicator-${role}`,
    {
      environmentSuffix,
      region: regions[role],
      accountId: args.accountId,
      keyArn: keys[role].keyArn,
      logRetentionDays: args.logRetentionDays,
      functionName: 'parameter-replicator',
      description: 'Carries parameters from the active region to the other one',
      timeoutSeconds: REPLICATOR_TIMEOUT_SECONDS,
      memoryMegabytes: 256,
      environment: {
        ENVIRONMENT_SUFFIX: environmentSuffix,
        LEASE_TABLE: leaseTables[role].tableName,
        PARAMETER_PATH: path,
        TARGET_REGION: regions[other].name,
        TARGET_KEY_ARN: keys[other].keyArn,
      },
      statements: replicatorStatements(args, path, role),
    },
    inRegion,
  );
  const called = { functionName: replicator.functionName, functionArn: replicator.functionArn, environmentSuffix };
  const onChange = new FunctionTrigger(
    `${name}-changes-${role}`,
    {
      ...called,
      ruleName: 'parameter-changes',
      description: 'Parameters of this stack that were created, changed or deleted here',
      rule: { eventPattern: changesBelow(path) },
    },
    inRegion,
  );
  const onSchedule = new FunctionTrigger(
    `${name}-reconciliation-${role}`,
    {
      ...called,
      ruleName: 'parameter-reconciliation',
      description: 'Finds parameters whose change events were lost',
      rule: { scheduleExpression: 'rate(5 minutes)', input: JSON.stringify({ source: 'schedule' }) },
    },
    inRegion,
  );
  return { replicator, delivery: [replicator, ...onChange.delivery, ...onSchedule.delivery] };
}

function changesBelow(path: string): string {
  return JSON.stringify({
    source: ['aws.ssm'],
    'detail-type': ['Parameter Store Change'],
    detail: { name: [{ prefix: `${path}/` }], operation: ['Create', 'Update', 'Delete'] },
  });
}

/** Reads here, writes there: neither end can be written through the wrong one. */
function replicatorStatements(
  { accountId, regions, keys, leaseTables }: ReplicatedParametersArgs,
  path: string,
  role: RegionRole,
): readonly PolicyStatement[] {
  const other = otherRole(role);
  const here = regions[role].name;
  const there = regions[other].name;
  const parametersOf = (region: string): pulumi.Output<string> =>
    pulumi.interpolate`arn:aws:ssm:${region}:${accountId}:parameter${path}`;
  return [
    readLease(leaseTables[role].tableArn),
    // By path is asked of the path itself, by name of what is below it.
    { Sid: 'ListParameters', Action: 'ssm:GetParametersByPath', Resource: [parametersOf(here), parametersOf(there)] },
    {
      Sid: 'ReadParameters',
      Action: 'ssm:GetParameter',
      Resource: [here, there].map((region) => pulumi.interpolate`${parametersOf(region)}/*`),
    },
    {
      Sid: 'WriteParametersThere',
      Action: ['ssm:DeleteParameter', 'ssm:ListTagsForResource', 'ssm:PutParameter'],
      Resource: pulumi.interpolate`${parametersOf(there)}/*`,
    },
    {
      // PutParameter with tags: SSM asks for this right with the whole name behind `parameter/`, its first slash included
      // (pepperize/cdk-ssm-parameters-cross-region, issue 442), and documents the ARN of the parameter.
      Sid: 'TagParametersThere',
      Action: 'ssm:AddTagsToResource',
      Resource: [parametersOf(there), pulumi.interpolate`arn:aws:ssm:${there}:${accountId}:parameter/${path}`].map(
        (parameters) => pulumi.interpolate`${parameters}/*`,
      ),
    },
    keyThrough('dynamodb', here, keys[role].keyArn, ['kms:Decrypt']),
    keyThrough('ssm', here, keys[role].keyArn, ['kms:Decrypt']),
    {
      // Encrypt for a standard parameter; one of more than 4 kB becomes an advanced one, which takes a data key.
      ...keyThrough('ssm', there, keys[other].keyArn, ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']),
      Sid: 'KeyThroughSsmThere',
    },
  ];
}

function createOrderLimits(
  name: string,
  { keys }: ReplicatedParametersArgs,
  path: string,
  role: RegionRole,
  inRegion: pulumi.CustomResourceOptions,
): NamedResource {
  const parameter = new ssm.Parameter(
    `${name}-order-limits-${role}`,
    {
      name: `${path}/order-limits`,
      description: 'The largest order that is accepted',
      type: 'SecureString',
      keyId: keys[role].keyArn,
      value: JSON.stringify(ORDER_LIMITS),
      // While the stack is active already, the replicator may have been here first with the other region's parameter.
      overwrite: true,
    },
    // Ours is the first value only: operators change it in the active region and the replicator carries it over, so `up`
    // would otherwise put both regions back.
    { ...inRegion, ignoreChanges: ['value'] },
  );
  return { name: parameter.name, arn: parameter.arn };
}
