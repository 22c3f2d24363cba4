import * as pulumi from '@pulumi/pulumi';
import { canaryArchive, type BuildManifest } from '../bundles';
import type { TapConfig } from '../config';
import type { AuroraGlobal } from '../data/aurora-global';
import type { RegionalTables } from '../data/global-tables';
import type { RegionalBuckets } from '../data/replicated-buckets';
import { inBoth, type PerRegion, type Region, type Regions } from '../regions';
import type { DnsNames } from '../routing/dns-names';
import type { WatchedAlarm } from '../routing/failover-dns';
import type { Control } from '../recovery/control';
import type { RegionalServices } from '../services/regional-services';
import { AlertQueues } from './alert-queues';
import { Canaries, canaryEndpoints } from './canaries';
import { DatabaseEvents } from './database-events';
import { DatabaseHealth } from './database-health';
import { FailoverActive } from './failover-active';
import type { Notifications } from './notifications';
import { PeerAlarms } from './peer-alarms';
import { RegionAlarms } from './region-alarms';

/** Everything that is watched, and who is told. */
export interface DetectionArgs {
  readonly config: TapConfig;
  readonly build: Pick<BuildManifest, 'canary'>;
  readonly regions: Regions;
  readonly accountId: pulumi.Input<string>;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  readonly names: DnsNames;
  readonly aurora: AuroraGlobal;
  readonly tables: PerRegion<RegionalTables>;
  readonly buckets: PerRegion<RegionalBuckets>;
  readonly services: PerRegion<RegionalServices>;
  readonly control: PerRegion<Control>;
  readonly notifications: PerRegion<Notifications>;
}

/** Alarms, canaries and events of both regions, each region watching itself and the other one (M5, M6, M8, M10). */
export class Detection extends pulumi.ComponentResource {
  readonly databaseAlarms: PerRegion<DatabaseHealth>;
  /** What DNS follows. */
  readonly failoverActiveAlarm: WatchedAlarm;
  readonly alarmArns: PerRegion<readonly pulumi.Output<string>[]>;
  /** What both topics have said, for two weeks. */
  readonly alertQueueUrl: PerRegion<pulumi.Output<string>>;
  readonly alertQueueName: PerRegion<pulumi.Output<string>>;

  constructor(name: string, args: DetectionArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:detection:Detection', name, {}, opts);
    const { regions, config, keys, notifications: topics } = args;
    const { environmentSuffix } = config;
    const at = (region: Region): pulumi.ComponentResourceOptions => ({ parent: this, provider: region.provider });

    const queues = new AlertQueues(`${name}-queues`, { environmentSuffix, regions, keys, topics }, { parent: this });
    this.alertQueueUrl = queues.queueUrl;
    this.alertQueueName = queues.queueName;
    const { topicArn } = topics.dr;
    const failoverActive = new FailoverActive(
      `${name}-failover-active`,
      { environmentSuffix, topicArn },
      at(regions.dr),
    );
    this.failoverActiveAlarm = failoverActive.watched;
    const watches = inBoth(regions, (region) => watchRegion(name, args, region, at(region)));
    this.databaseAlarms = { primary: watches.primary.databaseHealth, dr: watches.dr.databaseHealth };
    this.alarmArns = {
      primary: watches.primary.alarmArns,
      dr: [...watches.dr.alarmArns, failoverActive.alarmArn],
    };
    this.registerOutputs({});
  }
}

/** What one region watches: the other one, then itself. */
function watchRegion(name: string, args: DetectionArgs, region: Region, inRegion: pulumi.ComponentResourceOptions) {
  const { config, accountId, names, keys, buckets, aurora, control } = args;
  const { role } = region;
  const { topicArn } = args.notifications[role];
  const clusterIdentifier = aurora.clusterIdentifier[role];
  const shared = { ...config, region, accountId, topicArn };

  const { names: canaries } = new Canaries(
    `${name}-canary-${role}`,
    {
      ...shared,
      keyArn: keys[role].keyArn,
      archive: canaryArchive(args.build),
      auditLogsBucket: buckets[role]['audit-logs'],
      endpoints: canaryEndpoints(names, role, config.trading),
    },
    inRegion,
  );
  const orchestratorFunctionArn = control[role].failoverOrchestrator.functionArn;
  const peer = new PeerAlarms(`${name}-peer-${role}`, { ...shared, canaries, orchestratorFunctionArn }, inRegion);
  const own = createRegionAlarms(`${name}-own-${role}`, args, region, inRegion);
  new DatabaseEvents(
    `${name}-events-${role}`,
    { ...shared, clusterArn: aurora.clusterArn[role], globalClusterArn: aurora.globalClusterArn },
    inRegion,
  );
  const databaseHealth = new DatabaseHealth(`${name}-database-${role}`, { ...shared, clusterIdentifier }, inRegion);
  return { databaseHealth, alarmArns: [...peer.alarmArns, databaseHealth.alarmArn, ...own.alarmArns] };
}

function createRegionAlarms(
  name: string,
  { config, services, control, notifications, tables, buckets, aurora }: DetectionArgs,
  { role }: Region,
  inRegion: pulumi.ComponentResourceOptions,
): RegionAlarms {
  const { restApi, trading, fleet, functions } = services[role];
  return new RegionAlarms(
    name,
    {
      ...config,
      role,
      regionNames: { primary: config.primaryRegion, dr: config.drRegion },
      topicArn: notifications[role].topicArn,
      clusterIdentifier: aurora.clusterIdentifier[role],
      tables: tables[role],
      buckets,
      functions: [
        ...functions,
        ...control[role].functions.map(({ physicalName }) => ({ physicalName, rarelyCalled: true })),
      ],
      api: restApi,
      orderQueue: trading?.queue,
      fleet,
    },
    inRegion,
  );
}
