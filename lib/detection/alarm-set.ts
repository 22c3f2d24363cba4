import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as pulumi from '@pulumi/pulumi';
import { alarmName, description, isPercentage, percentageExpression } from './alarm-row';
import type { AlarmRow, Percentage } from './alarm-row';

/** The alarms of one concern in one region. */
export interface AlarmSetArgs {
  readonly environmentSuffix: string;
  /** Of the same region: an alarm can publish nowhere else. */
  readonly topicArn: pulumi.Input<string>;
  readonly rows: readonly AlarmRow[];
}

/** One metric alarm per row; those that notify tell the region's topic of both ends. */
export class AlarmSet extends pulumi.ComponentResource {
  /** For the dashboard. */
  readonly alarmArns: readonly pulumi.Output<string>[];
  private readonly alarms: ReadonlyMap<string, cloudwatch.MetricAlarm>;

  constructor(name: string, args: AlarmSetArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:detection:AlarmSet', name, {}, opts);
    this.alarms = new Map(args.rows.map((row) => [row.name, createAlarm(this, name, row, args)]));
    this.alarmArns = [...this.alarms.values()].map(({ arn }) => arn);
    this.registerOutputs({ alarmArns: this.alarmArns });
  }

  /**
   * The name of a row's alarm, known once the alarm exists.
   * @throws Error when the set has no such row.
   */
  nameOf(row: string): pulumi.Output<string> {
    return this.alarmOf(row).name;
  }

  /**
   * A row's alarm, for what must come after it.
   * @throws Error when the set has no such row.
   */
  alarmOf(row: string): cloudwatch.MetricAlarm {
    const alarm = this.alarms.get(row);
    if (!alarm) throw new Error(`there is no alarm ${row}; there are ${[...this.alarms.keys()].join(', ')}`);
    return alarm;
  }
}

function createAlarm(
  parent: pulumi.Resource,
  name: string,
  row: AlarmRow,
  { environmentSuffix, topicArn }: AlarmSetArgs,
): cloudwatch.MetricAlarm {
  const told = row.notifies ? [topicArn] : [];
  return new cloudwatch.MetricAlarm(
    `${name}-${row.name}`,
    {
      name: alarmName(row.name, environmentSuffix),
      alarmDescription: description(row),
      alarmActions: told,
      okActions: told,
      ...watched(row),
      ...alarmTerms(row),
    },
    { parent },
  );
}

/** When a row's alarm is red. Route 53 takes no M of N, so M is only said where it differs from N. */
function alarmTerms(row: AlarmRow) {
  return {
    comparisonOperator: row.comparison,
    threshold: row.threshold,
    evaluationPeriods: row.evaluationPeriods,
    treatMissingData: row.noData,
    ...(row.datapointsToAlarm !== undefined && { datapointsToAlarm: row.datapointsToAlarm }),
  };
}

function watched({ watches, periodSeconds }: AlarmRow) {
  if (isPercentage(watches)) return { metricQueries: percentageQueries(watches, periodSeconds) };
  const { namespace, metricName, dimensions, statistic } = watches;
  return { namespace, metricName, dimensions: { ...dimensions }, statistic, period: periodSeconds };
}

function percentageQueries(watched: Percentage, period: number) {
  const { namespace, part, whole } = watched;
  const sum = (metricName: string) => ({
    metric: { namespace, metricName, dimensions: { ...watched.dimensions }, stat: 'Sum', period },
  });
  return [
    { id: 'part', ...sum(part) },
    { id: 'whole', ...sum(whole) },
    { id: 'percent', expression: percentageExpression(watched), label: `${part} in percent`, returnData: true },
  ];
}
