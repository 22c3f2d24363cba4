import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as rds from '@pulumi/aws/rds';
import type * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';
import type { RegionRole } from '../regions';
import type { AuroraGlobalArgs } from './aurora-global';

/** What must be there before a cluster of one region can be made. */
export interface ClusterSurroundings {
  readonly clusterIdentifier: string;
  readonly subnetGroup: rds.SubnetGroup;
  readonly parameterGroup: rds.ClusterParameterGroup;
  readonly logGroup: cloudwatch.LogGroup;
}

/**
 * A promoted cluster runs with its own region's parameters, so both regions have the same ones, all of them dynamic (no
 * restart). Statements are logged for changes of the schema only: others carry customers' data in their parameters.
 */
const PARAMETERS: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  log_lock_waits: '1',
  log_statement: 'ddl',
};

/** RDS's bounds for `rds.global_db_rpo`, in seconds. */
const LEAST_RPO = 20;
const GREATEST_RPO = 2_147_483_647;

/** The subnet group, the parameter group and the log group of one region's cluster. */
export function createClusterSurroundings(
  name: string,
  role: RegionRole,
  args: AuroraGlobalArgs,
  opts: pulumi.CustomResourceOptions,
): ClusterSurroundings {
  const { environmentSuffix, regions, networks, keys, logRetentionDays } = args;
  const clusterIdentifier = rdsName('aurora', environmentSuffix, regions[role].name);

  const subnetGroup = new rds.SubnetGroup(
    `${name}-subnets`,
    {
      name: rdsName('aurora', environmentSuffix),
      description: 'Private subnets of the Aurora cluster.',
      subnetIds: [...networks[role].privateSubnetIds],
    },
    opts,
  );
  // RDS makes this group itself, without key and retention, when a cluster that exports its log does not find it.
  const logGroup = new cloudwatch.LogGroup(
    `${name}-log`,
    {
      name: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
      retentionInDays: logRetentionDays,
      kmsKeyId: keys[role].keyArn,
    },
    opts,
  );
  return { clusterIdentifier, subnetGroup, logGroup, parameterGroup: createParameterGroup(name, role, args, opts) };
}

/**
 * With `rpoEnforcementSeconds` the home writer's group also bounds the lag: primary stops committing while dr is further
 * behind. Only its group: with two regions a promoted cluster has nobody who follows, and would commit nothing. Fail-back
 * moves the setting together with the writer, so that `parameters` is then left alone on both sides. A first deployment has no
 * follower either, and is refused with it (lag-bound.ts).
 *
 * Because of that the groups' names carry the bound: a changed bound makes new groups, which a cluster takes on at its next
 * restart (RDS: a newly associated group needs a reboot).
 */
function createParameterGroup(
  name: string,
  role: RegionRole,
  { environmentSuffix, auroraEngineVersion, rpoEnforcementSeconds: rpo }: AuroraGlobalArgs,
  opts: pulumi.CustomResourceOptions,
): rds.ClusterParameterGroup {
  validateRpo(rpo);
  const family = `aurora-postgresql${majorVersion(auroraEngineVersion)}`;
  const bound = rpo > 0 ? `-rpo-${rpo}` : '';
  const parameters = { ...PARAMETERS, ...(rpo > 0 && role === 'primary' && { 'rds.global_db_rpo': String(rpo) }) };
  return new rds.ClusterParameterGroup(
    `${name}-parameters${bound}`,
    {
      name: rdsName(`${family}${bound}`, environmentSuffix),
      family,
      description: `Settings of the Aurora cluster, the same in both regions${rpo > 0 ? ' except rds.global_db_rpo' : ''}.`,
      parameters: Object.entries(parameters).map(([key, value]) => ({
        name: key,
        value,
        applyMethod: 'immediate',
      })),
    },
    { ...opts, ...(rpo > 0 && { ignoreChanges: ['parameters'] }) },
  );
}

function validateRpo(seconds: number): void {
  if (seconds !== 0 && !(Number.isInteger(seconds) && seconds >= LEAST_RPO && seconds <= GREATEST_RPO)) {
    throw new RangeError(`rpoEnforcementSeconds must be 0 (off) or ${LEAST_RPO} to ${GREATEST_RPO}, got ${seconds}`);
  }
}

function majorVersion(engineVersion: string): string {
  const [major = ''] = engineVersion.split('.');
  return major;
}

function rdsName(resource: string, environmentSuffix: string, regionName = ''): string {
  return physicalName('ElastiCache or RDS identifier', resource, environmentSuffix, regionName);
}
