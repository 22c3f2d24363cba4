import type * as pulumi from '@pulumi/pulumi';
import { SIGNALS } from '../../lambda/shared/signals';
import type { SignalName } from '../../lambda/shared/signals';
import type { PerRegion, RegionRole } from '../regions';
import { RTC_RULE_ID } from '../data/bucket-replication';

type Text = pulumi.Input<string>;

/** Whose metrics are shown; what a workload does not have is absent. */
export interface DashboardBodyArgs {
  readonly regionNames: PerRegion<string>;
  readonly namespace: string;
  readonly clusterIdentifiers: PerRegion<Text>;
  readonly tableNames: readonly Text[];
  /** By purpose. */
  readonly buckets: Readonly<Record<string, PerRegion<Text>>>;
  /** Ids by what is checked, `api primary`. */
  readonly healthCheckIds: Readonly<Record<string, Text>>;
  readonly apis: PerRegion<{ readonly apiName: Text; readonly stageName: Text }>;
  readonly orderQueueNames: PerRegion<Text> | undefined;
  readonly lagWarningSeconds: number;
  readonly lagCriticalSeconds: number;
  /** Of the dashboard's own region. */
  readonly alarmArns: readonly Text[];
}

/** One line of a graph: namespace, metric, dimension names and values, and how it is drawn. */
type Line = readonly (Text | { readonly region: string; readonly label?: Text; readonly stat?: string })[];

interface Widget {
  readonly type: 'alarm' | 'metric' | 'text';
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

const ROLES: readonly RegionRole[] = ['primary', 'dr'];
/** Where Route 53 publishes, for the whole world (Route 53 guide, monitoring health checks). */
const ROUTE_53_REGION = 'us-east-1';
/** How often readiness is checked (control.ts). */
const READINESS_SECONDS = 300;
/** A dashboard's width in units. */
const WIDTH = 24;
/** A dashboard shows at most that many alarms in one widget. */
const MOST_ALARMS = 100;

/**
 * What both dashboards show (M9): each line says its region, so that the dashboard of either region shows both. Only the
 * alarms are the own region's. Pure: values that exist later are passed through.
 */
export function dashboardBody(args: DashboardBodyArgs): { readonly widgets: readonly object[] } {
  return {
    widgets: placed([
      [alarms(args)],
      [activeRegion(args), lastRun(args), waiting(args)],
      [readinessScore(args), readiness(args)],
      [databaseLag(args), storeLag(args)],
      [healthChecks(args), traffic(args), orders(args)],
    ]),
  };
}

/** Rows below each other, the widgets of a row beside each other and as wide as their number allows. */
function placed(rows: readonly (readonly Widget[])[]): readonly object[] {
  let y = 0;
  return rows.flatMap((row) => {
    const top = y;
    y += Math.max(...row.map(({ height }) => height));
    return row.map((widget, index) => ({ ...widget, x: (index * WIDTH) / row.length, y: top }));
  });
}

/** A graph over both regions. `region` is the widget's own, which each line overrides. */
function graph(
  { regionNames }: DashboardBodyArgs,
  title: string,
  lines: readonly Line[],
  { perRow, annotations = [], period = 60 }: { perRow: number; annotations?: readonly Annotation[]; period?: number },
): Widget {
  return {
    type: 'metric',
    width: WIDTH / perRow,
    height: 6,
    properties: {
      title,
      view: 'timeSeries',
      region: regionNames.dr,
      stat: 'Maximum',
      period,
      metrics: lines,
      yAxis: { left: { min: 0 } },
      ...(annotations.length > 0 && { annotations: { horizontal: annotations } }),
    },
  };
}

interface Annotation {
  readonly label: string;
  readonly value: number;
}

/** A signal of ours in one region. */
function signalLine({ namespace, regionNames }: DashboardBodyArgs, name: SignalName, role: RegionRole): Line {
  const { publisher } = SIGNALS[name];
  return [namespace, name, 'service', publisher, { region: regionNames[role], label: `${name} ${role}` }];
}

function alarms({ alarmArns }: DashboardBodyArgs): Widget {
  if (alarmArns.length > MOST_ALARMS) throw new RangeError(`${alarmArns.length} alarms do not fit into one widget`);
  return { type: 'alarm', width: WIDTH, height: 6, properties: { title: 'Alarms of this region', alarms: alarmArns } };
}

function activeRegion(args: DashboardBodyArgs): Widget {
  const lines = [
    signalLine(args, 'FailoverActive', 'dr'),
    ...ROLES.map((role) => signalLine(args, 'HeartbeatAgeSeconds', role)),
    ...ROLES.map((role) => signalLine(args, 'HeartbeatUnhealthy', role)),
    signalLine(args, 'ProbeFailed', 'dr'),
  ];
  return graph(args, 'Active region: the switch, and how each region sees the other', lines, { perRow: 3 });
}

function lastRun(args: DashboardBodyArgs): Widget {
  const lines = ROLES.flatMap((role) =>
    (['FailoverDurationSeconds', 'RunsFailed'] as const).map((name) => signalLine(args, name, role)),
  );
  return graph(args, 'Last run: seconds to the first order processed again, failed runs', lines, { perRow: 3 });
}

function waiting(args: DashboardBodyArgs): Widget {
  const lines = ROLES.flatMap((role) =>
    (['Maintenance', 'OrdersWaiting', 'PaymentsWaiting'] as const).map((name) => signalLine(args, name, role)),
  );
  return graph(args, 'Announced work, and what waits for its row in PostgreSQL', lines, { perRow: 3 });
}

/** A region at 100 has every check that was answered ok; the least of a period, because its greatest would hide a fall. */
function readinessScore(args: DashboardBodyArgs): Widget {
  const lines = ROLES.map((role): Line => {
    const [namespace, name, dimension, publisher] = signalLine(args, 'ReadinessScore', role);
    const drawn = { region: args.regionNames[role], label: `ready in %, ${role}`, stat: 'Minimum' };
    return [namespace ?? '', name ?? '', dimension ?? '', publisher ?? '', drawn];
  });
  return graph(args, 'Failover readiness: checks that are ok, in % of those that were answered', lines, {
    perRow: 2,
    period: READINESS_SECONDS,
    annotations: [{ label: 'ready', value: 100 }],
  });
}

function readiness(args: DashboardBodyArgs): Widget {
  const lines = ROLES.flatMap((role) =>
    (['ReadinessFailures', 'ReadinessRegressions', 'ReadinessUnknown'] as const).map((name) =>
      signalLine(args, name, role),
    ),
  );
  return graph(
    args,
    'Failover readiness: findings, checks that have become worse, checks that nobody answered',
    lines,
    {
      perRow: 2,
      period: READINESS_SECONDS,
    },
  );
}

function databaseLag(args: DashboardBodyArgs): Widget {
  const { regionNames, clusterIdentifiers, lagWarningSeconds, lagCriticalSeconds } = args;
  const aurora = ROLES.map((role): Line => {
    const drawn = { region: regionNames[role], label: `Aurora, ms behind, ${role}` };
    return ['AWS/RDS', 'AuroraGlobalDBRPOLag', 'DBClusterIdentifier', clusterIdentifiers[role], drawn];
  });
  const sql = ROLES.flatMap((role) =>
    (['RpoLagSeconds', 'LagSampleAgeSeconds'] as const).map((name) => signalLine(args, name, role)),
  );
  return graph(args, 'Database replication: Aurora in ms, SQL in s', [...aurora, ...sql], {
    perRow: 2,
    annotations: [
      { label: 'warning, Aurora', value: lagWarningSeconds * 1_000 },
      { label: 'critical, Aurora', value: lagCriticalSeconds * 1_000 },
    ],
  });
}

function storeLag(args: DashboardBodyArgs): Widget {
  const { regionNames, tableNames, buckets } = args;
  const directions = [
    { from: 'primary', to: 'dr' },
    { from: 'dr', to: 'primary' },
  ] as const;
  const tables = directions.flatMap(({ from, to }) =>
    tableNames.map((name): Line => {
      const drawn = { region: regionNames[from], stat: 'Average' };
      return ['AWS/DynamoDB', 'ReplicationLatency', 'TableName', name, 'ReceivingRegion', regionNames[to], drawn];
    }),
  );
  const objects = directions.flatMap(({ from, to }) =>
    Object.entries(buckets).map(([purpose, names]): Line => {
      const drawn = { region: regionNames[to], label: `${purpose}, s to ${to}` };
      const bucketPair = ['SourceBucket', names[from], 'DestinationBucket', names[to]];
      return ['AWS/S3', 'ReplicationLatency', ...bucketPair, 'RuleId', RTC_RULE_ID, drawn];
    }),
  );
  return graph(args, 'Copies: tables in ms, buckets in s', [...tables, ...objects], { perRow: 2 });
}

function healthChecks(args: DashboardBodyArgs): Widget {
  const lines = Object.entries(args.healthCheckIds).map(([label, id]): Line => {
    const drawn = { region: ROUTE_53_REGION, label, stat: 'Minimum' };
    return ['AWS/Route53', 'HealthCheckStatus', 'HealthCheckId', id, drawn];
  });
  return graph(args, 'Health checks (1 is healthy), as Route 53 publishes them in us-east-1', lines, { perRow: 3 });
}

function traffic(args: DashboardBodyArgs): Widget {
  const lines = ROLES.flatMap((role) =>
    (['Count', '5XXError'] as const).map((metric): Line => {
      const { apiName, stageName } = args.apis[role];
      const drawn = { region: args.regionNames[role], label: `${metric} ${role}`, stat: 'Sum' };
      return ['AWS/ApiGateway', metric, 'ApiName', apiName, 'Stage', stageName, drawn];
    }),
  );
  return graph(args, 'Traffic: requests and server errors a minute', lines, { perRow: 3 });
}

function orders(args: DashboardBodyArgs): Widget {
  const { orderQueueNames, regionNames } = args;
  if (!orderQueueNames)
    return { type: 'text', width: WIDTH / 3, height: 6, properties: { markdown: 'No orders here.' } };
  const lines = ROLES.map((role): Line => {
    const drawn = { region: regionNames[role], label: `oldest order, s, ${role}` };
    return ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', orderQueueNames[role], drawn];
  });
  return graph(args, 'Orders that wait', lines, { perRow: 3 });
}
