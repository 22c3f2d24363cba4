import type { Range } from '../../kernel/random';

/** What S3 does differently from run to run. Milliseconds. */
export interface S3Nature {
  /** From the write until the copy is there, with replication time control. */
  readonly timedReplicationMs: Range;
  /** The same without it. */
  readonly replicationMs: Range;
  /** How long S3 waits before it tries a copy again that did not get through. */
  readonly retryMs: Range;
  /** When in each minute the replication metrics are published. */
  readonly metricsAtMs: Range;
}

/**
 * Documented: with replication time control "most objects in seconds, and 99.99 percent within 15 minutes"; without it most within
 * 15 minutes (S3 guide, "Meeting compliance requirements using S3 Replication Time Control" and "Replicating objects"). Assumed: the
 * numbers inside of that, and the retries.
 */
export const S3_NATURE: S3Nature = {
  timedReplicationMs: { least: 1_000, most: 30_000 },
  replicationMs: { least: 5_000, most: 900_000 },
  retryMs: { least: 10_000, most: 60_000 },
  metricsAtMs: { least: 0, most: 59_999 },
};
