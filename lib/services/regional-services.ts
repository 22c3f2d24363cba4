import * as pulumi from '@pulumi/pulumi';
import { defaultTags } from '../tags';
import { ApplicationFleet } from './application-fleet';
import { Health } from './health';
import { Payments } from './payments';
import { RestApi } from './rest-api';
import { SchemaMigration } from './schema-migration';
import { Trading } from './trading';
import type { TapConfig } from '../config';
import type { AuroraGlobal } from '../data/aurora-global';
import type { RegionalTables } from '../data/global-tables';
import type { RegionalBuckets } from '../data/replicated-buckets';
import type { Network } from '../foundation/network';
import type { PerRegion, Region } from '../regions';
import type { AliasTarget } from '../routing/alias-target';
import type { DnsNames } from '../routing/dns-names';
import { databaseHosts, type DatabaseAccess } from './database-access';
import type { FleetObjects } from './fleet-artifacts';
import type { LeaseTableReference, NamedResource } from './named-resource';
import type { FunctionSettings, ServiceFunction } from './service-function';

/** What both regions have, of which the services of one region take their own. */
export interface RegionalServicesArgs {
  readonly config: TapConfig;
  readonly region: Region;
  readonly accountId: pulumi.Input<string>;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  readonly certificateArns: PerRegion<pulumi.Input<string>>;
  readonly secretArns: PerRegion<pulumi.Input<string>>;
  readonly aurora: Pick<AuroraGlobal, 'hosts'>;
  readonly networks: PerRegion<Network>;
  readonly tables: PerRegion<RegionalTables>;
  readonly leaseTables: PerRegion<LeaseTableReference>;
  readonly buckets: PerRegion<RegionalBuckets>;
  readonly parameters: { readonly orderLimits: PerRegion<NamedResource> | undefined };
  readonly names: DnsNames;
  /** What the fleet boots from; absent without the trading workload, as the fleet is. */
  readonly artifacts: PerRegion<FleetObjects> | undefined;
}

/** Everything that answers requests in one region: the same in both, wired to this region's own stores (C1-C3). */
export class RegionalServices extends pulumi.ComponentResource {
  readonly trading: Trading | undefined;
  readonly payments: Payments | undefined;
  readonly fleet: ApplicationFleet | undefined;
  readonly health: Health;
  readonly schemaMigration: SchemaMigration;
  readonly restApi: RestApi;
  /** Every function of these services. */
  readonly functions: readonly Pick<ServiceFunction<unknown>, 'physicalName' | 'functionName' | 'functionArn'>[];

  constructor(name: string, args: RegionalServicesArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:services:RegionalServices', name, {}, opts);
    const inside = { parent: this };
    const own = takeOwn(args);
    const { config, region, network, tables, leaseTable, orderLimitsParameter } = own;
    const settings = normalizeSettings(own);
    const database = normalizeDatabase(own);
    const receiptsBucket = own.buckets.receipts;

    if (tables.orders && orderLimitsParameter) {
      const { orderValiditySeconds } = config;
      const wiring = {
        ordersTable: tables.orders,
        leaseTable,
        orderLimitsParameter,
        orderValiditySeconds,
        database,
        network,
      };
      this.trading = new Trading(`${name}-trading`, { ...settings, ...wiring }, inside);
    }
    if (tables.transactions && receiptsBucket) {
      const paymentValiditySeconds = config.orderValiditySeconds;
      const wiring = {
        transactionsTable: tables.transactions,
        leaseTable,
        receiptsBucket,
        paymentValiditySeconds,
        database,
        network,
      };
      this.payments = new Payments(`${name}-payments`, { ...settings, ...wiring }, inside);
    }
    this.health = new Health(
      `${name}-health`,
      {
        ...settings,
        leaseTable,
        probeTable: validateProbeTable(tables),
        database,
        network,
        ...(tables.orders && { ordersTable: tables.orders }),
        verdictIntervalSeconds: config.heartbeatIntervalSeconds,
      },
      inside,
    );
    this.schemaMigration = new SchemaMigration(`${name}-schema`, { ...settings, database, network }, inside);
    this.fleet = createFleet(this, `${name}-fleet`, own);
    this.restApi = new RestApi(
      `${name}-api`,
      {
        ...settings,
        regionName: region.name,
        routes: [this.trading, this.payments, this.health].flatMap((service) => service?.routes ?? []),
        failoverDomainName: args.names.api,
        regionalDomainName: args.names.regional[region.role].api,
        certificateArn: own.certificateArn,
        manageApiGatewayAccount: config.manageApiGatewayAccount,
      },
      inside,
    );
    this.functions = [
      this.health.health,
      this.schemaMigration.schemaMigrator,
      ...(this.trading ? [this.trading.ordersApi, this.trading.orderProcessor] : []),
      ...(this.payments ? [this.payments.paymentValidator] : []),
    ];
    this.registerOutputs({});
  }
}

/** This region's own of everything that both have. */
function takeOwn(args: RegionalServicesArgs) {
  const { config, region, accountId, artifacts } = args;
  const { role } = region;
  return {
    config,
    region,
    accountId,
    artifacts: artifacts?.[role],
    keyArn: args.keys[role].keyArn,
    certificateArn: args.certificateArns[role],
    databaseSecretArn: args.secretArns[role],
    databaseHosts: databaseHosts(config, args.aurora.hosts[role]),
    network: args.networks[role],
    tables: args.tables[role],
    leaseTable: args.leaseTables[role],
    buckets: args.buckets[role],
    orderLimitsParameter: args.parameters.orderLimits?.[role],
  };
}

type Own = ReturnType<typeof takeOwn>;

/** The traders' application; its stores are those of the trading workload. */
function createFleet(parent: pulumi.Resource, name: string, own: Own): ApplicationFleet | undefined {
  const { config, region, network, buckets, tables, artifacts, keyArn, certificateArn } = own;
  const staticContentBucket = buckets['static-content'];
  if (!artifacts || !staticContentBucket || !tables.orders || !tables.sessions) return undefined;
  const min = region.role === 'primary' ? config.fleetPrimarySize : config.fleetDrSize;
  return new ApplicationFleet(
    name,
    {
      environmentSuffix: config.environmentSuffix,
      vpcId: network.vpcId,
      publicSubnetIds: network.publicSubnetIds,
      privateSubnetIds: network.privateSubnetIds,
      s3PrefixListId: network.s3PrefixListId,
      dynamodbPrefixListId: network.dynamodbPrefixListId,
      region,
      keyArn,
      certificateArn,
      artifacts,
      artifactsBucket: buckets.artifacts,
      staticContentBucket,
      ordersTable: tables.orders,
      sessionsTable: tables.sessions,
      size: { min, max: config.fleetMaxSize },
      instanceType: config.fleetInstanceType,
      tags: defaultTags(config, region.role, region.name),
    },
    { parent },
  );
}

function normalizeSettings({ config, region, accountId, keyArn }: Own): FunctionSettings {
  const { environmentSuffix, logRetentionDays } = config;
  return { environmentSuffix, region, accountId, keyArn, logRetentionDays };
}

function normalizeDatabase({ config, databaseHosts: hosts, databaseSecretArn }: Own): DatabaseAccess {
  const { databasePort, databaseName, databaseTls } = config;
  return {
    databaseHosts: hosts,
    databasePort,
    databaseName,
    databaseTls,
    databaseSecretId: databaseSecretArn,
  };
}

/** The configuration allows no stack without a workload, so there is always a global table to read. */
function validateProbeTable({ orders, transactions }: RegionalTables): NamedResource {
  const table = orders ?? transactions;
  if (!table) throw new Error('a stack needs at least one workload');
  return table;
}

/** Where the records of the API and the application point; without the trading workload there is no application. */
export function dnsTargets({ primary, dr }: PerRegion<RegionalServices>): {
  readonly api: PerRegion<RestApi>;
  readonly app?: PerRegion<AliasTarget>;
} {
  const api = { primary: primary.restApi, dr: dr.restApi };
  if (!primary.fleet || !dr.fleet) return { api };
  const target = (fleet: ApplicationFleet): AliasTarget => ({ dnsName: fleet.albDnsName, zoneId: fleet.albZoneId });
  return { api, app: { primary: target(primary.fleet), dr: target(dr.fleet) } };
}
