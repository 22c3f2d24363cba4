import type { Rule } from '../../../analysis/alarms/composite-rule';
import type { AlarmState, AlarmTerms } from '../../../analysis/alarms/metric-alarm';
import type { SuppressionTerms } from '../../../analysis/alarms/suppressor';

/** How the values of one period become one. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

/** What an alarm does when it changes. */
export interface AlarmAction {
  readonly kind: 'function' | 'topic';
  readonly arn: string;
}

/** What every alarm has. */
interface Alarm {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs of what it would call when it turns red, also while its actions are disabled. */
  readonly alarmActions: readonly string[];
  /** By the state that it changes to; empty while its actions are disabled. */
  readonly actions: Readonly<Record<AlarmState, readonly AlarmAction[]>>;
}

/** One metric and how its values become one. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
  /** Region, namespace, name and dimensions in one text. */
  readonly key: string;
}

/** What an alarm compares: a metric, or how many in a hundred of a whole. */
export type Watched =
  | { readonly kind: 'metric'; readonly metric: WatchedMetric }
  | {
      readonly kind: 'percentage';
      readonly part: WatchedMetric;
      readonly whole: WatchedMetric;
      readonly atLeast: number;
      readonly expression: string;
    };

export interface MetricAlarmDefinition extends Alarm {
  readonly kind: 'metric';
  readonly terms: AlarmTerms;
  readonly watches: Watched;
}

export interface CompositeAlarmDefinition extends Alarm {
  readonly kind: 'composite';
  readonly rule: Rule;
  readonly ruleText: string;
  /** Names of the alarms that the rule asks, from ARNs too. */
  readonly children: readonly string[];
  readonly suppressor: (SuppressionTerms & { readonly alarm: string }) | undefined;
}

export type AlarmDefinition = MetricAlarmDefinition | CompositeAlarmDefinition;

/** The metrics that an alarm needs. */
export function metricsOf({ watches }: Pick<MetricAlarmDefinition, 'watches'>): readonly WatchedMetric[] {
  return watches.kind === 'metric' ? [watches.metric] : [watches.part, watches.whole];
}

/**
 * The text that stands for one metric of a region. Two metrics are one only when all of their dimensions are the same
 * (CloudWatch guide, "Metrics concepts", Dimensions).
 */
export function metricKey(
  region: string,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
): string {
  let key = `${region}\n${namespace}\n${name}`;
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  for (const dimension of names) key += `\n${dimension}=${dimensions[dimension] ?? ''}`;
  return key;
}

/** The name in an alarm's ARN; a name stays what it is. */
export function alarmNameOf(nameOrArn: string): string {
  const at = nameOrArn.indexOf(':alarm:');
  return at < 0 ? nameOrArn : nameOrArn.slice(at + ':alarm:'.length);
}
