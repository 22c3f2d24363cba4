import type { Range } from '../../kernel/random';

/** What AWS leaves open about Route 53: drawn per run, every figure a range of milliseconds unless it says otherwise. */
export interface Route53Nature {
  /**
   * How many checkers ask each endpoint. AWS runs about 16; every question runs the real /health handler, so fewer are modelled,
   * and their phases are spread over the interval. It is the budget of probes: one endpoint is asked `checkers` / shortest
   * interval times a second, 0.3 with 3 checkers and 10 s.
   */
  readonly checkers: number;
  /** From a change of a check's status to the first answer that follows it. */
  readonly answerDelayMs: Range;
  /** From what an alarm's data says to the status of the check that follows it. */
  readonly alarmDelayMs: Range;
  /** How often Route 53 looks at an alarm's data. */
  readonly alarmLookMs: number;
  /** Periods of the alarm, beyond its own evaluation periods, until data that no longer arrives is too little data. */
  readonly silentPeriods: Range;
  /** From an accepted change of a record to all name servers. */
  readonly changeDelayMs: Range;
}

/**
 * The change of a record takes up to a minute (Route 53 API reference, ChangeResourceRecordSets: "generally propagate to all
 * Route 53 name servers within 60 seconds"). AWS gives no figure for the other delays: they are assumed, and so long that a put
 * of a metric reaches the answers after one to two minutes at worst (with the alarm's own minute and the publisher's 20 s).
 */
export const ROUTE53_NATURE: Route53Nature = {
  checkers: 3,
  answerDelayMs: { least: 1_000, most: 10_000 },
  alarmDelayMs: { least: 1_000, most: 25_000 },
  alarmLookMs: 5_000,
  silentPeriods: { least: 1, most: 3 },
  changeDelayMs: { least: 2_000, most: 60_000 },
};

/**
 * Where checkers stand when a check names no regions (Route 53 API reference, HealthCheckConfig, Regions): none is in
 * eu-central-1 or eu-central-2.
 */
export const CHECKER_REGIONS = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
] as const;
