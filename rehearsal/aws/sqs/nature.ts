import type { Range } from '../../kernel/random';

/** What SQS does differently from run to run. */
export interface SqsNature {
  /** From the answer to the sender until a receiver can get the message, milliseconds; unequal times are what disorders messages. */
  readonly visibleAfterMs: Range;
  /** Share of deliveries that happen once more. */
  readonly duplicates: number;
  /** When the copy appears, milliseconds after the delivery: before or after the original was deleted. */
  readonly duplicateAfterMs: Range;
  /** When in each minute the metrics are published, milliseconds. */
  readonly metricsAtMs: Range;
}

/**
 * Documented: at-least-once, best-effort order, metrics each minute (SQS guide, "Standard queues" and "Available CloudWatch
 * metrics"). Assumed: the numbers, since AWS gives none; a duplicate is called rare.
 */
export const SQS_NATURE: SqsNature = {
  visibleAfterMs: { least: 1, most: 30 },
  duplicates: 0.000_1,
  duplicateAfterMs: { least: 5, most: 60_000 },
  metricsAtMs: { least: 0, most: 59_999 },
};

/** What the pollers of an event source mapping do differently from run to run. */
export interface PollingNature {
  /** From a message's becoming visible until a poller has it, milliseconds. */
  readonly pickUpMs: Range;
  /** From UpdateEventSourceMapping until the pollers have started or stopped, milliseconds. */
  readonly switchMs: Range;
}

/**
 * Assumed: pollers long-poll, so they wait for messages and not the other way round (Lambda guide, "Configuring scaling behavior
 * for SQS event source mappings"); AWS does not say how long Disabling and Enabling take, people see some seconds to a minute.
 */
export const POLLING_NATURE: PollingNature = {
  pickUpMs: { least: 2, most: 50 },
  switchMs: { least: 2_000, most: 60_000 },
};
