import type { Range } from '../../kernel/random';

/** What SNS does differently from run to run. Milliseconds. */
export interface SnsNature {
  /** From the publication to the first attempt at a queue or function. */
  readonly deliveryMs: Range;
  /** From the publication until a person can have read the e-mail in the inbox. */
  readonly emailMs: Range;
  /** How long SNS waits for an endpoint that does not answer. */
  readonly attemptMs: number;
  /** Share of deliveries that happen twice. */
  readonly duplicates: number;
}

/**
 * Documented: delivery is retried, and at least once (SNS guide, "Message delivery retries" and "Standard topics"). Assumed: the
 * numbers; AWS calls its typical latency below 30 ms, and gives no time-out for its own endpoints.
 */
export const SNS_NATURE: SnsNature = {
  deliveryMs: { least: 10, most: 200 },
  emailMs: { least: 1_000, most: 30_000 },
  attemptMs: 5_000,
  duplicates: 0.000_1,
};
