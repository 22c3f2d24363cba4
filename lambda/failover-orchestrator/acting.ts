import { attempt, type Decision, end, release, stay, withAlert } from './decision';
import { doubtAfterCrash, isInDoubt, weigh } from './doubt';
import {
  comesBeforeRoleChange,
  hasEnded,
  planOf,
  readySteps,
  roleChangeOf,
  type Step,
  type StepName,
  type StepState,
  stepOf,
} from './plan';
import type { RunEvent, RunPolicy, RunState, StepResult } from './run';
import { A_RUN, alert } from './run-words';

/** Begins every step that can, and ends the run when none is left. */
export function begin(state: RunState, now: number): Decision {
  const plan = planOf(state.kind);
  const ready = readySteps(state.steps, state.kind);
  const steps = { ...state.steps };
  for (const { name } of ready) steps[name] = { status: 'started', attempts: 1, startedAt: now };
  const next = { ...state, steps };
  if (plan.every(({ name }) => hasEnded(steps[name]))) return end(next, now, 'DONE', `${state.region} is active`);
  return { state: next, commands: ready.map((step) => attempt(step, 0)) };
}

/** Takes what became of one attempt of a step. */
export function stepEnded(state: RunState, event: Extract<RunEvent, { type: 'step' }>, policy: RunPolicy): Decision {
  const { now, step: name, result } = event;
  const { kind } = state;
  const before = state.steps[name];
  if (before.status !== 'started') return stay(state);
  if (result.kind === 'lost-epoch') return lostEpoch(state, now, result.detail);
  const promotionAccepted = state.promotionAccepted || isTaken(state, name, result);
  const isLate = now - wonAt(state) >= policy.giveUpAfterMs;
  const after = stepAfter(before, stepOf(name, kind), result, now, isLate);
  const next: RunState = {
    ...state,
    promotionAccepted,
    ...(promotionAccepted && { acceptedAt: state.acceptedAt ?? now }),
    steps: { ...state.steps, [name]: after },
  };
  if (name === 'switch-over') return switchingOver(next, after, result, now, policy);
  const weighed = name === 'promote' ? weigh(next, result, now, policy) : next;
  return goingOn(weighed, name, after, result, now, policy);
}

/**
 * RDS has taken a switchover and may still cancel it: when it shows nothing of it for a while, the old region gets its epoch back.
 * A person decides whether to try again, because nobody can write meanwhile.
 */
function switchingOver(
  { quietSince: before, ...state }: RunState,
  after: StepState,
  result: StepResult,
  now: number,
  policy: RunPolicy,
): Decision {
  const isQuiet = result.kind === 'pending' && result.quiet === true;
  // A look that fails says neither.
  const quietSince = isQuiet ? (before ?? now) : result.kind === 'failed' ? before : undefined;
  const next: RunState = { ...state, ...(quietSince !== undefined && { quietSince }) };
  if (isQuiet && quietSince !== undefined && now - quietSince >= policy.quietForMs) {
    return release({ ...next, promotionAccepted: false }, `RDS has cancelled the switchover: ${result.detail}`);
  }
  return goingOn(next, 'switch-over', after, result, now, policy);
}

function goingOn(
  state: RunState,
  name: StepName,
  after: StepState,
  result: StepResult,
  now: number,
  policy: RunPolicy,
): Decision {
  const { kind } = state;
  if (hasEnded(after)) return begin(state, now);
  const over = mayTurnBack(state, name) ? overBecause(state, name, result.detail, now, policy) : undefined;
  if (over !== undefined && !isInDoubt(state)) return release(state, state.givesUp ?? over);
  const next = over === undefined ? state : { ...state, givesUp: state.givesUp ?? over };
  if (isTooLate(next, name, now, policy)) {
    const why = `${name} did not end within ${policy.giveUpAfterMs / 60_000} minutes: ${result.detail}`;
    return withAlert(end(next, now, 'STUCK', why), `${A_RUN[kind]} is stuck`);
  }
  return sayingSlow(next, name, result, now, policy);
}

/**
 * Before its order is taken the change of roles itself decides: the epoch is either used or given back. Only where nobody can be
 * asked what became of an order there is nothing to decide by, and after time enough to look a person has to.
 */
function isTooLate(state: RunState, name: StepName, now: number, policy: RunPolicy): boolean {
  const { promotionAccepted, unansweredAt, quietSince } = state;
  if (now - wonAt(state) < policy.giveUpAfterMs) return false;
  const heardAt = unansweredAt === undefined ? undefined : (quietSince ?? unansweredAt);
  const nobodyKnows = name === 'promote' && heardAt !== undefined && now - heardAt >= policy.stuckAfterMs;
  return promotionAccepted || nobodyKnows;
}

/** Asks again; and tells people once when RDS keeps a switchover for long, because nobody can write meanwhile. */
function sayingSlow(state: RunState, name: StepName, result: StepResult, now: number, policy: RunPolicy): Decision {
  const { kind, runId, acceptedAt, saidSlow } = state;
  const step = stepOf(name, kind);
  const again = attempt(step, step.againMs);
  const isSlow = name === 'switch-over' && acceptedAt !== undefined && now - acceptedAt >= policy.slowAfterMs;
  if (!isSlow || saidSlow) return { state, commands: [again] };
  const text = `Run ${runId}: RDS took the order ${policy.slowAfterMs / 60_000} minutes ago, and nobody can write: ${result.detail}.`;
  return {
    state: { ...state, saidSlow: true },
    commands: [again, alert(`slow:${runId}`, 'A switchover takes long', text)],
  };
}

/**
 * RDS has taken the order, or has carried it out. A switchover that it has not answered counts as taken until it has been quiet
 * for a while: nobody can write meanwhile, so it is never asked twice. A failover is (doubt.ts).
 */
function isTaken({ kind }: RunState, name: StepName, result: StepResult): boolean {
  if (name !== roleChangeOf(kind)) return false;
  if (result.kind === 'done') return true;
  if (result.kind === 'lost-epoch') return false;
  if (kind === 'switchover' && result.unanswered) return true;
  return result.kind === 'pending' && result.accepted === true;
}

/** Whether the run may still be given up at an answer of this step: RDS has no order, and none is on its way. */
function mayTurnBack({ kind, promotionAccepted }: RunState, name: StepName): boolean {
  return !promotionAccepted && (name === roleChangeOf(kind) || comesBeforeRoleChange(name, kind));
}

/** A switchover has stopped consumers that work under another epoch now: they are started again on the way out. */
function lostEpoch(state: RunState, now: number, why: string): Decision {
  if (state.kind === 'switchover') return release(state, why);
  return withAlert(end(state, now, 'ABORTED', why), 'A failover has lost its epoch');
}

function stepAfter(before: StepState, step: Step, result: StepResult, now: number, isLate: boolean): StepState {
  const { detail } = result;
  if (result.kind === 'done') return { ...before, status: 'done', endedAt: now, detail };
  const wasLast = result.kind === 'failed' && before.attempts >= step.attempts;
  if (!step.critical && (wasLast || isLate)) return { ...before, status: 'failed', endedAt: now, detail };
  // Waiting for something is no attempt of its own, or a step that may be tried once could never wait.
  return { ...before, attempts: before.attempts + (result.kind === 'failed' ? 1 : 0), detail };
}

function wonAt({ claim, startedAt }: RunState): number {
  return claim?.wonAt ?? startedAt;
}

/** Why a run is given up whose order RDS has not taken; undefined while there is time, and nobody wants to stop. */
function overBecause(state: RunState, name: StepName, detail: string, now: number, policy: RunPolicy) {
  const { kind, abortBy, steps } = state;
  if (abortBy !== undefined) return `aborted by ${abortBy}`;
  if (kind === 'failover') {
    if (now - wonAt(state) < policy.stuckAfterMs) return undefined;
    return `the old writer was still the writer ${policy.stuckAfterMs / 60_000} minutes after the claim`;
  }
  if (name === 'switch-over') {
    if (now - (steps[name].startedAt ?? now) < policy.orderWithinMs) return undefined;
    return `RDS did not take the switchover within ${policy.orderWithinMs / 1_000} s: ${detail}`;
  }
  if (now - wonAt(state) < policy.endWithinMs) return undefined;
  return `${name} did not end within ${policy.endWithinMs / 1_000} s: ${detail}`;
}

/** Goes on with a plan after a crash: whatever was begun is begun again, because every step may be repeated. */
export function resumeActing(state: RunState, now: number, policy: RunPolicy): Decision {
  const isLate = now - wonAt(state) >= policy.giveUpAfterMs;
  if (isLate && state.promotionAccepted) {
    return withAlert(end(state, now, 'STUCK', 'resumed too late'), `${A_RUN[state.kind]} is stuck`);
  }
  // RDS may have taken the order before the crash: it is looked at until that is settled, not asked again, and given up.
  const next = isLate ? { ...state, abortBy: state.abortBy ?? 'the time limit' } : state;
  const again = planOf(state.kind)
    .filter(({ name }) => next.steps[name].status === 'started')
    .map((step) => attempt(step, 0));
  const begun = begin(doubtAfterCrash(next, now), now);
  return { state: begun.state, commands: [...again, ...begun.commands] };
}
