import type { Range } from '../../kernel/random';

/** What AWS leaves open about fleets: drawn per instance, milliseconds unless it says otherwise. */
export interface AutoScalingNature {
  /** From a wanted instance to the attempt to launch it. */
  readonly reactMs: Range;
  /** From the launch to a running instance, which is registered with the load balancer and InService. */
  readonly pendingMs: Range;
  /**
   * From running to the first good answer, as a share of what the group itself takes for it (`defaultInstanceWarmup`); counted
   * from the launch, as the group's owner counts it.
   */
  readonly bootShare: Range;
  /** From an attempt that found no capacity to the next one. */
  readonly retryMs: Range;
  /** From the loss of an instance to the decision to replace it. */
  readonly noticeMs: Range;
}

/**
 * AWS documents none of these. Pending and reaction are assumed; so is that a boot takes three quarters to one and a half times
 * what its owner says; retries "as capacity becomes available" are assumed to be a minute or two apart; an instance that no longer
 * runs is assumed to be noticed after one or two minutes (status checks run every minute).
 */
export const AUTO_SCALING_NATURE: AutoScalingNature = {
  reactMs: { least: 1_000, most: 15_000 },
  pendingMs: { least: 10_000, most: 45_000 },
  bootShare: { least: 0.75, most: 1.5 },
  retryMs: { least: 60_000, most: 120_000 },
  noticeMs: { least: 60_000, most: 150_000 },
};
