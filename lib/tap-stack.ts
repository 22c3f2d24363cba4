import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity';
import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { BudgetCheck } from './budget-check';
import { AuroraGlobal } from './data/aurora-global';
import { GlobalTables } from './data/global-tables';
import { refuseBoundWithoutFollower } from './data/lag-bound';
import { DecisionTable, type DecisionTableArgs } from './data/decision-table';
import { Registers } from './data/registers';
import { bucketPurposes, ReplicatedBuckets } from './data/replicated-buckets';
import { ReplicatedParameters } from './data/replicated-parameters';
import { Dashboards } from './detection/dashboards';
import { Detection } from './detection/detection';
import { Notifications } from './detection/notifications';
import { DatabaseSecret, holdUntilFound } from './foundation/database-secret';
import { EncryptionKey } from './foundation/encryption-key';
import { Network } from './foundation/network';
import { Peering } from './foundation/peering';
import { stackOutputs } from './outputs';
import { Control } from './recovery/control';
import { createDestroyGuard } from './recovery/destroy-guard';
import { OperatorAccess } from './recovery/operator-access';
import { inBoth, ofBoth, otherRole } from './regions';
import { Certificates } from './routing/certificates';
import { dnsNames } from './routing/dns-names';
import { FailoverDns } from './routing/failover-dns';
import { HostedZone } from './routing/hosted-zone';
import { Vantage } from './routing/vantage';
import { createFleetArtifacts } from './services/fleet-artifacts';
import { dnsTargets, RegionalServices } from './services/regional-services';
import { defaultTags } from './tags';
import type { Budget } from './budget/types';
import type { BuildManifest } from './bundles';
import type { TapConfig } from './config';
import type { StackOutputs } from './outputs';
import type { PerRegion, Region, RegionRole, Regions } from './regions';

/** What a stack is made from. */
export interface TapStackArgs {
  readonly config: TapConfig;
  /** The bundles that belong to the present sources. */
  readonly build: BuildManifest;
}

/** Two regions that carry an order: the platform's table of contents. */
export class TapStack extends pulumi.ComponentResource {
  readonly outputs: StackOutputs;
  /** What the stack promises in the worst case; without it there is no stack. */
  readonly budget: Budget;

  constructor(name: string, { config, build }: TapStackArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const budget = new BudgetCheck();
    const hold = holdUntilFound(
      () => secret,
      () => Promise.all([budget.passed, followed]),
    );
    const transformations = [...(opts.transformations ?? []), budget.record, hold];
    super('tap:index:TapStack', name, {}, { ...opts, transformations });
    const inside = { parent: this };
    const regions: Regions = {
      primary: this.reach('primary', config.primaryRegion, config),
      dr: this.reach('dr', config.drRegion, config),
    };
    const each = <T>(make: (region: Region, at: pulumi.ComponentResourceOptions) => T): PerRegion<T> =>
      inBoth(regions, (region) => make(region, { ...inside, provider: region.provider }));
    const { accountId } = getCallerIdentityOutput({}, { ...inside, provider: regions.primary.provider });
    // What the operator chose, under the names of the configuration, and where it applies.
    const shared = { ...config, regions, accountId };

    const topicRegions = [config.primaryRegion, config.drRegion];

    // Foundation
    const followed = refuseBoundWithoutFollower(shared, this);
    const secret = new DatabaseSecret('database-secret', shared, inside);
    const keys = each((region, at) => new EncryptionKey(`key-${region.role}`, { ...shared, region, topicRegions }, at));
    const purposes = bucketPurposes(config);
    const { buckets } = new ReplicatedBuckets('buckets', { ...shared, keys, purposes }, inside);
    const networks = each((region, at) => {
      const flowLogsBucketArn = buckets[region.role]['audit-logs'].arn;
      const args = { ...shared, ...cidrsOf(config, region.role), region, flowLogsBucketArn };
      return new Network(`network-${region.role}`, args, at);
    });
    new Peering('peering', { ...shared, networks }, inside);

    // Data
    const { credentials } = secret;
    const aurora = new AuroraGlobal('aurora', { ...shared, networks, keys, credentials }, inside);
    const drTags = defaultTags(config, 'dr', config.drRegion);
    const { tables } = new GlobalTables('tables', { ...shared, keys, drTags }, inside);
    const decisionTable = (resource: 'lease' | 'journal', extra: Partial<DecisionTableArgs> = {}) =>
      each(({ role }, at) => {
        const args = { ...shared, resource, keyArn: keys[role].keyArn, ...extra };
        return new DecisionTable(`${resource}-${role}`, args, at);
      });
    const leaseTables = decisionTable('lease');
    const journals = decisionTable('journal', { sorted: true, recoverable: true });
    const registers = new Registers('registers', { ...shared, keys }, inside);
    const parameters = new ReplicatedParameters('parameters', { ...shared, keys, leaseTables }, inside);

    // Names and certificates, before the services that are reached by them
    const names = dnsNames(config.domain, config.environmentSuffix, {
      primary: config.primaryRegion,
      dr: config.drRegion,
    });
    const baseName = names.base;
    const inDr = { ...inside, provider: regions.dr.provider };
    const zone = new HostedZone('zone', { ...shared, baseName }, inDr);
    const { zoneId } = zone;
    const { certificateArns } = new Certificates('certificates', { ...shared, baseName, zoneId }, inside);

    // Services
    const artifacts = createFleetArtifacts(this, buckets, build.fleet.service, regions);
    const stores = { aurora, tables, leaseTables, buckets, parameters, secretArns: secret.secretArns };
    const place = { accountId, keys, networks, names, certificateArns };
    const services = each((region, at) => {
      const args = { config, region, artifacts, ...stores, ...place };
      return new RegionalServices(`services-${region.role}`, args, at);
    });

    // Who is told, and what notices, decides and takes over
    const notifications = each(
      ({ role }, at) => new Notifications(`notifications-${role}`, { ...shared, keyArn: keys[role].keyArn }, at),
    );
    const controlArgs = { config, ...place, ...stores, registers, journals, services, notifications, zone };
    const control = each((region, at) => new Control(`control-${region.role}`, { ...controlArgs, region }, at));

    // Detection and routing
    const detected = { config, build, regions, ...place, ...stores, services, control, notifications };
    const detection = new Detection('detection', detected, inside);
    const { databaseAlarms, failoverActiveAlarm } = detection;
    const watched = { databaseAlarms, failoverActiveAlarm };
    const dns = new FailoverDns('dns', { ...shared, zoneId, names, ...dnsTargets(services), ...watched }, inside);
    new Vantage('vantage', { ...shared, zoneId, names }, inside);
    const dashboards = new Dashboards('dashboards', { config, regions, ...stores, services, detection, dns }, inside);

    // Operation
    const schemaMigrators = ofBoth(services, ({ schemaMigration }) => schemaMigration.schemaMigrator);
    const failoverOrchestrators = ofBoth(control, ({ failoverOrchestrator }) => failoverOrchestrator);
    const replicationMonitors = ofBoth(control, ({ replicationMonitor }) => replicationMonitor);
    const ledgers = ofBoth(control, ({ ledger }) => ledger);
    const functions = { schemaMigrators, failoverOrchestrators, replicationMonitors, ledgers };
    const readByHand = inBoth(regions, ({ role }) => ({
      functions: [...services[role].functions, ...control[role].functions, parameters.replicators[role]],
      queueNames: [detection.alertQueueName[role], services[role].trading?.queue.deadLetterQueueName],
    }));
    const access = { ...shared, ...functions, leaseTables, journals, registers, tables, keys, buckets, readByHand };
    const operators = new OperatorAccess('operators', access, inside);
    createDestroyGuard(this, { region: regions.primary, orchestrator: failoverOrchestrators.primary });

    // Everything stands: now it can be known whether the targets are met, and nothing is created unless they are.
    this.budget = budget.check(config);

    this.outputs = stackOutputs({
      config,
      names,
      ...stores,
      journals,
      registers,
      control,
      services,
      notifications,
      operators,
      dns,
      dashboards,
      detection,
    });
    this.registerOutputs({ ...this.outputs });
  }

  /** The two explicit providers are made here and nowhere else; each name stands once. */
  private reach<R extends RegionRole>(role: R, name: string, config: TapConfig): Region<R> {
    const tags = defaultTags(config, role, name);
    return { role, name, provider: new Provider(role, { region: name, defaultTags: { tags } }, { parent: this }) };
  }
}

/** A region's own addresses, and those of the VPC it is connected to. */
function cidrsOf({ primaryVpcCidr, drVpcCidr }: TapConfig, role: RegionRole): { cidr: string; peerCidr: string } {
  const cidrs = { primary: primaryVpcCidr, dr: drVpcCidr };
  return { cidr: cidrs[role], peerCidr: cidrs[otherRole(role)] };
}
