import { begin, resumeActing, stepEnded } from './acting';
import { type Decision, end, givesWay, release, stay, waitsForAcceptance, withAlert } from './decision';
import { type Evidence, judge, together } from './guards';
import { estimateLoss } from './loss';
import { NOT_BEGUN } from './plan';
import type { RunEvent, RunPolicy, RunState } from './run';
import { A_RUN, alert, because, lossText, reasons } from './run-words';
import { FORGOTTEN, isForgotten, nobodyAccepted, waitForPerson } from './waiting';

export type { Decision };

/** Begins a run: it knows nothing yet, so it asks. */
export function beginRun(
  request: Pick<RunState, 'runId' | 'trigger' | 'dryRun'> & Partial<Pick<RunState, 'accepted' | 'kind' | 'replaces'>>,
  policy: RunPolicy,
  now: number,
): Decision {
  const state: RunState = {
    kind: 'failover',
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
      return state.phase === 'releasing' ? released(state, event, policy) : stay(state);
    case 'resumed':
      return resumed(state, event.now, policy);
    case 'accepted':
      return accepted(state, event);
    case 'abort':
      return abort(state, event);
    case 'replaced':
      return givesWay(state) ? replaced(state, event) : stay(state);
  }
}

function observed(state: RunState, now: number, policy: RunPolicy): Decision {
  const { evidence, kind, trigger, accepted: acceptance } = state;
  if (!evidence) return stay(state);
  const verdicts = judge({ kind, trigger, evidence, policy, ...(acceptance && { accepted: acceptance }) });
  const asked: RunState = { ...state, verdicts };
  const says = together(verdicts);
  if (waitsForAcceptance(state)) return lookedAgain(asked, says, evidence, now, policy);
  if (state.dryRun) {
    const why = says === 'yes' ? `the ${kind} would start now` : reasons(verdicts);
    return end({ ...asked, ...lossOf(state, evidence, policy) }, now, 'DRY_RUN', why);
  }
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
      return waitForPerson(asked, now, policy);
    case 'yes': {
      const letThrough: RunState = {
        ...asked,
        phase: 'claiming',
        claimedAbove: asked.claimedAbove ?? (evidence.register.known ? evidence.register.epoch : 0),
        ...lossOf(state, evidence, policy),
      };
      return {
        state: letThrough,
        commands: [
          { do: 'claim', delayMs: 0 },
          alert(
            `begun:${state.runId}`,
            `${A_RUN[kind]} begins`,
            `Run ${state.runId} ${because(state)}; ${lossText(letThrough)}.`,
          ),
        ],
      };
    }
  }
}

/**
 * An operator's run that waits was looked at again: what the guards say is there to be read, and nothing begins by it. It ends
 * where it makes no sense any more, and where the alarm's failover would begin by itself, which it must not hold up.
 */
function lookedAgain(
  state: RunState,
  says: ReturnType<typeof together>,
  evidence: Evidence,
  now: number,
  policy: RunPolicy,
): Decision {
  if (says === 'no') return refuse(state, now, reasons(state.verdicts));
  if (together(judge({ trigger: { kind: 'alarm' }, evidence, policy })) === 'yes') {
    return refuse(state, now, 'the alarm begins a failover of its own now');
  }
  return stay({ ...state, phase: 'waiting-for-person' });
}

/** What would be lost, and since when something is wrong: in a switchover neither. */
function lossOf(
  { kind, trigger }: RunState,
  evidence: Evidence,
  policy: RunPolicy,
): { readonly lossMs?: number; readonly faultAt?: number } {
  if (kind === 'switchover') return { lossMs: 0 };
  const loss = estimateLoss(evidence, policy, trigger);
  return {
    ...(loss.faultAt !== undefined && { faultAt: loss.faultAt }),
    ...(loss.known && { lossMs: loss.lossMs }),
  };
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

/**
 * Ends a run that has done nothing yet. One that has sent a claim does not know that: what was lost may be the answers, or an
 * invocation before this one may still be at it. So it gives back every epoch that this region has taken since the guards were asked.
 */
function turnBack(state: RunState, now: number, why: string): Decision {
  const { claimedAbove } = state;
  if (claimedAbove === undefined) return refuse(state, now, why);
  return release({ ...state, claim: { epoch: claimedAbove + 1, openFrom: now, wonAt: now } }, why);
}

/** The epoch first, so that the other region may write again; then its consumers, as often as makes sense. */
function released(
  state: RunState,
  { now, ok, consumers }: Extract<RunEvent, { type: 'released' }>,
  policy: RunPolicy,
): Decision {
  if (!ok) return { state, commands: [{ do: 'release', delayMs: 5_000 }] };
  const restoreAttempts = (state.restoreAttempts ?? 0) + 1;
  const attempts = consumers?.isBusy === true ? policy.restoreBusyAttempts : policy.restoreAttempts;
  if (consumers && restoreAttempts < attempts) {
    return { state: { ...state, restoreAttempts }, commands: [{ do: 'release', delayMs: policy.restoreAgainMs }] };
  }
  const why = state.why ?? 'released';
  const stopped =
    consumers === undefined
      ? ''
      : `; the other region's consumers are stopped, and have to be started: ${consumers.why}`;
  return withAlert(end(state, now, 'ABORTED', `${why}${stopped}`), `${A_RUN[state.kind]} was aborted`);
}

/** Goes on after a crash. */
function resumed(state: RunState, now: number, policy: RunPolicy): Decision {
  switch (state.phase) {
    case 'observing':
    case 'waiting-for-person':
      return askAgain(state, now, policy);
    case 'claiming':
      if (isForgotten(state, state.evidence?.at ?? 0, now, policy)) return turnBack(state, now, FORGOTTEN);
      // After a longer pause the guards may say something else; a claim that was won meanwhile is one of their answers.
      if (now - (state.evidence?.at ?? 0) > policy.askForMs) return askAnew(state, now);
      return { state, commands: [{ do: 'claim', delayMs: 0 }] };
    case 'releasing':
      return { state, commands: [{ do: 'release', delayMs: 0 }] };
    case 'acting':
      return resumeActing(state, now, policy);
    case 'ended':
      return stay(state);
  }
}

/** An operator's run is only gone on with while the one who asked for it still looks at it. */
function askAgain(state: RunState, now: number, policy: RunPolicy): Decision {
  if (!waitsForAcceptance(state)) {
    return isForgotten(state, state.askedSince, now, policy) ? turnBack(state, now, FORGOTTEN) : askAnew(state, now);
  }
  // A run of an earlier release does not tell since when it waits.
  const waitsSince = state.waitsSince ?? state.askedSince;
  if (now - waitsSince < policy.waitForMs) return askAnew({ ...state, waitsSince }, now);
  return refuse(state, now, nobodyAccepted(state, policy));
}

function askAnew(state: RunState, now: number): Decision {
  return { state: { ...state, phase: 'observing', askedSince: now }, commands: [{ do: 'observe', delayMs: 0 }] };
}

function accepted(state: RunState, { now, by }: Extract<RunEvent, { type: 'accepted' }>): Decision {
  if (state.phase !== 'observing' && state.phase !== 'waiting-for-person') return stay(state);
  const { waitsSince: _, why: __, ...answered } = state;
  return askAnew({ ...answered, accepted: by }, now);
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
            `Run ${state.runId}: RDS has accepted the ${state.kind} already.`,
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

/** Nobody is told: the run that comes says itself that it begins, or why not. */
function replaced(state: RunState, { now, who }: Extract<RunEvent, { type: 'replaced' }>): Decision {
  return end({ ...state, replacedBy: who }, now, 'REFUSED', `the failover that ${who} asked for took its place`);
}

function refuse(state: RunState, now: number, why: string): Decision {
  const ended = end(state, now, 'REFUSED', why);
  // An alarm is offered every few seconds; a person is answered each time.
  const episode = (state.trigger.kind === 'alarm' ? state.evidence?.episode : undefined) ?? state.runId;
  return {
    ...ended,
    commands: [
      alert(`refused:${episode}`, `${A_RUN[state.kind]} was refused`, `Run ${state.runId} ${because(state)}: ${why}.`),
    ],
  };
}
