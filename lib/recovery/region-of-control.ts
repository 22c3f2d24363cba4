import type * as pulumi from '@pulumi/pulumi';
import type { TapConfig } from '../config';
import type { AuroraGlobal } from '../data/aurora-global';
import type { DecisionTable } from '../data/decision-table';
import type { RegionalTables } from '../data/global-tables';
import type { Registers } from '../data/registers';
import type { RegionalBuckets } from '../data/replicated-buckets';
import type { Notifications } from '../detection/notifications';
import type { Network } from '../foundation/network';
import { physicalName } from '../naming';
import type { PolicyStatement } from '../policy';
import { otherRole, type PerRegion, type Region, type RegionRole } from '../regions';
import type { DnsNames } from '../routing/dns-names';
import { databaseHosts } from '../services/database-access';
import { keyThrough, metricsNamespace } from '../services/function-policy';
import type { RegionalServices } from '../services/regional-services';
import type { FunctionSettings } from '../services/service-function';

/** What both regions have, of which the control functions of one region take their own and the other's. */
export interface ControlArgs {
  readonly config: TapConfig;
  readonly region: Region;
  readonly accountId: pulumi.Input<string>;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  readonly secretArns: PerRegion<pulumi.Input<string>>;
  readonly networks: PerRegion<Network>;
  readonly registers: Registers;
  readonly leaseTables: PerRegion<DecisionTable>;
  readonly journals: PerRegion<DecisionTable>;
  readonly tables: PerRegion<RegionalTables>;
  readonly buckets: PerRegion<RegionalBuckets>;
  readonly aurora: AuroraGlobal;
  readonly services: PerRegion<RegionalServices>;
  readonly notifications: PerRegion<Notifications>;
  readonly names: DnsNames;
  readonly zone: { readonly zoneId: pulumi.Input<string>; readonly nameServers: pulumi.Input<string> };
}

/** One region's view: what it would make active with, and what it would take over from. */
export type ControlRegion = ReturnType<typeof takeSides>;

/** Sorts what both regions have into `own` and `other`. */
export function takeSides(args: ControlArgs) {
  const { config, region, accountId, registers, aurora, names, zone } = args;
  const side = (role: RegionRole) => ({
    role,
    regionName: role === 'primary' ? config.primaryRegion : config.drRegion,
    keyArn: args.keys[role].keyArn,
    leaseTable: args.leaseTables[role],
    journal: args.journals[role],
    ordersTable: args.tables[role].orders,
    transactionsTable: args.tables[role].transactions,
    tables: args.tables[role],
    buckets: args.buckets[role],
    databaseSecretArn: args.secretArns[role],
    reportsBucket: args.buckets[role]['audit-logs'],
    clusterArn: aurora.clusterArn[role],
    clusterIdentifier: aurora.clusterIdentifier[role],
    parameterGroup: aurora.parameterGroup[role],
    services: args.services[role],
    topicArn: args.notifications[role].topicArn,
    apiName: names.regional[role].api,
    vantage: names.vantage[role],
  });
  return {
    config,
    region,
    accountId,
    registers,
    aurora,
    names,
    zone,
    network: args.networks[region.role],
    databaseSecretArn: args.secretArns[region.role],
    databaseHosts: databaseHosts(config, aurora.hosts[region.role]),
    own: side(region.role),
    other: side(otherRole(region.role)),
  };
}

/** What every control function shares with the others of its region. */
export function functionSettings({ config, region, accountId, own }: ControlRegion): FunctionSettings {
  const { environmentSuffix, logRetentionDays } = config;
  return { environmentSuffix, region, accountId, keyArn: own.keyArn, logRetentionDays };
}

/** The register part of a function's environment. */
export function registerEnvironment({ config, registers, own }: ControlRegion) {
  return {
    ENVIRONMENT_SUFFIX: config.environmentSuffix,
    ...registers.settings,
    LEASE_TABLE: own.leaseTable.tableName,
  };
}

/** The namespace that a function publishes its signals to. */
export function signalsEnvironment({ config }: ControlRegion) {
  return { METRICS_NAMESPACE: metricsNamespace(config.environmentSuffix) };
}

/**
 * Reading, or reading and writing, every register. The two with keys of ours ask for them; the witness has AWS's own, which
 * asks for nothing.
 */
export function registerStatements(
  { registers, own, other }: ControlRegion,
  access: 'read' | 'write',
): readonly PolicyStatement[] {
  return [
    {
      Sid: 'Registers',
      Action: access === 'read' ? ['dynamodb:GetItem'] : ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: registers.tableArns,
    },
    keyThrough('dynamodb', own.regionName, own.keyArn, ['kms:Decrypt']),
    { ...keyThrough('dynamodb', other.regionName, other.keyArn, ['kms:Decrypt']), Sid: 'KeyThroughDynamodbThere' },
  ];
}

/** The alarm whose turning red starts a failover in dr, and is only told to people in primary. Known before it exists. */
export function triggerAlarmName({
  config,
  role,
}: {
  readonly config: Pick<TapConfig, 'environmentSuffix'>;
  readonly role: RegionRole;
}): string {
  const resource = role === 'dr' ? 'failover-trigger' : 'peer-lost';
  return physicalName('CloudWatch alarm', resource, config.environmentSuffix);
}

/** What CloudWatch calls a region's alarm of this name; known before it exists. */
export function alarmNameIn({ config }: Pick<ControlRegion, 'config'>, resource: string): string {
  return physicalName('CloudWatch alarm', resource, config.environmentSuffix);
}

/** The alarm that says that work on the platform has been announced. */
export function maintenanceAlarmName({ config }: Pick<ControlRegion, 'config'>): string {
  return physicalName('CloudWatch alarm', 'maintenance', config.environmentSuffix);
}

/** The alarm of the other region's own verdict: red once that has been bad for long (lib/detection/rows/peer.ts). */
export function unhealthyAlarmName({ config }: Pick<ControlRegion, 'config'>): string {
  return physicalName('CloudWatch alarm', 'heartbeat-unhealthy', config.environmentSuffix);
}
