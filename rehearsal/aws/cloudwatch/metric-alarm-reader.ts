import type { AlarmTerms } from '../../../analysis/alarms/metric-alarm';
import type { Value, Values } from '../../../analysis/graph/graph';
import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';
import { metricKey } from './alarm-definition';
import type { Statistic, Watched, WatchedMetric } from './alarm-definition';
import { fields, isValues, known, number, textFields } from './inputs';

const STATISTICS: ReadonlyMap<string, Statistic> = new Map(
  (['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'] as const).map((statistic) => [statistic, statistic]),
);
const COMPARISONS: ReadonlyMap<string, AlarmTerms['comparison']> = new Map(
  (['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold'] as const).map((one) => [one, one]),
);
const NO_DATA: ReadonlyMap<string, AlarmTerms['noData']> = new Map(
  (['breaching', 'ignore', 'missing', 'notBreaching'] as const).map((one) => [one, one]),
);

/** When the alarm is red; without `treatMissingData` missing data are missing (API reference, PutMetricAlarm). */
export function readTerms(inputs: Values, periodSeconds: number, alarm: string): AlarmTerms {
  if (periodSeconds % 60 !== 0 && ![10, 20, 30].includes(periodSeconds)) {
    throw new RangeError(`alarm ${alarm}: a period is 10, 20 or 30 s or whole minutes, not ${periodSeconds} s`);
  }
  const missing = inputs['treatMissingData'] === undefined ? 'missing' : text(inputs, 'treatMissingData');
  return {
    comparison: oneOf(COMPARISONS, text(inputs, 'comparisonOperator'), alarm),
    threshold: number(inputs, 'threshold'),
    periodSeconds,
    evaluationPeriods: number(inputs, 'evaluationPeriods'),
    noData: oneOf(NO_DATA, missing, alarm),
    ...(inputs['datapointsToAlarm'] !== undefined && { datapointsToAlarm: number(inputs, 'datapointsToAlarm') }),
  };
}

/** What the alarm compares, and for how long each time. */
export function readWatched(
  inputs: Values,
  region: string,
  alarm: string,
): { readonly watches: Watched; readonly periodSeconds: number } {
  if (inputs['metricQueries'] !== undefined) return readPercentage(inputs['metricQueries'], region, alarm);
  const metric = readMetric(inputs, region, text(inputs, 'statistic'), alarm);
  return { watches: { kind: 'metric', metric }, periodSeconds: number(inputs, 'period') };
}

/** The one expression that the platform has: how many in a hundred, 0 while the whole is small. */
const PERCENTAGE = /^IF\((\w+) >= ([\d.]+), 100 \* (\w+) \/ (\w+), 0\)$/;

const QUERY = new Set(['expression', 'id', 'label', 'metric', 'returnData']);
const QUERY_METRIC = new Set(['dimensions', 'metricName', 'namespace', 'period', 'stat']);

function readPercentage(queries: Value, region: string, alarm: string): ReturnType<typeof readWatched> {
  const list = (Array.isArray(queries) ? queries : []).filter(isValues);
  for (const query of list) {
    known(query, QUERY, `alarm ${alarm}, query`);
    known(fields(query, 'metric'), QUERY_METRIC, `alarm ${alarm}, metric of a query`);
  }
  const returned = list.filter((query) => query['returnData'] === true);
  const expression = returned[0] ? text(returned[0], 'expression') : '';
  const [, tested, least, part, whole] = PERCENTAGE.exec(expression) ?? [];
  if (returned.length !== 1 || part === undefined || whole === undefined || tested !== whole) {
    throw new NotModelledError(`alarm ${alarm}: the expression ${expression} is not modelled`);
  }
  const stat = (id: string) => fields(list.find((query) => query['id'] === id) ?? {}, 'metric');
  const metric = (id: string): WatchedMetric => readMetric(stat(id), region, text(stat(id), 'stat'), alarm);
  const periods = [number(stat(part), 'period'), number(stat(whole), 'period')];
  const [periodSeconds = 0] = periods;
  if (periods.some((period) => period !== periodSeconds)) {
    throw new NotModelledError(`alarm ${alarm}: an expression over different periods is not modelled`);
  }
  const watches: Watched = {
    kind: 'percentage',
    part: metric(part),
    whole: metric(whole),
    atLeast: Number(least),
    expression,
  };
  return { watches, periodSeconds };
}

function readMetric(inputs: Values, region: string, statistic: string, alarm: string): WatchedMetric {
  const namespace = text(inputs, 'namespace');
  const name = text(inputs, 'metricName');
  const dimensions = textFields(inputs, 'dimensions');
  const key = metricKey(region, namespace, name, dimensions);
  return { namespace, name, dimensions, statistic: oneOf(STATISTICS, statistic, alarm), key };
}

function oneOf<T>(table: ReadonlyMap<string, T>, value: string, alarm: string): T {
  const found = table.get(value);
  if (found === undefined) throw new NotModelledError(`alarm ${alarm}: ${value} is not modelled`);
  return found;
}
