import type { StepName } from '../plan';
import type { RunState, StepResult } from '../run';

/** What one attempt of a step goes by. */
export interface StepContext {
  /** The run as the journal holds it when the attempt begins. */
  readonly state: RunState;
  /** The epoch that the run has won. */
  readonly epoch: number;
  /** Fires when the attempt's time is over. */
  readonly signal: AbortSignal;
}

/** One attempt. Everything in it may be repeated; what it throws counts as a failed attempt. */
export type StepAttempt = (context: StepContext) => Promise<StepResult>;

/** How each step of the plan is done. */
export type StepAttempts = Readonly<Record<StepName, StepAttempt>>;

/** The step is over, and this is what it did. */
export function done(detail: string): StepResult {
  return { kind: 'done', detail };
}

/** The step waits for something, and asks again. */
export function pending(detail: string): StepResult {
  return { kind: 'pending', detail };
}
