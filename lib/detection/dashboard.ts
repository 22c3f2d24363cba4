import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as pulumi from '@pulumi/pulumi';
import type { RegionalTables } from '../data/global-tables';
import type { RegionalBuckets } from '../data/replicated-buckets';
import { physicalName } from '../naming';
import type { PerRegion, Region } from '../regions';
import { metricsNamespace } from '../services/function-policy';
import { dashboardBody } from './dashboard-body';
import type { DashboardBodyArgs } from './dashboard-body';

/** What a dashboard is made from: both regions' things, and where it stands. */
export interface DashboardArgs extends Omit<DashboardBodyArgs, 'namespace' | 'tableNames' | 'buckets'> {
  readonly environmentSuffix: string;
  readonly region: Region;
  /** A global table has the same name in both regions. */
  readonly tables: RegionalTables;
  readonly buckets: PerRegion<RegionalBuckets>;
}

/** One region's dashboard over both regions (M9). Each has its own: dr's must answer when primary does not. */
export class Dashboard extends pulumi.ComponentResource {
  /** Opens it in the console of its region. */
  readonly dashboardUrl: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:detection:Dashboard', name, {}, opts);
    const { environmentSuffix, region } = args;
    const dashboard = new cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        // The console lists the dashboards of all regions together, so the region is part of the name.
        dashboardName: physicalName('CloudWatch dashboard', 'trading-platform', environmentSuffix, region.name),
        dashboardBody: pulumi.jsonStringify(
          dashboardBody({
            ...args,
            namespace: metricsNamespace(environmentSuffix),
            tableNames: Object.values(args.tables).map(nameOf),
            buckets: pairs(args.buckets),
          }),
        ),
      },
      { parent: this },
    );
    const console = `https://${region.name}.console.aws.amazon.com/cloudwatch/home?region=${region.name}`;
    this.dashboardUrl = pulumi.interpolate`${console}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ dashboardUrl: this.dashboardUrl });
  }
}

type Named = { readonly name: pulumi.Input<string> };

const nameOf = ({ name }: Named): pulumi.Input<string> => name;

/** The names of a purpose's two buckets. */
function pairs({ primary, dr }: PerRegion<RegionalBuckets>): Record<string, PerRegion<pulumi.Input<string>>> {
  const there: Readonly<Record<string, Named>> = dr;
  return Object.fromEntries(
    Object.entries<Named>(primary).flatMap(([purpose, own]) => {
      const other = there[purpose];
      return other ? [[purpose, { primary: own.name, dr: other.name }]] : [];
    }),
  );
}
