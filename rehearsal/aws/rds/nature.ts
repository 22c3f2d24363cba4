import type { Range } from '../../kernel/random';

/** What AWS leaves open about Aurora: drawn each time from these ranges. Milliseconds unless it says otherwise. */
export interface AuroraNature {
  /** From a commit in the writer's region to the same in the other one; another value each second. */
  readonly lagMs: Range;
  /** How often Aurora calculates the lag, and the lag changes. */
  readonly lagEveryMs: number;
  /** Until four of six storage nodes have a commit. */
  readonly commitMs: Range;
  /** How long the server works on a statement that waits for nothing. */
  readonly statementMs: number;
  /** While a failover or switchover is `pending`. */
  readonly verifyMs: Range;
  /** From an accepted failover to a writer that takes connections. */
  readonly promotionMs: Range;
  /** The end of that, in which the new writer is already named and not yet available. */
  readonly openingMs: Range;
  /** From an accepted switchover to the same; nobody can write meanwhile. */
  readonly switchoverMs: Range;
  /** Probability from 0 to 1 that the old writer's storage is fenced while its region can be reached. */
  readonly fencing: number;
  readonly fencingMs: Range;
  /** After which Aurora says that fencing timed out. */
  readonly fencingTimeOutMs: number;
  /** From the moment when the old writer can be reached again to its end as a writer. */
  readonly demotionMs: Range;
  /** How long the old writer is then rebuilt as a follower. */
  readonly resynchronizationMs: Range;
  /** How long a region cannot write whose writer instance failed, with a reader that takes over, and without one. */
  readonly instanceFailoverMs: Range;
  readonly instanceReplacementMs: Range;
  /** From a new writer to the first answer of DNS that names it, for the global writer endpoint. */
  readonly globalEndpointMs: Range;
}

/**
 * What is known and what is assumed.
 *
 * - lagMs: "typically less than a second" (Aurora guide, "Using Amazon Aurora Global Database"); lagEveryMs is assumed.
 * - commitMs, statementMs: assumed; single milliseconds.
 * - promotionMs: "within a few minutes" (Aurora guide, "Using switchover or failover"); 60 to 180 s are assumed, as in
 *   the budget. verifyMs, openingMs and switchoverMs are assumed.
 * - fencing, fencingMs, fencingTimeOutMs: "best effort" (the same page; RDS-EVENT-0390 and -0391); the numbers are
 *   assumed.
 * - demotionMs, resynchronizationMs: "a few minutes to several hours" (the same page), its lower end; demotion is
 *   assumed.
 * - instanceFailoverMs: "typically less than 60 seconds, and often less than 30"; instanceReplacementMs: "typically
 *   less than 10 minutes" (Aurora guide, "High availability for Amazon Aurora").
 * - globalEndpointMs: "can take a long time depending upon DNS caching" (Aurora guide, "Connecting to Aurora Global
 *   Database").
 */
export const AURORA_NATURE: AuroraNature = {
  lagMs: { least: 50, most: 950 },
  lagEveryMs: 1_000,
  commitMs: { least: 2, most: 8 },
  statementMs: 0.5,
  verifyMs: { least: 1_000, most: 5_000 },
  promotionMs: { least: 60_000, most: 180_000 },
  openingMs: { least: 0, most: 5_000 },
  switchoverMs: { least: 30_000, most: 120_000 },
  fencing: 0.9,
  fencingMs: { least: 2_000, most: 20_000 },
  fencingTimeOutMs: 30_000,
  demotionMs: { least: 10_000, most: 60_000 },
  resynchronizationMs: { least: 120_000, most: 600_000 },
  instanceFailoverMs: { least: 20_000, most: 60_000 },
  instanceReplacementMs: { least: 180_000, most: 600_000 },
  globalEndpointMs: { least: 5_000, most: 60_000 },
};
