import { SIGNALS } from '../../../lambda/shared/signals';
import { at, charge, isPrimary, listAt, numberAt, regionOf, textAt } from '../charge';
import { serviceOf } from '../ticks';
import { canaryRuns } from '../traffic';
import { MINUTES } from '../workload';
import type { GraphResource, Value } from '../../graph/graph';
import type { Charge, Context, Rule } from '../charge';

/** An alarm costs by the metrics that it reads; below a minute threefold. */
function alarm(resource: GraphResource): readonly Charge[] {
  const periods = periodsOf(resource);
  const isFast = periods.some((period) => period < 60);
  return [
    charge({
      service: 'CloudWatch',
      what: isFast ? 'high-resolution alarms' : 'alarms',
      id: isFast ? 'cloudwatch.alarm.fast' : 'cloudwatch.alarm',
      region: regionOf(resource),
      quantity: periods.length,
    }),
  ];
}

/** The period of each metric that an alarm reads; a metric-math alarm reads several. Seconds. */
function periodsOf(resource: GraphResource): readonly number[] {
  const queries = listAt(resource, 'metricQueries').flatMap((query: Value) => {
    const period = at(query, 'metric.period');
    return period === undefined ? [] : [Number(period)];
  });
  return queries.length > 0 ? queries : [numberAt(resource, 'period') ?? 60];
}

/** The run, and the function that CloudWatch makes of a canary. */
function canary(resource: GraphResource, { workload }: Context): readonly Charge[] {
  const region = regionOf(resource);
  const runs = canaryRuns(resource);
  const gigabytes = (numberAt(resource, 'runConfig.memoryInMb') ?? 1_000) / 1_024;
  const line = { service: 'Synthetics', region } as const;
  const isTraced = at(resource.inputs, 'runConfig.activeTracing') === true;
  return [
    charge({ ...line, what: 'canary runs', id: 'cloudwatch.canary', quantity: runs }),
    charge({
      ...line,
      what: 'functions of canaries',
      id: 'lambda.x86_64',
      quantity: runs * workload.canarySeconds * gigabytes,
    }),
    charge({ ...line, what: 'functions of canaries', id: 'lambda.request', quantity: runs / 1e6 }),
    ...(isTraced
      ? [
          charge({
            service: 'X-Ray',
            what: 'traces',
            id: 'xray.trace',
            region,
            quantity: Math.min(runs, MINUTES) / 1e6,
          }),
        ]
      : []),
  ];
}

const composite: Rule = (resource) => [
  charge({
    service: 'CloudWatch',
    what: 'composite alarms',
    id: 'cloudwatch.alarm.composite',
    region: regionOf(resource),
    quantity: 1,
  }),
];

const dashboard: Rule = (resource) => [
  charge({
    service: 'CloudWatch',
    what: 'dashboards',
    id: 'cloudwatch.dashboard',
    region: regionOf(resource),
    quantity: 1,
  }),
];

/** Signals that one region alone publishes; the table says so in words (lambda/shared/signals.ts). */
const ONLY_IN_DR: ReadonlySet<string> = new Set(['FailoverActive']);

/** The platform's own metrics of a region: those that its functions publish. */
export function ownMetrics(region: string, context: Context): number {
  const publishers = new Set(
    context.all('aws:lambda/function:Function').flatMap((one) => (one.region === region ? [serviceOf(one)] : [])),
  );
  return Object.entries(SIGNALS).filter(
    ([name, { publisher }]) =>
      (publishers.has(publisher) || publisher === 'operator') && !(ONLY_IN_DR.has(name) && isPrimary(region, context)),
  ).length;
}

/** Custom metrics belong to no resource: they are counted once a region, with its heartbeat's log group. */
function logGroup(resource: GraphResource, context: Context): readonly Charge[] {
  const region = regionOf(resource);
  const isHeartbeat = /\/heartbeat-/.test(textAt(resource, 'name') ?? '');
  if (!isHeartbeat) return [];
  return [
    charge({
      service: 'CloudWatch',
      what: "the platform's own metrics",
      id: 'cloudwatch.metric',
      region,
      quantity: ownMetrics(region, context),
    }),
  ];
}

export const WATCHING_RULES: Readonly<Record<string, Rule>> = {
  'aws:cloudwatch/metricAlarm:MetricAlarm': alarm,
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': composite,
  'aws:cloudwatch/dashboard:Dashboard': dashboard,
  'aws:cloudwatch/logGroup:LogGroup': logGroup,
  'aws:synthetics/canary:Canary': canary,
};
