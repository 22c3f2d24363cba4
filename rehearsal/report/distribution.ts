/** What some measured seconds came to. */
export interface Distribution {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** How the percentiles are taken; printed wherever they are. */
export const PERCENTILE_METHOD = 'nearest rank: every percentile is a value that a run had';

/**
 * The nearest-rank percentile: the smallest value that at least `percent` % of all values do not exceed.
 *
 * @param ascending at least one value, in ascending order.
 * @param percent above 0, to 100.
 * @throws RangeError without a value.
 */
export function percentile(ascending: readonly number[], percent: number): number {
  // 99 / 100 * 300 is 297.00000000000006 in floating point, and the rank would be one too high.
  const rank = Math.max(1, Math.ceil(Number(((percent * ascending.length) / 100).toFixed(9))));
  const value = ascending[rank - 1];
  if (value === undefined) throw new RangeError(`no percentile of ${ascending.length} values`);
  return value;
}

/** Undefined for no value at all: a figure that nobody measured is not a zero. */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  if (values.length === 0) return undefined;
  const ascending = [...values].sort((a, b) => a - b);
  const at = (percent: number): number => percentile(ascending, percent);
  return { count: values.length, min: ascending[0] ?? 0, p50: at(50), p90: at(90), p99: at(99), max: at(100) };
}

/** Values from `from` up to, and without, `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const WIDTHS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600];

/** Bins of one round width, without gaps, that hold every value once. @param most bins that a reader takes in. */
export function histogram(values: readonly number[], most = 14): readonly Bin[] {
  if (values.length === 0) return [];
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  const bins = (width: number): number => Math.floor(greatest / width) - Math.floor(least / width) + 1;
  const width = WIDTHS.find((one) => bins(one) <= most) ?? Math.ceil((greatest - least + 1) / (most - 1));
  const first = Math.floor(least / width);
  const counts = new Array<number>(bins(width)).fill(0);
  for (const value of values) {
    const index = Math.floor(value / width) - first;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, index) => ({ from: (first + index) * width, to: (first + index + 1) * width, count }));
}
