import type { Acceptance, Evidence, GuardPolicy, GuardVerdict, Trigger } from './guards';
import type { RunKind, StepName, Steps } from './plan';

/** How a run ended. */
export type Outcome =
  /** This region is active. */
  | 'DONE'
  /** A guard said no, or nobody could be asked; nothing was done. */
  | 'REFUSED'
  /** The epoch was given back, or somebody else took it. */
  | 'ABORTED'
  /** The epoch is this region's, but the plan did not come to its end in time. */
  | 'STUCK'
  /** Everything was asked and nothing done, as wanted. */
  | 'DRY_RUN';

/** Where a run stands; exactly this is in the journal. Times in milliseconds since 1970. */
export interface RunState {
  readonly runId: string;
  readonly kind: RunKind;
  readonly region: string;
  readonly trigger: Trigger;
  readonly dryRun: boolean;
  readonly startedAt: number;
  readonly phase: 'observing' | 'waiting-for-person' | 'claiming' | 'acting' | 'releasing' | 'ended';
  /** Since when the same question has been asked again. */
  readonly askedSince: number;
  readonly evidence?: Evidence;
  readonly verdicts: readonly GuardVerdict[];
  readonly accepted?: Acceptance;
  /** Since when an operator's run has waited for a person, who has not answered yet. */
  readonly waitsSince?: number;
  /** First sign of the fault and estimated loss, when the run was let through. */
  readonly faultAt?: number;
  readonly lossMs?: number;
  readonly claimAttempts: number;
  /** The epoch that the registers held when the first claim was sent: a higher one of this region may be this run's. */
  readonly claimedAbove?: number;
  readonly claim?: { readonly epoch: number; readonly openFrom: number; readonly wonAt: number };
  readonly steps: Steps;
  /** RDS has taken the order to change the writer, by its own answer or by what it shows: there is no way back. */
  readonly promotionAccepted: boolean;
  /** When that was first known. */
  readonly acceptedAt?: number;
  /** In a failover: when an order was last given that RDS has not answered, and that it may still carry out (doubt.ts). */
  readonly unansweredAt?: number;
  /** Since when RDS has shown nothing of an order that it has taken, or may have taken. */
  readonly quietSince?: number;
  /** Why the run gives its epoch back as soon as no order can be on its way any more; RDS gets no other one. */
  readonly givesUp?: string;
  /** People know already that RDS takes long. */
  readonly saidSlow?: true;
  /** How often the other region's consumers were asked in vain to start again, after the epoch was given back. */
  readonly restoreAttempts?: number;
  readonly abortBy?: string;
  /** Whose failover has taken its place. */
  readonly replacedBy?: string;
  /** The run that had claimed nothing yet, and whose place this one has taken. */
  readonly replaces?: string;
  readonly outcome?: Outcome;
  readonly why?: string;
  readonly endedAt?: number;
}

/** What became of one attempt of a step. */
export type StepResult =
  | { readonly kind: 'done'; readonly detail: string }
  /**
   * Not there yet; `accepted` once RDS has taken the order. `unanswered`: it was asked, has not answered, and may have taken it.
   * `quiet`: it was not asked now, and shows neither a change of the writer under way nor a new writer.
   */
  | {
      readonly kind: 'pending';
      readonly detail: string;
      readonly accepted?: boolean;
      readonly unanswered?: true;
      readonly quiet?: true;
    }
  /** `unanswered`: the attempt was out of time, and may have asked RDS just before. */
  | { readonly kind: 'failed'; readonly detail: string; readonly unanswered?: true }
  /** The registers name another owner: nothing more may be done. */
  | { readonly kind: 'lost-epoch'; readonly detail: string };

/** What became of one attempt to claim. */
export type ClaimResult =
  | { readonly won: true; readonly epoch: number; readonly openFrom: number }
  | { readonly won: false; readonly why: string };

/** Why the other region's consumers did not start again; busy while Lambda is still at the change before. */
export interface NotRestored {
  readonly why: string;
  readonly isBusy: boolean;
}

/** What happens to a run. `now` in milliseconds since 1970. */
export type RunEvent =
  | { readonly type: 'observed'; readonly now: number; readonly evidence: Evidence }
  | { readonly type: 'claimed'; readonly now: number; readonly result: ClaimResult }
  | { readonly type: 'step'; readonly now: number; readonly step: StepName; readonly result: StepResult }
  /** `consumers`: those of the other region, which the run had stopped, did not start again. */
  | { readonly type: 'released'; readonly now: number; readonly ok: boolean; readonly consumers?: NotRestored }
  /** Another invocation goes on where one has died, or looks again at a run that waits. */
  | { readonly type: 'resumed'; readonly now: number }
  | { readonly type: 'accepted'; readonly now: number; readonly by: Acceptance }
  | { readonly type: 'abort'; readonly now: number; readonly who: string }
  /** An operator's failover takes its place; of a run that gives way (`givesWay`). */
  | { readonly type: 'replaced'; readonly now: number; readonly who: string };

/** What a run wants done. The journal holds the state before any of it is. */
export type Command =
  | { readonly do: 'observe'; readonly delayMs: number }
  | { readonly do: 'claim'; readonly delayMs: number }
  | { readonly do: 'step'; readonly step: StepName; readonly delayMs: number; readonly attemptMs: number }
  | { readonly do: 'release'; readonly delayMs: number }
  /** Sent once per key, however often it is asked for. */
  | { readonly do: 'alert'; readonly key: string; readonly subject: string; readonly text: string };

/** What a run goes by. Times in milliseconds. */
export interface RunPolicy extends GuardPolicy {
  readonly askAgainMs: number;
  readonly askForMs: number;
  /** How long an operator's run waits for a person, or for an invocation to go on with it, before it is refused. */
  readonly waitForMs: number;
  readonly claimAgainMs: number;
  readonly claimAttempts: number;
  /** After a claim, how long the old writer may stay the writer before the epoch is given back. */
  readonly stuckAfterMs: number;
  /** After a claim, how long the plan may take at all. */
  readonly giveUpAfterMs: number;
  /** In a switchover, how long after the claim the other region's writes may not have ended: nobody can write meanwhile. */
  readonly endWithinMs: number;
  /** And how long after that RDS may refuse the order. */
  readonly orderWithinMs: number;
  /** After RDS has taken a switchover, how long it may show nothing of it before it counts as cancelled. */
  readonly quietForMs: number;
  /** In a failover, how long RDS must have shown nothing of an order that it has not answered, before it counts as not taken. */
  readonly doubtForMs: number;
  /** After RDS has taken a switchover, when people are told that it takes long. */
  readonly slowAfterMs: number;
  /**
   * How often the other region's consumers are asked to start again, and after how long: a region that may be lost is not asked
   * for long, because no other run can begin meanwhile; one that is busy is.
   */
  readonly restoreAttempts: number;
  readonly restoreBusyAttempts: number;
  readonly restoreAgainMs: number;
}

/** The constants of every run; what an operator may choose comes from the configuration. */
export const RUN_CONSTANTS = {
  cooldownMs: 3_600_000,
  freshMs: 20_000,
  verdictMs: 30_000,
  lagOldMs: 90_000,
  askAgainMs: 5_000,
  askForMs: 60_000,
  waitForMs: 900_000,
  claimAgainMs: 1_000,
  claimAttempts: 10,
  stuckAfterMs: 600_000,
  giveUpAfterMs: 1_800_000,
  // A lease that has to be waited for is over 65 s after the claim.
  endWithinMs: 90_000,
  orderWithinMs: 45_000,
  // Longer than the moment between the end of a change of roles and the first description with the new writer.
  quietForMs: 20_000,
  // Assumed: AWS does not say how late an order can begin that it has not answered. Thirty times what it takes to answer.
  doubtForMs: 120_000,
  slowAfterMs: 300_000,
  restoreAttempts: 4,
  // Lambda changes a mapping within a minute or two (assumed; it documents no time).
  restoreBusyAttempts: 36,
  restoreAgainMs: 5_000,
  lagMs: 1_000,
  healthyForMs: 300_000,
  settleMs: 300_000,
  sweptWithinMs: 120_000,
} as const;
