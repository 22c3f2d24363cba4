import type { Range } from '../../kernel/random';

/** What Parameter Store does differently from run to run. */
export interface SsmNature {
  /** From a change until EventBridge has its event, milliseconds. */
  readonly eventAfterMs: Range;
  /** Share of events that never come. */
  readonly lostEvents: number;
  /** Share of pages of a listing that are shorter than asked for, down to empty. */
  readonly shortPages: number;
}

/**
 * Documented: events are best effort (Systems Manager guide, "Setting up notifications or trigger actions based on Parameter Store
 * events"); a page holds "between zero and the value of MaxResults" (API reference, GetParametersByPath). Assumed: the numbers.
 */
export const SSM_NATURE: SsmNature = {
  eventAfterMs: { least: 200, most: 5_000 },
  lostEvents: 0.001,
  shortPages: 0.1,
};
