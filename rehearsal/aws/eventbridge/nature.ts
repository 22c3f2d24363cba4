import type { Range } from '../../kernel/random';

/** How EventBridge behaves where its documentation leaves room; milliseconds. */
export interface EventBridgeNature {
  /** When within its interval a scheduled rule fires, as a share of it; drawn once for each rule. */
  readonly phase: Range;
  /** From the moment that a rule fires, or an event is put, until its target is called; drawn each time. */
  readonly deliveryMs: Range;
}

/**
 * A scheduled rule "runs within that minute, but not on the precise 0th second", and "there can be a delay of several seconds
 * between the time the scheduled rule is triggered and the time the target service runs" (EventBridge guide, "Creating a rule
 * that runs on a schedule"); a rate "starts when you create the rule", which is any time. How many are several is assumed.
 */
export const EVENTBRIDGE_NATURE: EventBridgeNature = {
  phase: { least: 0, most: 1 },
  deliveryMs: { least: 50, most: 3_000 },
};
