import type { Datum } from '../../../analysis/alarms/metric-alarm';
import type { Random } from '../../kernel/random';

/** The values of one metric that some alarm may still ask for; times in seconds. */
export interface Series {
  readonly key: string;
  /** In the order in which they were put. */
  readonly data: Datum[];
  /** Draws this metric's own delays, so that a value more of another metric changes nothing here. */
  readonly random: Random;
}

/** The metrics that alarms watch; whatever nobody watches is not kept. */
export class MetricStore {
  private readonly byKey = new Map<string, Series>();

  constructor(private readonly random: Random) {}

  /** The series of a metric that an alarm watches; the same for the same key. */
  watch(key: string): Series {
    const before = this.byKey.get(key);
    if (before) return before;
    const series: Series = { key, data: [], random: this.random.stream(key) };
    this.byKey.set(key, series);
    return series;
  }

  /** The series of a metric, if an alarm watches it. */
  find(key: string): Series | undefined {
    return this.byKey.get(key);
  }
}

/** Forgets what is older than a time in seconds. */
export function forget({ data }: Series, before: number): void {
  let old = 0;
  for (let first = data[0]; first !== undefined && first.at < before; first = data[old]) old += 1;
  if (old > 0) data.splice(0, old);
}
