import type { AlarmRow, Comparison, Statistic } from '../../lib/detection/alarm-row';

/** What CloudWatch says of an alarm. */
export type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

/** When a metric alarm is red: the settings of PutMetricAlarm. */
export type AlarmTerms = Pick<
  AlarmRow,
  'comparison' | 'datapointsToAlarm' | 'evaluationPeriods' | 'noData' | 'periodSeconds' | 'threshold'
>;

/** One published value. Times are seconds on one clock. */
export interface Datum {
  readonly at: number;
  readonly value: number;
  /** When CloudWatch can show it to an alarm; not before `at`. */
  readonly visibleAt: number;
}

/** One period's value, or undefined where there is none. */
export type Datapoint = number | undefined;

/**
 * How far an evaluation looks back beyond its own periods. CloudWatch "attempts to retrieve a higher number of data points
 * than the number specified as Evaluation Periods" and does not say how many: "the exact number depends on the length of the
 * alarm period and whether it is based on a metric with standard resolution or high resolution". What it says is one example,
 * 5 points for 3 periods (CloudWatch guide, "Configuring how CloudWatch alarms treat missing data").
 */
export interface LookBack {
  /** Points beyond the periods. */
  readonly extraPeriods: number;
  /** With a period below a minute, at least that many seconds. */
  readonly highResolutionSeconds: number;
}

/** The two ends between which the truth lies; what must hold has to hold at both. */
export const LOOK_BACKS = {
  /** The guide's example for every alarm. */
  shortest: { extraPeriods: 2, highResolutionSeconds: 0 },
  /** Silence is noticed after one to two minutes. */
  longest: { extraPeriods: 2, highResolutionSeconds: 120 },
} as const satisfies Readonly<Record<string, LookBack>>;

/** Seconds below which a period is of high resolution. */
const STANDARD_PERIOD = 60;

/** How often CloudWatch evaluates an alarm, in seconds: every 10 with a period below a minute, every 60 otherwise. */
export function evaluationInterval({ periodSeconds }: Pick<AlarmTerms, 'periodSeconds'>): number {
  return periodSeconds < STANDARD_PERIOD ? 10 : 60;
}

/** How many points CloudWatch retrieves, the evaluation range. */
export function evaluationRange(terms: AlarmTerms, lookBack: LookBack): number {
  const { periodSeconds, evaluationPeriods } = terms;
  const enough = evaluationPeriods + lookBack.extraPeriods;
  if (periodSeconds >= STANDARD_PERIOD) return enough;
  return Math.max(enough, Math.ceil(lookBack.highResolutionSeconds / periodSeconds));
}

/**
 * The points of the evaluation range at a time, newest first. The periods end at that time and are not aligned to the wall
 * clock (CloudWatch guide, "Alarm evaluation").
 *
 * @param windowEnd where the newest period ends, when it is not the time itself: CloudWatch keeps data by the second or by the
 *   minute, so that a period can only end where a second or a minute does. Such a period has its beginning and not its end.
 */
export function datapoints(
  data: readonly Datum[],
  statistic: Statistic,
  { periodSeconds }: Pick<AlarmTerms, 'periodSeconds'>,
  at: number,
  range: number,
  windowEnd?: number,
): readonly Datapoint[] {
  const periods: number[][] = Array.from({ length: range }, () => []);
  for (const datum of data) {
    if (datum.visibleAt > at || datum.at > at) continue;
    const age =
      windowEnd === undefined
        ? Math.floor((at - datum.at) / periodSeconds)
        : Math.ceil((windowEnd - datum.at) / periodSeconds) - 1;
    periods[age]?.push(datum.value);
  }
  return periods.map((values) => statisticOf(statistic, values));
}

function statisticOf(statistic: Statistic, values: readonly number[]): Datapoint {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case 'Average':
      return sum / values.length;
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'SampleCount':
      return values.length;
    case 'Sum':
      return sum;
  }
}

/** One share in percent from two series of sums; 0 while the whole is too small. */
export function percentages(
  part: readonly Datapoint[],
  whole: readonly Datapoint[],
  atLeast: number,
): readonly Datapoint[] {
  return whole.map((of, index) => {
    const some = part[index];
    if (of === undefined || some === undefined) return undefined;
    return of >= atLeast ? (100 * some) / of : 0;
  });
}

function breaches(value: number, comparison: Comparison, threshold: number): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
  }
}

/**
 * What CloudWatch makes of the points of the evaluation range, newest first (same page of the guide).
 *
 * With as many real points as periods the newest real ones decide and silence counts for nothing, however old they are in the
 * range. With fewer, all of them count and the rest is filled as the alarm says.
 */
export function judge(terms: AlarmTerms, points: readonly Datapoint[], current: AlarmState): AlarmState {
  const { evaluationPeriods, noData, comparison, threshold } = terms;
  const needed = terms.datapointsToAlarm ?? evaluationPeriods;
  const real = points
    .flatMap((value, age) => (value === undefined ? [] : [{ age, bad: breaches(value, comparison, threshold) }]))
    .slice(0, evaluationPeriods);
  const bad = real.filter((point) => point.bad).length;
  const filled = evaluationPeriods - real.length;

  if (filled === 0 || bad >= needed) return bad >= needed ? 'ALARM' : 'OK';
  if (noData === 'breaching') return bad + filled >= needed ? 'ALARM' : 'OK';
  if (noData === 'notBreaching') return 'OK';
  if (real.length === 0) return noData === 'missing' ? 'INSUFFICIENT_DATA' : current;
  if (bad < real.length) return 'OK';
  // Only bad points, and fewer than it takes. "Avoiding premature transitions": once the oldest is as old as the alarm is
  // long, nothing good can come between them any more.
  const oldest = real.at(-1)?.age ?? 0;
  return noData === 'missing' && oldest + 1 >= needed ? 'ALARM' : current;
}
