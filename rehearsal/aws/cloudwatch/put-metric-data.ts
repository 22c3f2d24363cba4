import type { MetricDatum } from '../ports';
import { notModelled, refused } from '../service';
import type { Answer, Call, Wire, WireFields } from '../service';

/** What a call wants to be stored, or why CloudWatch refuses it. */
export type PutRequest =
  { readonly ok: true; readonly data: readonly MetricDatum[] } | { readonly ok: false; readonly answer: Answer };

/** How far the time of a value may be from now (API reference, PutMetricData): two weeks before, two hours after. */
const OLDEST_MS = 14 * 24 * 3_600_000;
const NEWEST_MS = 2 * 3_600_000;

/** Why a value is refused; turned into an answer where the call is read. */
class Refusal extends Error {}

/**
 * Reads the input of PutMetricData.
 *
 * @param now milliseconds since 1970; the time of a value that has none.
 * @throws NotModelledError for statistic sets and entities: the handlers send single values.
 */
export function readPut(call: Call, now: number): PutRequest {
  const { Namespace: namespace, MetricData: data, EntityMetricData: entities } = call.input;
  if (entities !== undefined) notModelled(call, 'EntityMetricData');
  try {
    if (typeof namespace !== 'string' || namespace === '') throw new Refusal('The parameter Namespace is required.');
    if (!Array.isArray(data)) throw new Refusal('The parameter MetricData is required.');
    return { ok: true, data: data.flatMap((one: Wire) => readDatum(call, namespace, one, now)) };
  } catch (error) {
    if (error instanceof Refusal)
      return { ok: false, answer: refused('InvalidParameterValueException', error.message) };
    throw error;
  }
}

function readDatum(call: Call, namespace: string, datum: Wire, now: number): readonly MetricDatum[] {
  if (!isFields(datum)) throw new Refusal('A member of MetricData is no structure.');
  if (datum['StatisticValues'] !== undefined) notModelled(call, 'StatisticValues');
  const name = datum['MetricName'];
  if (typeof name !== 'string' || name === '')
    throw new Refusal('The parameter MetricData.member.1.MetricName is required.');
  const at = readTime(datum['Timestamp'], now);
  const resolution = datum['StorageResolution'] ?? 60;
  if (resolution !== 1 && resolution !== 60) throw new Refusal('StorageResolution is either 1 or 60.');
  const dimensions = readDimensions(datum['Dimensions']);
  return readValues(datum).map((value) => ({ namespace, name, dimensions, value, at, resolution }));
}

/** One value, or each as often as it was counted. */
function readValues({ Value: value, Values: values, Counts: counts }: WireFields): readonly number[] {
  if (!Array.isArray(values)) return [readNumber(value)];
  const often: readonly Wire[] = Array.isArray(counts) ? counts : values.map(() => 1);
  if (often.length !== values.length) throw new Refusal('Values and Counts must be of the same length.');
  return values.flatMap((one: Wire, index) =>
    Array<number>(Math.round(readNumber(often[index]))).fill(readNumber(one)),
  );
}

function readNumber(value: Wire): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Refusal(`The value ${JSON.stringify(value)} is not supported for a metric.`);
}

/** A Date, seconds since 1970, or ISO text, by protocol. */
function readTime(value: Wire, now: number): number {
  const at = timeOf(value, now);
  if (Number.isNaN(at) || at < now - OLDEST_MS || at > now + NEWEST_MS) {
    throw new Refusal('The Timestamp must be within two weeks in the past and two hours in the future.');
  }
  return at;
}

function timeOf(value: Wire, now: number): number {
  if (value === undefined || value === null) return now;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value * 1000;
  return typeof value === 'string' ? Date.parse(value) : NaN;
}

function readDimensions(value: Wire): Readonly<Record<string, string>> {
  const dimensions: Record<string, string> = {};
  for (const one of Array.isArray(value) ? (value as readonly Wire[]) : []) {
    const { Name: name, Value: of } = isFields(one) ? one : {};
    if (typeof name !== 'string' || typeof of !== 'string') throw new Refusal('A dimension has a Name and a Value.');
    dimensions[name] = of;
  }
  return dimensions;
}

function isFields(value: Wire): value is WireFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
