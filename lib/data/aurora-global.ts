import * as rds from '@pulumi/aws/rds';
import * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';
import { inBoth, type PerRegion, type Region, type Regions } from '../regions';
import { clusterHosts, type ClusterHosts } from './cluster-hosts';
import { createClusterSurroundings, type ClusterSurroundings } from './aurora-surroundings';

/** Provisioned instances of one class, or Aurora Serverless v2. */
export type AuroraCapacity = 'provisioned' | 'serverless';

/** The database as the operator chose it, and what it is placed in; the spelling is that of the configuration. */
export interface AuroraGlobalArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly networks: PerRegion<{
    readonly privateSubnetIds: readonly pulumi.Input<string>[];
    readonly databaseSecurityGroupId: pulumi.Input<string>;
  }>;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  /** Of the existing secret. The password must be a secret value, so that Pulumi's state holds it encrypted. */
  readonly credentials: { readonly username: pulumi.Input<string>; readonly password: pulumi.Input<string> };
  readonly databaseName: string;
  /** `17.7`: a version that both regions offer. */
  readonly auroraEngineVersion: string;
  readonly auroraCapacity: AuroraCapacity;
  /** Used with `provisioned`. */
  readonly auroraInstanceClass: string;
  /** At least 1, as dr's: a cluster without an instance cannot take over. */
  readonly auroraPrimaryInstances: number;
  readonly auroraDrInstances: number;
  /** Aurora capacity units per instance, used with `serverless`. The same in both regions: dr has to carry the whole load. */
  readonly auroraMinAcu: number;
  readonly auroraMaxAcu: number;
  readonly backupRetentionDays: number;
  /** How far dr may lag before primary stops committing, in seconds, at least 20; 0 lets it lag (D3). */
  readonly rpoEnforcementSeconds: number;
  readonly logRetentionDays: number;
}

const ENGINE = 'aurora-postgresql';

/**
 * What a failover, a switchover or a fail-back changes on a member of a global database, and what only the writer's side is
 * created with. Ignored on *both* clusters: once the roles are swapped, the one that was primary is the follower. Reverting
 * the first two would promote or detach a cluster, a difference in one of the others would replace it (provider source,
 * `rds/cluster.go`). Minor versions are raised through the global cluster, for all members at once.
 */
const CHANGED_BY_FAILOVER = [
  'replicationSourceIdentifier',
  'globalClusterIdentifier',
  'engineVersion',
  'masterUsername',
  'masterPassword',
  'databaseName',
  'sourceRegion',
];

/**
 * The Aurora PostgreSQL Global Database: primary writes, dr follows and can be promoted (D1).
 *
 * Order of creation: global cluster, primary's cluster, its instances, dr's cluster, its instances; a destroy goes the other
 * way. With the roles swapped a destroy needs the pre-destroy command first, because AWS removes no writer that still has
 * followers.
 */
export class AuroraGlobal extends pulumi.ComponentResource {
  /** What a failover names when it asks RDS to promote. */
  readonly globalClusterId: pulumi.Output<string>;
  readonly globalClusterArn: pulumi.Output<string>;
  /** Follows the writer from region to region; clients need both VPCs and a short DNS cache. */
  readonly globalWriterEndpoint: pulumi.Output<string>;
  /** The dimension of the cluster's metrics. */
  readonly clusterIdentifier: PerRegion<pulumi.Output<string>>;
  /** The target of a promotion. */
  readonly clusterArn: PerRegion<pulumi.Output<string>>;
  /** What functions of the region connect to: the writer takes writes while the region has it, the reader always answers. */
  readonly hosts: PerRegion<pulumi.Output<ClusterHosts>>;
  /** The groups between which a switchover moves the bound of the lag; named alike in both regions. */
  readonly parameterGroup: PerRegion<{ readonly name: pulumi.Output<string>; readonly arn: pulumi.Output<string> }>;

  constructor(name: string, args: AuroraGlobalArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:data:AuroraGlobal', name, {}, opts);
    validateInstances(args);
    const { regions } = args;
    const inPrimary = { parent: this, provider: regions.primary.provider };
    const inDr = { parent: this, provider: regions.dr.provider };

    const globalCluster = createGlobalCluster(name, args, inPrimary);
    const around = inBoth(regions, ({ role }) =>
      createClusterSurroundings(`${name}-${role}`, role, args, role === 'primary' ? inPrimary : inDr),
    );
    const primary = createCluster(
      `${name}-primary`,
      args,
      regions.primary,
      around.primary,
      {
        ...membership(globalCluster),
        databaseName: args.databaseName,
        masterUsername: args.credentials.username,
        masterPassword: args.credentials.password,
      },
      { ...inPrimary, dependsOn: [around.primary.logGroup] },
    );
    const primaryInstances = createInstances(`${name}-primary`, args, regions.primary, primary, inPrimary);
    const dr = createCluster(
      `${name}-dr`,
      args,
      regions.dr,
      around.dr,
      { ...membership(globalCluster), sourceRegion: regions.primary.name },
      // There must be a writer to follow, and on the way down AWS keeps the last instance of a cluster that is followed.
      { ...inDr, dependsOn: [around.dr.logGroup, ...primaryInstances] },
    );
    createInstances(`${name}-dr`, args, regions.dr, dr, inDr);

    this.globalClusterId = globalCluster.id;
    this.globalClusterArn = globalCluster.arn;
    this.globalWriterEndpoint = globalCluster.endpoint;
    this.clusterIdentifier = { primary: primary.clusterIdentifier, dr: dr.clusterIdentifier };
    this.clusterArn = { primary: primary.arn, dr: dr.arn };
    this.parameterGroup = { primary: around.primary.parameterGroup, dr: around.dr.parameterGroup };
    this.hosts = {
      primary: hostsOf(primary, instanceIdentifiers(args, regions.primary)),
      dr: hostsOf(dr, instanceIdentifiers(args, regions.dr)),
    };
    this.registerOutputs({ globalClusterId: this.globalClusterId });
  }
}

/** A cluster without an instance takes no promotion: in either region, because the roles can be swapped. */
function validateInstances({ auroraPrimaryInstances, auroraDrInstances }: AuroraGlobalArgs): void {
  for (const [key, count] of Object.entries({ auroraPrimaryInstances, auroraDrInstances })) {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(
        `${key} must be at least 1, got ${count}: Aurora cannot fail over to a cluster without an instance`,
      );
    }
  }
}

/** A different database name or source would replace the global cluster, with everything in it: neither is compared. */
function createGlobalCluster(
  name: string,
  { environmentSuffix, regions, auroraEngineVersion, databaseName }: AuroraGlobalArgs,
  opts: pulumi.CustomResourceOptions,
): rds.GlobalCluster {
  return new rds.GlobalCluster(
    `${name}-global`,
    {
      globalClusterIdentifier: globalClusterIdentifier(environmentSuffix, regions.primary.name),
      engine: ENGINE,
      engineVersion: auroraEngineVersion,
      databaseName,
      storageEncrypted: true,
      deletionProtection: false,
      forceDestroy: true,
    },
    { ...opts, ignoreChanges: ['sourceDbClusterIdentifier', 'databaseName'] },
  );
}

/** What a member names of the global cluster. It stays in the inputs though changes are ignored: a destroy detaches by it. */
function membership(globalCluster: rds.GlobalCluster) {
  return { globalClusterIdentifier: globalCluster.id, engineVersion: globalCluster.engineVersion };
}

/** One member. Availability zones are left to AWS: naming fewer than three makes the next plan replace the cluster. */
function createCluster(
  name: string,
  args: AuroraGlobalArgs,
  region: Region,
  around: ClusterSurroundings,
  role: Partial<rds.ClusterArgs>,
  opts: pulumi.CustomResourceOptions,
): rds.Cluster {
  const { auroraMinAcu: minCapacity, auroraMaxAcu: maxCapacity } = args;
  return new rds.Cluster(
    `${name}-cluster`,
    {
      clusterIdentifier: around.clusterIdentifier,
      engine: ENGINE,
      ...role,
      ...(args.auroraCapacity === 'serverless' && { serverlessv2ScalingConfiguration: { minCapacity, maxCapacity } }),
      storageEncrypted: true,
      kmsKeyId: args.keys[region.role].keyArn,
      dbSubnetGroupName: around.subnetGroup.name,
      dbClusterParameterGroupName: around.parameterGroup.name,
      vpcSecurityGroupIds: [args.networks[region.role].databaseSecurityGroupId],
      enabledCloudwatchLogsExports: ['postgresql'],
      backupRetentionPeriod: args.backupRetentionDays,
      copyTagsToSnapshot: true,
      deletionProtection: false,
      skipFinalSnapshot: true,
      applyImmediately: true,
    },
    { ...opts, ignoreChanges: CHANGED_BY_FAILOVER },
  );
}

function instanceIdentifiers(args: AuroraGlobalArgs, region: Region): readonly string[] {
  const length = { primary: args.auroraPrimaryInstances, dr: args.auroraDrInstances }[region.role];
  return Array.from({ length }, (_, index) => identifier(`aurora-${index + 1}`, args.environmentSuffix, region.name));
}

function hostsOf(cluster: rds.Cluster, identifiers: readonly string[]): pulumi.Output<ClusterHosts> {
  return pulumi
    .all([cluster.endpoint, cluster.readerEndpoint])
    .apply(([endpoint, readerEndpoint]) =>
      clusterHosts({ endpoint, readerEndpoint, instanceIdentifiers: identifiers }),
    );
}

/** `forceDestroy` lets the provider promote a cluster whose last instance it would otherwise not be allowed to delete. */
function createInstances(
  name: string,
  args: AuroraGlobalArgs,
  region: Region,
  cluster: rds.Cluster,
  opts: pulumi.CustomResourceOptions,
): readonly rds.ClusterInstance[] {
  return instanceIdentifiers(args, region).map((instanceIdentifier, index) => {
    return new rds.ClusterInstance(
      `${name}-instance-${index + 1}`,
      {
        identifier: instanceIdentifier,
        clusterIdentifier: cluster.id,
        engine: ENGINE,
        engineVersion: cluster.engineVersion,
        instanceClass: args.auroraCapacity === 'serverless' ? 'db.serverless' : args.auroraInstanceClass,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: args.keys[region.role].keyArn,
        performanceInsightsRetentionPeriod: 7,
        publiclyAccessible: false,
        // Without effect in a global database, where AWS raises no version by itself; said all the same.
        autoMinorVersionUpgrade: false,
        copyTagsToSnapshot: true,
        applyImmediately: true,
        forceDestroy: true,
      },
      { ...opts, ignoreChanges: ['engineVersion'] },
    );
  });
}

/** The global cluster's own, which carries the home region of its writer. */
export function globalClusterIdentifier(environmentSuffix: string, primaryRegion: string): string {
  return identifier('aurora-global', environmentSuffix, primaryRegion);
}

/** RDS wants cluster identifiers unique across all regions, so they carry theirs. */
function identifier(resource: string, environmentSuffix: string, regionName: string): string {
  return physicalName('ElastiCache or RDS identifier', resource, environmentSuffix, regionName);
}
