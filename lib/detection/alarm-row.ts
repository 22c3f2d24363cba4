import type * as pulumi from '@pulumi/pulumi';
import { SIGNALS } from '../../lambda/shared/signals';
import type { SignalName } from '../../lambda/shared/signals';
import { physicalName } from '../naming';

/** How the values of one period become one. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

/** CloudWatch's comparison operators, those that are used here. */
export type Comparison = 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold';

/** What an alarm takes a period without data for. */
export type NoData = 'breaching' | 'ignore' | 'missing' | 'notBreaching';

/** Which values belong together: a metric's name alone names none. */
export interface MetricSource {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
}

/** One metric and its statistic. */
export interface Metric extends MetricSource {
  readonly metricName: string;
  readonly statistic: Statistic;
}

/** How many in a hundred; 0 while there are fewer than `atLeast`, so that one failed request at night is not 100 %. */
export interface Percentage extends MetricSource {
  readonly part: string;
  readonly whole: string;
  readonly atLeast: number;
}

/**
 * One alarm, as data: the resource, its runbook and the interpreter that the tests use are all made from it, so that what
 * is tested is what is deployed.
 */
export interface AlarmRow {
  /** The name before the suffix. */
  readonly name: string;
  /** Its section of the README, where several alarms share one. @default the name */
  readonly runbook?: string;
  /** What it tells the person who is woken. */
  readonly says: string;
  readonly watches: Metric | Percentage;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  /** How many of the periods must be bad. @default all of them */
  readonly datapointsToAlarm?: number;
  readonly noData: NoData;
  /** Why silence is taken so; continues "No data:". */
  readonly noDataMeans: string;
  /** Whether it tells people; one that does not is a leg of a composite, or a suppressor. */
  readonly notifies: boolean;
}

/** An alarm on alarms, as data. */
export interface CompositeRow {
  readonly name: string;
  readonly says: string;
  /** CloudWatch's rule language, with names of rows in place of names of alarms. */
  readonly rule: string;
}

/** Seconds below which an alarm needs a metric of high resolution. */
const STANDARD_PERIOD = 60;

/**
 * One of our own metrics as an alarm watches it, for periods of `periodSeconds`.
 * @throws RangeError when the metric is not published finely enough: the alarm would never see a full period.
 */
export function signal(namespace: string, name: SignalName, statistic: Statistic, periodSeconds: number): Metric {
  const { publisher, resolution } = SIGNALS[name];
  if (periodSeconds < STANDARD_PERIOD && resolution !== 1) {
    throw new RangeError(`${name} is of standard resolution, so a period of ${periodSeconds} s has no values`);
  }
  return { namespace, metricName: name, dimensions: { service: publisher }, statistic };
}

/** What CloudWatch calls a row's alarm; known before the alarm exists. */
export function alarmName(row: string, environmentSuffix: string): string {
  return physicalName('CloudWatch alarm', row, environmentSuffix);
}

/** The rule with the real names in it, each in quotes. */
export function compositeRule({ rule }: CompositeRow, nameOf: (row: string) => string): string {
  return rule.replaceAll(/ALARM\(([\w-]+)\)/g, (_, row: string) => `ALARM("${nameOf(row)}")`);
}

/** What people read in the notification, with the way to the runbook at its end. */
export function description(row: AlarmRow | CompositeRow): string {
  const silence = 'noDataMeans' in row ? ` No data: ${row.noDataMeans}.` : '';
  return `${row.says}.${silence} docs/alarms.md#alarm-${runbookOf(row)}`;
}

/** The section of the README that belongs to a row. */
export function runbookOf(row: AlarmRow | CompositeRow): string {
  return 'runbook' in row ? (row.runbook ?? row.name) : row.name;
}

/** Metric math of a percentage, over the queries `part` and `whole`. */
export function percentageExpression({ atLeast }: Percentage): string {
  return `IF(whole >= ${atLeast}, 100 * part / whole, 0)`;
}

/** Is it a share of something, or a metric by itself? */
export function isPercentage(watched: Metric | Percentage): watched is Percentage {
  return 'whole' in watched;
}
