/** What runs functions in one region while it carries the load of both. */
export interface Load {
  /** Requests a second that the API lets through at most. */
  readonly requestsPerSecond: number;
  /** Invocations at once of all queue consumers together. */
  readonly consumers: number;
}

/** Milliseconds that a request occupies a function, on average. Assumed: no stack has been measured. */
const REQUEST_MS = 100;
/** Scheduled functions, canaries and what those call: at most one of each at a time (control.ts, health, replicator, migrator). */
const BESIDES = 20;

/**
 * Concurrent executions that a region needs (Little's law). The API's throttle bounds the load of a region, whoever sends it, so
 * that this is enough for both regions' together.
 */
export function concurrencyNeeded({ requestsPerSecond, consumers }: Load): number {
  return Math.ceil((requestsPerSecond * REQUEST_MS) / 1_000) + consumers + BESIDES;
}
