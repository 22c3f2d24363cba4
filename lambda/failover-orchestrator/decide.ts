import { estimateLoss, judge, together, type GuardVerdict, type Trigger } from './guards';
import { hasEnded, NOT_BEGUN, PLAN, readySteps, stepOf, type Step, type StepName, type StepState } from './plan';
import type { Command, Outcome, RunEvent, RunPolicy, RunState, StepResult } from './run';

/** A run's next state, and what it wants done. */
export interface Decision {
  readonly state: RunState;
  readonly commands: readonly Command[];
}

/** Begins a run: it knows nothing yet, so it asks. */
export function beginRun(
  request: Pick<RunState, 'runId' | 'trigger' | 'dryRun'> & Partial<Pick<RunState, 'accepted'>>,
  policy: RunPolicy,
  now: number,
): Decision {
  const state: RunState = {
    ...request,
    region: policy.region,
    startedAt: now,
    phase: 'observing',
    askedSince: now,
    verdicts: [],
    claimAttempts: 0,
    steps: NOT_BEGUN,
    promotionAccepted: false,
  };
  return { state, commands: [{ do: 'observe', delayMs: 0 }] };
}

/**
 * The decision about a run: no clock, no AWS, no environment. An event that does not belong to the phase - a late answer, a
 * repeated one - changes nothing.
 */
export function decide(state: RunState, event: RunEvent, policy: RunPolicy): Decision {
  switch (event.type) {
    case 'observed':
      return state.phase === 'observing'
        ? observed({ ...state, evidence: event.evidence }, event.now, policy)
        : stay(state);
    case 'claimed':
      return state.phase === 'claiming' ? claimed(state, event, policy) : stay(state);
    case 'step':
      return state.phase === 'acting' ? stepEnded(state, event, policy) : stay(state);
    case 'released':
      return state.phase === 'releasing' ? released(state, event) : stay(state);
    case 'resumed':
      return resumed(state, event.now, policy);
    case 'accepted':
      return accepted(state, event);
    case 'abort':
      return abort(state, event);
  }
}

function observed(state: RunState, now: number, policy: RunPolicy): Decision {
  const { evidence, trigger, accepted: acceptance } = state;
  if (!evidence) return stay(state);
  const verdicts = judge({ trigger, evidence, policy, ...(acceptance && { accepted: acceptance }) });
  const asked: RunState = { ...state, verdicts };
  const says = together(verdicts);
  if (state.dryRun)
    return end(asked, now, 'DRY_RUN', says === 'yes' ? 'the failover would start now' : reasons(verdicts));
  switch (says) {
    case 'no':
      return turnBack(asked, now, reasons(verdicts));
    case 'ask-again':
      if (now - state.askedSince < policy.askForMs) {
        return { state: asked, commands: [{ do: 'observe', delayMs: policy.askAgainMs }] };
      }
      return turnBack(asked, now, `no answer within ${policy.askForMs / 1_000} s: ${reasons(verdicts)}`);
    case 'person':
      // Nobody may write while a person is waited for with an epoch in hand.
      if (asked.claimedAbove !== undefined) return turnBack(asked, now, reasons(verdicts));
      return {
        state: { ...asked, phase: 'waiting-for-person' },
        commands: [
          alert(
            `person:${state.runId}`,
            'A failover waits for a person',
            `Run ${state.runId}: ${reasons(verdicts)}. To accept: {"action":"accept","runId":"${state.runId}","who":"...","acceptLossSeconds":...} to the orchestrator of ${state.region}; "unknown" accepts any loss.`,
          ),
        ],
      };
    case 'yes': {
      const loss = estimateLoss(evidence, policy);
      const letThrough: RunState = {
        ...asked,
        phase: 'claiming',
        claimedAbove: asked.claimedAbove ?? (evidence.register.known ? evidence.register.epoch : 0),
        ...(loss.faultAt !== undefined && { faultAt: loss.faultAt }),
        ...(loss.known && { lossMs: loss.lossMs }),
      };
      return {
        state: letThrough,
        commands: [
          { do: 'claim', delayMs: 0 },
          alert(
            `begun:${state.runId}`,
            'A failover begins',
            `Run ${state.runId} ${because(trigger)}; ${lossText(letThrough)}.`,
          ),
        ],
      };
    }
  }
}

function claimed(
  state: RunState,
  { now, result }: Extract<RunEvent, { type: 'claimed' }>,
  policy: RunPolicy,
): Decision {
  if (result.won) {
    const { epoch, openFrom } = result;
    const claim = { epoch, openFrom, wonAt: now };
    if (state.abortBy !== undefined) return release({ ...state, claim }, `aborted by ${state.abortBy}`);
    return begin({ ...state, phase: 'acting', claim }, now);
  }
  const claimAttempts = state.claimAttempts + 1;
  if (state.abortBy !== undefined) return turnBack({ ...state, claimAttempts }, now, `aborted by ${state.abortBy}`);
  if (claimAttempts < policy.claimAttempts) {
    return { state: { ...state, claimAttempts }, commands: [{ do: 'claim', delayMs: policy.claimAgainMs }] };
  }
  return turnBack({ ...state, claimAttempts }, now, `the claim was lost ${claimAttempts} times: ${result.why}`);
}

/** Begins every step that can, and ends the run when none is left. */
function begin(state: RunState, now: number): Decision {
  const ready = readySteps(state.steps);
  const steps = { ...state.steps };
  for (const { name } of ready) steps[name] = { status: 'started', attempts: 1, startedAt: now };
  const next = { ...state, steps };
  if (PLAN.every(({ name }) => hasEnded(steps[name]))) return end(next, now, 'DONE', `${state.region} is active`);
  return { state: next, commands: ready.map((step) => attempt(step, 0)) };
}

function stepEnded(state: RunState, event: Extract<RunEvent, { type: 'step' }>, policy: RunPolicy): Decision {
  const { now, step: name, result } = event;
  const before = state.steps[name];
  if (before.status !== 'started') return stay(state);
  if (result.kind === 'lost-epoch') {
    return withAlert(end(state, now, 'ABORTED', result.detail), 'A failover has lost its epoch');
  }
  const promotionAccepted =
    state.promotionAccepted || (result.kind === 'pending' && result.accepted === true) || isPromoted(name, result);
  const isLate = now - wonAt(state) >= policy.giveUpAfterMs;
  const after = stepAfter(before, stepOf(name), result, now, isLate);
  const next: RunState = { ...state, promotionAccepted, steps: { ...state.steps, [name]: after } };
  if (hasEnded(after)) return begin(next, now);
  if (name === 'promote' && !promotionAccepted && isOver(next, now, policy)) {
    return release(next, overBecause(next, policy));
  }
  // Before that the promotion itself decides: the epoch is either used or given back.
  if (isLate && promotionAccepted) {
    const why = `${name} did not end within ${policy.giveUpAfterMs / 60_000} minutes: ${result.detail}`;
    return withAlert(end(next, now, 'STUCK', why), 'A failover is stuck');
  }
  return { state: next, commands: [attempt(stepOf(name), stepOf(name).againMs)] };
}

function isPromoted(name: StepName, result: StepResult): boolean {
  return name === 'promote' && result.kind === 'done';
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

/** The old writer is still the writer, and either time is over or somebody wants to stop. */
function isOver(state: RunState, now: number, policy: RunPolicy): boolean {
  return state.abortBy !== undefined || now - wonAt(state) >= policy.stuckAfterMs;
}

function overBecause({ abortBy }: RunState, policy: RunPolicy): string {
  return abortBy === undefined
    ? `the old writer was still the writer ${policy.stuckAfterMs / 60_000} minutes after the claim`
    : `aborted by ${abortBy}`;
}

function release(state: RunState, why: string): Decision {
  return { state: { ...state, phase: 'releasing', why }, commands: [{ do: 'release', delayMs: 0 }] };
}

/**
 * Ends a run that has done nothing yet. One that has sent a claim does not know that: what was lost may be the answers, or an
 * invocation before this one may still be at it. So it gives back every epoch that this region has taken since the guards were asked.
 */
function turnBack(state: RunState, now: number, why: string): Decision {
  const { claimedAbove } = state;
  if (claimedAbove === undefined) return refuse(state, now, why);
  return release({ ...state, claim: { epoch: claimedAbove + 1, openFrom: now, wonAt: now } }, why);
}

function released(state: RunState, { now, ok }: Extract<RunEvent, { type: 'released' }>): Decision {
  if (!ok) return { state, commands: [{ do: 'release', delayMs: 5_000 }] };
  return withAlert(end(state, now, 'ABORTED', state.why ?? 'released'), 'A failover was aborted');
}

/** Goes on after a crash: whatever was begun is begun again, because every step may be repeated. */
function resumed(state: RunState, now: number, policy: RunPolicy): Decision {
  switch (state.phase) {
    case 'observing':
    case 'waiting-for-person':
      return askAnew(state, now);
    case 'claiming':
      // After a longer pause the guards may say something else; a claim that was won meanwhile is one of their answers.
      if (now - (state.evidence?.at ?? 0) > policy.askForMs) return askAnew(state, now);
      return { state, commands: [{ do: 'claim', delayMs: 0 }] };
    case 'releasing':
      return { state, commands: [{ do: 'release', delayMs: 0 }] };
    case 'acting': {
      const isLate = now - wonAt(state) >= policy.giveUpAfterMs;
      if (isLate && state.promotionAccepted) {
        return withAlert(end(state, now, 'STUCK', 'resumed too late'), 'A failover is stuck');
      }
      // RDS may have taken the order before the crash: it is looked at once more, not asked again, and given up.
      const next = isLate ? { ...state, abortBy: state.abortBy ?? 'the time limit' } : state;
      const again = PLAN.filter(({ name }) => next.steps[name].status === 'started').map((step) => attempt(step, 0));
      const begun = begin(next, now);
      return { state: begun.state, commands: [...again, ...begun.commands] };
    }
    case 'ended':
      return stay(state);
  }
}

function askAnew(state: RunState, now: number): Decision {
  return { state: { ...state, phase: 'observing', askedSince: now }, commands: [{ do: 'observe', delayMs: 0 }] };
}

function accepted(state: RunState, { now, by }: Extract<RunEvent, { type: 'accepted' }>): Decision {
  if (state.phase !== 'observing' && state.phase !== 'waiting-for-person') return stay(state);
  return askAnew({ ...state, accepted: by }, now);
}

function abort(state: RunState, { now, who }: Extract<RunEvent, { type: 'abort' }>): Decision {
  switch (state.phase) {
    case 'observing':
    case 'waiting-for-person':
      return turnBack(state, now, `aborted by ${who}`);
    case 'claiming':
    case 'acting':
      if (!state.promotionAccepted) return stay({ ...state, abortBy: who });
      return {
        state,
        commands: [
          alert(
            `no-abort:${state.runId}`,
            'An abort was refused',
            `Run ${state.runId}: RDS has accepted the failover already.`,
          ),
        ],
      };
    case 'releasing':
      // What is wanted is being done. It is noted all the same: whoever asks for a run that does not know of it asks for ever.
      return stay({ ...state, abortBy: who });
    case 'ended':
      return stay(state);
  }
}

function refuse(state: RunState, now: number, why: string): Decision {
  const ended = end(state, now, 'REFUSED', why);
  const episode = state.evidence?.episode ?? state.runId;
  return {
    ...ended,
    commands: [
      alert(`refused:${episode}`, 'A failover was refused', `Run ${state.runId} ${because(state.trigger)}: ${why}.`),
    ],
  };
}

function end(state: RunState, now: number, outcome: Outcome, why: string): Decision {
  return { state: { ...state, phase: 'ended', outcome, why, endedAt: now }, commands: [] };
}

function withAlert({ state, commands }: Decision, subject: string): Decision {
  const text = `Run ${state.runId}: ${state.why ?? ''}.`;
  return { state, commands: [...commands, alert(`${state.outcome ?? ''}:${state.runId}`, subject, text)] };
}

function stay(state: RunState): Decision {
  return { state, commands: [] };
}

function attempt({ name, attemptMs }: Step, delayMs: number): Command {
  return { do: 'step', step: name, delayMs, attemptMs };
}

function alert(key: string, subject: string, text: string): Command {
  return { do: 'alert', key, subject, text };
}

function reasons(verdicts: readonly GuardVerdict[]): string {
  return verdicts
    .filter(({ says }) => says !== 'yes')
    .map(({ guard, why }) => `${guard}: ${why}`)
    .join('; ');
}

function because(trigger: Trigger): string {
  return trigger.kind === 'operator' ? `was started by ${trigger.who}` : 'was started by the alarm';
}

function lossText({ lossMs }: RunState): string {
  return lossMs === undefined ? 'its loss is not known and was accepted' : `about ${lossMs} ms of commits are lost`;
}
