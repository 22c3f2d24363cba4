import * as pulumi from '@pulumi/pulumi';
import type { TapConfig } from '../config';
import type { AuroraGlobal } from '../data/aurora-global';
import type { RegionalTables } from '../data/global-tables';
import type { RegionalBuckets } from '../data/replicated-buckets';
import { inBoth, ofBoth, type PerRegion, type Regions } from '../regions';
import type { FailoverDns } from '../routing/failover-dns';
import type { RegionalServices } from '../services/regional-services';
import { Dashboard } from './dashboard';
import type { Detection } from './detection';

/** What both dashboards show. */
export interface DashboardsArgs {
  readonly config: TapConfig;
  readonly regions: Regions;
  readonly aurora: AuroraGlobal;
  readonly tables: PerRegion<RegionalTables>;
  readonly buckets: PerRegion<RegionalBuckets>;
  readonly services: PerRegion<RegionalServices>;
  readonly detection: Detection;
  readonly dns: FailoverDns;
}

/** One dashboard per region over both regions (M9). */
export class Dashboards extends pulumi.ComponentResource {
  /** Opens the dashboard of each region. */
  readonly urls: PerRegion<pulumi.Output<string>>;

  constructor(name: string, args: DashboardsArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:detection:Dashboards', name, {}, opts);
    const { config, regions, aurora, tables, buckets, services, detection, dns } = args;
    const { trading } = services.primary;
    const shown = {
      ...config,
      regionNames: { primary: config.primaryRegion, dr: config.drRegion },
      clusterIdentifiers: aurora.clusterIdentifier,
      tables: tables.primary,
      buckets,
      healthCheckIds: {
        'api primary': dns.apiCheckIds.primary,
        'api dr': dns.apiCheckIds.dr,
        'database primary': dns.databaseCheckIds.primary,
        'database dr': dns.databaseCheckIds.dr,
        'traffic belongs to primary': dns.failoverActiveCheckId,
      },
      apis: ofBoth(services, ({ restApi }) => restApi),
      orderQueueNames: trading && ofBoth(services, (one) => (one.trading ?? trading).queue.queueName),
    };
    const dashboards = inBoth(regions, (region) => {
      const alarmArns = detection.alarmArns[region.role];
      const at = { parent: this, provider: region.provider };
      return new Dashboard(`${name}-${region.role}`, { ...shown, region, alarmArns }, at);
    });
    this.urls = ofBoth(dashboards, ({ dashboardUrl }) => dashboardUrl);
    this.registerOutputs({ urls: this.urls });
  }
}
