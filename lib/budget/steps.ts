import { detection, lookAtRegisters, registerRound, roundOrigins } from './detection';
import type { Fault } from './detection';
import type { Facts } from './facts';
import { declaredBy, HANDLERS } from './handlers';
import { assumption, bounded, exactly, plus, range, term, upTo } from './terms';
import type { Step, Term } from './types';

/** The step with which every chain ends. */
export const LAST_STEP = 'first good order';

/** The step with the promotion. */
const PROMOTED = 'promoted';

/** The same steps with another promotion than the assumed one, in seconds. */
export function withPromotion(steps: readonly Step[], promotionSeconds: number): readonly Step[] {
  const seconds = exactly(promotionSeconds);
  const isPromotion = ({ origins: [origin] }: Term) => origin?.kind === 'assumption' && origin.id === 'promotion';
  return steps.map((step) =>
    step.id === PROMOTED
      ? { ...step, terms: step.terms.map((one) => (isPromotion(one) ? { ...one, seconds } : one)) }
      : step,
  );
}

/** What tells the DAG of one chain from that of another. */
export interface StepsQuestion {
  readonly fault: Fault;
  /** Whether Route 53's own check of the endpoint sees the fault. */
  readonly endpointFails: boolean;
}

/** The chain as a DAG; each step after those that it names. */
export function stepsOf(question: StepsQuestion, facts: Facts): readonly Step[] {
  const { fault } = question;
  return [
    { id: 'fault', says: 'the fault', after: [], terms: [] },
    ...detection(facts, fault),
    ...decision(fault),
    ...takeOver(fault, facts),
    ...dns(question, facts),
    {
      id: LAST_STEP,
      says: 'a client gets its order through',
      after: ['open', 'clients here'],
      terms: [assumption('clientRetry')],
    },
  ];
}

/** From the alarm to an epoch of our own. */
function decision(fault: Fault): readonly Step[] {
  const rounds = 3;
  const patience = Math.min(HANDLERS.claim.seconds, registerRound(fault, rounds).worst);
  const claim = { ...registerRound(fault, rounds), worst: patience };
  return [
    {
      id: 'called',
      says: 'the orchestrator runs',
      after: ['detected'],
      terms: [assumption('compositeEvaluation'), assumption('alarmCallsFunction')],
    },
    {
      id: 'guards',
      says: 'every guard has said yes',
      after: ['called'],
      terms: [
        assumption('journalWrites'),
        term(
          'everybody is asked, side by side',
          range(registerRound(fault).best, registerRound(fault).expected, HANDLERS.observe.seconds),
          declaredBy(HANDLERS.observe),
          ...roundOrigins(fault),
        ),
      ],
    },
    {
      id: 'claimed',
      says: 'the epoch is won by majority',
      after: ['guards'],
      terms: [
        term(`the claim, ${rounds} rounds to the registers`, claim, declaredBy(HANDLERS.claim), ...roundOrigins(fault)),
      ],
    },
  ];
}

/** The database and the lease, side by side, and then the opening. */
function takeOver(fault: Fault, facts: Facts): readonly Step[] {
  const isLost = fault === 'region' || fault === 'half-open';
  return [
    { id: 'ordered', says: 'RDS has the order to fail over', after: ['claimed'], terms: [lookAtRegisters(fault)] },
    {
      id: PROMOTED,
      says: 'the writer here is seen',
      after: ['ordered'],
      terms: [
        assumption('promotion'),
        term(
          'until the next look at the promotion',
          upTo(HANDLERS.promoteAgain.seconds),
          declaredBy(HANDLERS.promoteAgain),
        ),
        lookAtRegisters(fault),
      ],
    },
    {
      id: 'lease over',
      says: 'the old lease is over on every clock',
      // A region that is lost renews no more; one that is not renews until the claim.
      after: [isLost ? 'fault' : 'claimed'],
      terms: leaseTerms(facts),
    },
    {
      id: 'open',
      says: 'this region takes writes',
      after: [PROMOTED, 'lease over'],
      terms: [bounded('opening', HANDLERS.openAttempt)],
    },
  ];
}

function leaseTerms({ lease, heartbeat }: Facts): readonly Term[] {
  const { interval } = heartbeat.watched;
  const left = range(lease.value - interval.value, lease.value - interval.value / 2, lease.value);
  return [
    term('what is left of the lease', left, lease, interval),
    term('clocks apart', exactly(HANDLERS.clockSkew.seconds), declaredBy(HANDLERS.clockSkew)),
    term('until it is asked again', upTo(HANDLERS.openAgain.seconds), declaredBy(HANDLERS.openAgain)),
  ];
}

/** Clients find the way by Route 53's own check or by the run's switch, whichever comes first. */
function dns({ fault, endpointFails }: StepsQuestion, facts: Facts): readonly Step[] {
  return [
    ...(endpointFails ? [endpointCheck(facts)] : []),
    {
      id: 'switched',
      says: 'Route 53 follows FailoverActive',
      after: ['ordered'],
      terms: [
        term(
          'until shift-traffic finds the promotion accepted',
          upTo(HANDLERS.shiftAgain.seconds),
          declaredBy(HANDLERS.shiftAgain),
        ),
        term(
          'traffic is set in the registers',
          plus(registerRound(fault), registerRound('database')),
          ...roundOrigins(fault),
        ),
        term('FailoverActive is published', upTo(HANDLERS.publishSwitch.seconds), declaredBy(HANDLERS.publishSwitch)),
        term('the period of FailoverActive', upTo(facts.switchPeriod.value), facts.switchPeriod),
        assumption('metricCheck'),
      ],
    },
    {
      id: 'answers',
      says: 'DNS answers with this region',
      after: endpointFails ? ['endpoint check', 'switched'] : ['switched'],
      join: 'first',
      terms: [],
    },
    { id: 'clients here', says: 'clients have the new answer', after: ['answers'], terms: [assumption('aliasTtl')] },
  ];
}

/** The slowest of the checks behind the failover records. */
function endpointCheck({ endpointChecks }: Facts): Step {
  const [slowest] = [...endpointChecks].sort(
    (a, b) => b.interval.value * b.threshold.value - a.interval.value * a.threshold.value,
  );
  if (!slowest) throw new Error('facts have at least one endpoint check');
  const { interval, threshold } = slowest;
  return {
    id: 'endpoint check',
    says: "Route 53's checkers find the endpoint dead",
    after: ['fault'],
    terms: [
      term('until each checker asks again', upTo(interval.value), interval),
      term(
        `${threshold.value - 1} more failed checks`,
        exactly((threshold.value - 1) * interval.value),
        interval,
        threshold,
      ),
      assumption('checkerResponse'),
      assumption('healthToAnswers'),
    ],
  };
}
