import type { ConfigKey } from '../../lib/config/schema';
import type { TapConfig } from '../../lib/config';

/** A configuration key that trades recovery for money, and the values that are tried. */
interface Knob {
  readonly key: ConfigKey;
  /** In rising order. */
  readonly values: (config: TapConfig) => readonly number[];
  /** What one gives up with fewer dollars, in words. */
  readonly cheaper: string;
}

/** One change of the given configuration. */
export interface Change {
  readonly key: ConfigKey;
  readonly from: number;
  readonly to: number;
  readonly cheaper: string;
}

/**
 * The grid: detection, DNS and what is kept warm in dr. Capacity for the load, zones and backups are no part of it: they buy
 * something else than the recovery from the loss of a region.
 */
const KNOBS: readonly Knob[] = [
  {
    key: 'probeIntervalSeconds',
    values: () => [10, 20, 30],
    cheaper: 'the probe leg of the trigger sees a fault later',
  },
  {
    key: 'heartbeatIntervalSeconds',
    values: () => [10, 20, 30],
    cheaper: 'the heartbeat leg of the trigger sees a fault later, and the lease is renewed less often',
  },
  {
    key: 'healthCheckIntervalSeconds',
    values: () => [10, 30],
    cheaper: 'DNS leaves a dead region later',
  },
  {
    key: 'canaryIntervalMinutes',
    values: () => [1, 5],
    cheaper: 'evidence of the canaries comes later; no trigger waits for it',
  },
  {
    key: 'lagSampleIntervalSeconds',
    values: () => [10, 30],
    cheaper: 'the lag that the alarms know is older; a run asks for a sample of its own',
  },
  {
    key: 'fleetDrSize',
    values: ({ fleetPrimarySize }) => [1, fleetPrimarySize],
    cheaper: 'less of the fleet is warm in dr; the rest starts after the failover, beside the path',
  },
  {
    key: 'auroraDrInstances',
    values: () => [1, 2],
    cheaper: 'the promoted cluster has no reader yet, so that the loss of its zone costs minutes',
  },
  {
    key: 'auroraMinAcu',
    values: ({ auroraCapacity }) => (auroraCapacity === 'serverless' ? [8, 16] : []),
    cheaper: 'the promoted database starts with less memory and scales up under load',
  },
];

/** Evaluations of one search, the last one, which proves the answer, not counted; about 2 s of processor time each. */
export const MOST_EVALUATIONS = 12;

/** Of these, for combinations of changes. */
export const MOST_COMBINATIONS = 3;

/** For every knob its next value below and above: at most as many as the search may evaluate beside the combinations. */
export function changesOf(config: TapConfig): readonly Change[] {
  const changes = KNOBS.flatMap(({ key, values, cheaper }) => {
    const from = Number(config[key]);
    const others = [...new Set(values(config))].filter((value) => value !== from).sort((a, b) => a - b);
    const below = others.filter((value) => value < from).at(-1);
    const above = others.find((value) => value > from);
    return [below, above].flatMap((to) => (to === undefined ? [] : [{ key, from, to, cheaper }]));
  });
  return changes.slice(0, MOST_EVALUATIONS - MOST_COMBINATIONS);
}

/** What the knobs are and which values are tried, for the output. */
export function gridOf(config: TapConfig): readonly { readonly key: ConfigKey; readonly values: readonly number[] }[] {
  return KNOBS.flatMap(({ key, values }) => {
    const tried = [...new Set(values(config))].sort((a, b) => a - b);
    return tried.length < 2 ? [] : [{ key, values: tried }];
  });
}
