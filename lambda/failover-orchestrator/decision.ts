import { type Step, stepOf } from './plan';
import type { Command, Outcome, RunState } from './run';
import { alert, whatNow } from './run-words';

/** A run's next state, and what it wants done. */
export interface Decision {
  readonly state: RunState;
  readonly commands: readonly Command[];
}

/** Ends a run. */
export function end(state: RunState, now: number, outcome: Outcome, why: string): Decision {
  return { state: { ...state, phase: 'ended', outcome, why, endedAt: now }, commands: [] };
}

/** Ends a run, and tells people. */
export function withAlert({ state, commands }: Decision, subject: string): Decision {
  const text = `Run ${state.runId}: ${state.why ?? ''}.${whatNow(state)}`;
  return { state, commands: [...commands, alert(`${state.outcome ?? ''}:${state.runId}`, subject, text)] };
}

/** Nothing changes, and nothing is wanted. */
export function stay(state: RunState): Decision {
  return { state, commands: [] };
}

/** Whether a run only asks, or waits, on behalf of a person whom nobody has answered; the looks in between included. */
export function waitsForAcceptance({ trigger, phase, waitsSince }: RunState): boolean {
  if (trigger.kind !== 'operator') return false;
  return phase === 'waiting-for-person' || (phase === 'observing' && waitsSince !== undefined);
}

/**
 * Whether an operator's failover may take a run's place: the alarm's, while it only asks, and an operator's, while it waits for a
 * person. Nothing was claimed, so that there is nothing to give back. A run of the alarm whose loss somebody has taken upon
 * themselves is a person's already, and is about to go on.
 */
export function givesWay(state: RunState): boolean {
  const { trigger, phase, accepted, claimedAbove } = state;
  if (claimedAbove !== undefined) return false;
  if (trigger.kind === 'operator') return waitsForAcceptance(state);
  return (phase === 'observing' || phase === 'waiting-for-person') && accepted === undefined;
}

/** One attempt of a step. */
export function attempt({ name, attemptMs }: Step, delayMs: number): Command {
  return { do: 'step', step: name, delayMs, attemptMs };
}

/** Gives the epoch back. An attempt to stop consumers that is under way must not come after they are started again. */
export function release(state: RunState, why: string): Decision {
  const step = stepOf('stop-consumers', state.kind);
  const delayMs = state.steps[step.name].status === 'started' ? step.attemptMs : 0;
  return { state: { ...state, phase: 'releasing', why }, commands: [{ do: 'release', delayMs }] };
}
