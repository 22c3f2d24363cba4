import { datapoints, evaluationRange, percentages } from '../../../analysis/alarms/metric-alarm';
import type { AlarmTerms, Datapoint, Datum, LookBack } from '../../../analysis/alarms/metric-alarm';
import { metricsOf } from './alarm-definition';
import type { MetricAlarmDefinition } from './alarm-definition';

/** When and how one evaluation looks at the data. Times in seconds. */
export interface Glance {
  readonly at: number;
  /** On which seconds a period can end. */
  readonly gridSeconds: number;
  readonly lookBack: LookBack;
  /** Periods that began before this time count as good where no data say otherwise; minus infinity: none does. */
  readonly healthyBefore: number;
}

/**
 * The points that an alarm judges, newest first. The window slides with each evaluation (CloudWatch guide, "Alarm evaluation
 * window": 13:07-14:07, then 13:08-14:08) and ends at the last whole minute, or second, as in AWS's own samples: asked at
 * 12:31:29.591, the newest of five points is that of 12:30 (guide, "Invoke a Lambda function from an alarm").
 *
 * @param series the data of the alarm's metrics, in the order of `metricsOf`.
 */
export function pointsOf(
  { terms, watches }: Pick<MetricAlarmDefinition, 'terms' | 'watches'>,
  series: readonly { readonly data: readonly Datum[] }[],
  { at, gridSeconds, lookBack, healthyBefore }: Glance,
): readonly Datapoint[] {
  const range = evaluationRange(terms, lookBack);
  const windowEnd = Math.floor(at / gridSeconds) * gridSeconds;
  const [first = [], second = []] = metricsOf({ watches }).map(({ statistic }, index) =>
    datapoints(series[index]?.data ?? [], statistic, terms, at, range, windowEnd),
  );
  const points = watches.kind === 'metric' ? first : percentages(first, second, watches.atLeast);
  const newestHealthy = Math.floor((windowEnd - healthyBefore) / terms.periodSeconds);
  if (newestHealthy >= range) return points;
  const good = goodValue(terms);
  return points.map((point, age) => (point === undefined && age >= newestHealthy ? good : point));
}

/** Some value that the alarm is content with. */
function goodValue({ comparison, threshold }: AlarmTerms): number {
  return comparison === 'LessThanThreshold' ? threshold : threshold - 1;
}
