import { readySteps } from '../../../lambda/failover-orchestrator/plan';
import type { RunState } from '../../../lambda/failover-orchestrator/run';
import { type Fault, faulty } from '../fault';
import { type Protocol, REAL } from '../protocol';

type Decide = Protocol['decide'];

/** Begins the plan as if the claim were won. */
const actsAtOnce: Decide = (state, event, policy) => {
  const decision = REAL.decide(state, event, policy);
  if (event.type !== 'observed' || decision.state.phase !== 'claiming') return decision;
  return {
    state: { ...decision.state, phase: 'acting' },
    commands: [{ do: 'step', step: 'promote', delayMs: 0, attemptMs: 0 }],
  };
};

/** Takes every guard's no for a yes. */
const doesNotListen: Decide = (state, event, policy) => {
  const decision = REAL.decide(state, event, policy);
  if (event.type !== 'observed' || decision.state.outcome !== 'REFUSED') return decision;
  return { state: { ...state, evidence: event.evidence, phase: 'claiming' }, commands: [{ do: 'claim', delayMs: 0 }] };
};

/** Goes on after a crash with what has not begun, and leaves what has. */
const forgetsWhatWasBegun: Decide = (state, event, policy) => {
  const decision = REAL.decide(state, event, policy);
  if (event.type !== 'resumed' || state.phase !== 'acting') return decision;
  const ready = new Set(readySteps(state.steps).map(({ name }) => name));
  return {
    ...decision,
    commands: decision.commands.filter((command) => command.do === 'step' && ready.has(command.step)),
  };
};

/** Goes on claiming, however long ago the guards were asked. */
const claimsByOldAnswers: Decide = (state, event, policy) =>
  event.type === 'resumed' && state.phase === 'claiming'
    ? { state, commands: [{ do: 'claim', delayMs: 0 }] }
    : REAL.decide(state, event, policy);

/** Opens the lease side by side with the promotion. */
const opensAtOnce: Decide = (state, event, policy) => {
  const decision = REAL.decide(state, event, policy);
  if (event.type !== 'claimed' || decision.state.phase !== 'acting') return decision;
  const steps: RunState['steps'] = { ...decision.state.steps, open: { status: 'started', attempts: 1 } };
  return {
    state: { ...decision.state, steps },
    commands: [...decision.commands, { do: 'step', step: 'open', delayMs: 0, attemptMs: 0 }],
  };
};

/** Waits for everything as long as it takes, once RDS has taken the order. */
const neverGivesUp: Decide = (state, event, policy) =>
  REAL.decide(state, event, { ...policy, giveUpAfterMs: Infinity });

/** Ends a run that is resumed late, whatever has become of the promotion. */
const endsWhenLate: Decide = (state, event, policy) => {
  const isLate = event.type === 'resumed' && state.claim && event.now - state.claim.wonAt >= policy.giveUpAfterMs;
  if (!isLate || state.phase !== 'acting') return REAL.decide(state, event, policy);
  return { state: { ...state, phase: 'ended', outcome: 'STUCK' }, commands: [] };
};

/** Does not note an abort while it releases, so that it is asked for again and again. */
const doesNotNoteAbort: Decide = (state, event, policy) =>
  event.type === 'abort' && state.phase === 'releasing' ? { state, commands: [] } : REAL.decide(state, event, policy);

/** Takes a claim whose answers are lost for one that was not won. */
const refusesAfterClaim: Decide = (state, event, policy) => {
  const decision = REAL.decide(state, event, policy);
  const turnsBack = event.type === 'claimed' && !event.result.won && decision.state.phase === 'releasing';
  return turnsBack ? { state: { ...decision.state, phase: 'ended', outcome: 'REFUSED' }, commands: [] } : decision;
};

/** Ends when it has tried to release, whatever became of it. */
const releasesOnce: Decide = (state, event, policy) =>
  REAL.decide(state, event.type === 'released' ? { ...event, ok: true } : event, policy);

/** Goes on asking RDS when its time for that is over. */
const neverReleases: Decide = (state, event, policy) =>
  REAL.decide(state, event, { ...policy, stuckAfterMs: Infinity });

/** Waits for a switchover that RDS has cancelled, as long as for any other step. */
const waitsForTheCancelled: Decide = (state, event, policy) =>
  REAL.decide(state, event, { ...policy, quietForMs: Infinity });

/** Goes on asking for a switchover that RDS refuses. */
const asksForEver: Decide = (state, event, policy) => REAL.decide(state, event, { ...policy, orderWithinMs: Infinity });

/** Takes no answer for a yes: there is no way back from an order that RDS may never have had. */
const takesSilenceForYes: Decide = (state, event, policy) => {
  if (event.type !== 'step' || event.result.kind !== 'pending' || !event.result.unanswered) {
    return REAL.decide(state, event, policy);
  }
  const result = { kind: 'pending', detail: event.result.detail, accepted: true } as const;
  return REAL.decide(state, { ...event, result }, policy);
};

/** Takes no answer for a no: the run is given up while RDS may yet begin. */
const takesSilenceForNo: Decide = (state, event, policy) => REAL.decide(state, event, { ...policy, doubtForMs: 0 });

/** Does not think of an order that the invocation before may have given. */
const forgetsTheOrder: Decide = (state, event, policy) => {
  const decision = REAL.decide(state, event, policy);
  if (event.type !== 'resumed') return decision;
  const { unansweredAt: _, ...run } = decision.state;
  return { ...decision, state: run };
};

/** Waits for an order that RDS has not answered, as long as for any other step. */
const neverSettles: Decide = (state, event, policy) => REAL.decide(state, event, { ...policy, doubtForMs: Infinity });

/** Goes on with an operator's run that waits as with the alarm's: once the guards say yes. */
const startsByItself: Decide = (state, event, policy) => {
  if (event.type !== 'resumed' || state.phase !== 'waiting-for-person') return REAL.decide(state, event, policy);
  const { waitsSince: _, ...run } = state;
  return { state: { ...run, phase: 'observing', askedSince: event.now }, commands: [{ do: 'observe', delayMs: 0 }] };
};

/** Refuses a run in a region that owns the epoch, although its database takes no writes. */
const refusesTheUnfinished: Decide = (state, event, policy) => {
  if (event.type !== 'observed' || !event.evidence.register.known) return REAL.decide(state, event, policy);
  const { verdict: _, ...register } = event.evidence.register;
  if (register.activeRegion !== state.region) return REAL.decide(state, event, policy);
  return REAL.decide(state, { ...event, evidence: { ...event.evidence, register } }, policy);
};

/** Lets an operator's failover take the place of a run that claims, too. */
const givesWayWhileItClaims: Protocol['givesWay'] = (state) =>
  REAL.givesWay(state) || (state.trigger.kind === 'alarm' && state.phase === 'claiming');

const endsWhileItClaims: Decide = (state, event, policy) => {
  if (event.type !== 'replaced' || state.phase !== 'claiming') return REAL.decide(state, event, policy);
  return { state: { ...state, phase: 'ended', outcome: 'REFUSED' }, commands: [] };
};

/** Mistakes with runs and their journal. */
export function runFaults(): readonly Fault[] {
  return [
    {
      name: 'act-before-claim',
      about: 'a run orders the promotion when the guards have let it through, without an epoch',
      protocol: faulty({ decide: actsAtOnce }),
      breaks: 'a claim before a promotion',
      foundIn: 'a run',
    },
    {
      name: 'guards-not-heard',
      about: 'a run goes on although a guard says no',
      protocol: faulty({ decide: doesNotListen }),
      breaks: 'guards are asked first',
      foundIn: 'a run',
    },
    {
      name: 'old-answers',
      about: 'a run that is resumed after a long pause claims without asking the guards again',
      protocol: faulty({ decide: claimsByOldAnswers }),
      breaks: 'guards are asked first',
      foundIn: 'a run',
    },
    {
      name: 'open-before-promotion',
      about: 'the lease is opened side by side with the promotion',
      protocol: faulty({ decide: opensAtOnce }),
      breaks: 'a step waits for the ones before it',
      foundIn: 'a run',
    },
    {
      name: 'step-not-resumed',
      about: 'after a crash a step that had begun is not attempted again',
      protocol: faulty({ decide: forgetsWhatWasBegun }),
      breaks: 'every crash resumes',
      foundIn: 'a run',
    },
    {
      name: 'never-gives-up',
      about: 'a run waits for its steps as long as it takes, once RDS has taken the order',
      protocol: faulty({ decide: neverGivesUp }),
      breaks: 'every run ends',
      foundIn: 'a run',
    },
    {
      name: 'release-not-awaited',
      about: 'a run ends when it has tried to give its epoch back, whether a majority has taken it or not',
      protocol: faulty({ decide: releasesOnce }),
      breaks: 'what a run gives up is free',
      foundIn: 'an abort',
    },
    {
      name: 'claimed-and-refused',
      about: 'a run whose claims are lost, for all it knows, ends without giving back what it may have won',
      protocol: faulty({ decide: refusesAfterClaim }),
      breaks: 'what a run gives up is free',
      foundIn: 'an abort',
    },
    {
      name: 'stuck-and-kept',
      about: 'a run whose order RDS does not take keeps its epoch until it gives up altogether',
      protocol: faulty({ decide: neverReleases }),
      breaks: 'what a run gives up is free',
      foundIn: 'a run',
    },
    {
      name: 'late-and-kept',
      about: 'a run that is resumed late ends as it is, although RDS never had an order',
      protocol: faulty({ decide: endsWhenLate }),
      breaks: 'what a run gives up is free',
      foundIn: 'a run',
    },
    {
      name: 'abort-not-noted',
      about: 'a run that is releasing does not note that an operator wants it aborted',
      protocol: faulty({ decide: doesNotNoteAbort }),
      breaks: 'every crash resumes',
      foundIn: 'an abort',
    },
    {
      name: 'unfinished-refused',
      about: 'a region that owns an epoch it cannot use is refused the run that would go on',
      protocol: faulty({ decide: refusesTheUnfinished }),
      breaks: 'every crash resumes',
      foundIn: 'an abort',
    },
    {
      name: 'cancelled-and-kept',
      about: 'a run whose switchover RDS has cancelled keeps its epoch until it gives up altogether',
      protocol: faulty({ decide: waitsForTheCancelled }),
      breaks: 'what a run gives up is free',
      foundIn: 'a switchover',
    },
    {
      name: 'refused-and-kept',
      about: 'a run whose switchover RDS refuses asks again and again while nobody can write',
      protocol: faulty({ decide: asksForEver }),
      breaks: 'what a run gives up is free',
      foundIn: 'a switchover',
    },
    {
      name: 'silence-is-yes',
      about: 'a failover that RDS has not answered counts as taken for ever, although every look shows the old writer',
      protocol: faulty({ decide: takesSilenceForYes }),
      breaks: 'what a run gives up is free',
      foundIn: 'a run',
    },
    {
      name: 'silence-never-settled',
      about: 'a failover that RDS has not answered is waited for until the run gives up altogether',
      protocol: faulty({ decide: neverSettles }),
      breaks: 'what a run gives up is free',
      foundIn: 'a run',
    },
    {
      name: 'silence-is-no',
      about: 'a run is given up right after an order that RDS has not answered, and may begin with yet',
      protocol: faulty({ decide: takesSilenceForNo }),
      breaks: 'an order is settled first',
      foundIn: 'an order without an answer',
    },
    {
      name: 'order-of-the-dead',
      about: 'a run is given up right after a crash, although the invocation that died may have given an order',
      protocol: faulty({ decide: forgetsTheOrder }),
      breaks: 'an order is settled first',
      foundIn: 'an order without an answer',
    },
    {
      name: 'person-not-waited-for',
      about: "an operator's run that waits for a person starts by itself once the guards let it",
      protocol: faulty({ decide: startsByItself }),
      breaks: 'a person is waited for',
      foundIn: "an operator's run",
    },
    {
      name: 'opened-by-a-higher-epoch',
      about: 'a run ends as having lost its epoch when a heartbeat of its own region has opened a higher one meanwhile',
      protocol: faulty({ habits: { opensBy: (found, own) => found === own } }),
      breaks: 'who opens goes on',
      foundIn: 'an opening',
    },
    {
      name: 'journal-after-act',
      about: 'a run acts on a decision before it is in the journal',
      protocol: faulty({ habits: { journalFirst: false } }),
      breaks: 'what is done is in the journal',
      foundIn: 'runs and their journal',
    },
    {
      name: 'zombie-writes-journal',
      about: 'an invocation that was replaced goes on writing the journal',
      protocol: faulty({ habits: { checksOwner: false } }),
      breaks: 'the journal only goes forward',
      foundIn: 'runs and their journal',
    },
    {
      name: 'claim-gives-way',
      about: "an operator's failover takes the place of a run that claims, as if that had claimed nothing",
      protocol: faulty({ decide: endsWhileItClaims, givesWay: givesWayWhileItClaims }),
      breaks: 'what a run gives up is free',
      foundIn: 'a run that gives way',
    },
  ];
}
