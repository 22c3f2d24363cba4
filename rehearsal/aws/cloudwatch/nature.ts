import type { Range } from '../../kernel/random';

/**
 * How CloudWatch behaves where its documentation leaves room. Milliseconds unless the name says seconds; what is drawn once is
 * drawn per run, the rest each time.
 */
export interface CloudWatchNature {
  /** From the answer to PutMetricData until an alarm can see the value. */
  readonly publishedMs: Range;
  /** The same for a value printed in the embedded metric format: Lambda ships the log, CloudWatch Logs extracts. */
  readonly embeddedMs: Range;
  /** The same for a metric of AWS's own, from the moment when the service puts it. */
  readonly vendedMs: Range;
  /** When within its interval of 10 or 60 s an alarm is evaluated, as a share of it; drawn once for each alarm. */
  readonly phase: Range;
  /** How many periods an evaluation looks back beyond its own; drawn once. */
  readonly extraPeriods: Range;
  /** With a period below a minute it looks back at least that many seconds; drawn once. */
  readonly highResolutionSeconds: Range;
  /** On which seconds the periods of an alarm with a period below a minute can end: on each, or on each tenth; one is drawn. */
  readonly highResolutionGridSeconds: readonly number[];
  /** From the change of an alarm until a composite above it is evaluated. */
  readonly compositeMs: Range;
  /** From a change until its actions reach Lambda or SNS. */
  readonly actionMs: Range;
  /**
   * `healthy`: the stack has run well before the run began: alarms begin OK, and a period before the beginning counts as good
   * unless data say otherwise. `none`: the alarms have just been created and begin with INSUFFICIENT_DATA.
   */
  readonly history: 'healthy' | 'none';
}

/**
 * What is known and what is assumed.
 *
 * - publishedMs: "a few seconds delay for the data to become available to the alarm" (AWS re:Post, on immediate alarms); the
 *   numbers are assumed.
 * - embeddedMs: AWS gives no number for a log's way to CloudWatch; assumed to be a few seconds more.
 * - vendedMs: assumed. "Availability delay is about 2 minutes" for metrics of one minute (Datadog, "Cloud Metric Delay"), the
 *   minute itself included.
 * - extraPeriods: the guide's one example, 5 points for 3 periods ("Configuring how CloudWatch alarms treat missing data").
 * - highResolutionSeconds: "the exact number depends on ... standard resolution or high resolution"; assumed, from nothing to
 *   the two minutes after which people see silence noticed.
 * - highResolutionGridSeconds: with a period of 10 s GetMetricStatistics rounds its start to "even 10-second divisions of a
 *   minute"; whether alarms do so is not documented, so both happen.
 * - compositeMs, actionMs: assumed; together at most the 10 s of the plan's chain (design, section 4).
 */
export const CLOUDWATCH_NATURE: CloudWatchNature = {
  publishedMs: { least: 500, most: 4_000 },
  embeddedMs: { least: 1_500, most: 8_000 },
  vendedMs: { least: 5_000, most: 60_000 },
  phase: { least: 0, most: 1 },
  extraPeriods: { least: 2, most: 2 },
  highResolutionSeconds: { least: 0, most: 120 },
  highResolutionGridSeconds: [1, 10],
  compositeMs: { least: 100, most: 5_000 },
  actionMs: { least: 100, most: 5_000 },
  history: 'healthy',
};
