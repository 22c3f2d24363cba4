import { parseRule } from '../detection/composite-rule';
import type { Rule } from '../detection/composite-rule';
import { assumed, ASSUMPTIONS } from './assumptions';
import type { Facts, Ticking } from './facts';
import { declaredBy, HANDLERS } from './handlers';
import { BudgetFactError, numberAt, textAt, valueAt } from './resources';
import type { Described, Fact } from './resources';
import { assumption, range, term, upTo } from './terms';
import type { Origin, Range, Step, Term } from './types';

/** What is lost, as far as it makes a difference to who sees it and how soon. */
export type Fault = 'region' | 'half-open' | 'database' | 'processing';

/** Seconds from which on CloudWatch evaluates an alarm once a minute. */
const STANDARD_PERIOD = 60;

/**
 * From the fault to the composite alarm's last leg: one step per leg of its rule, AND waiting for all and OR for the first.
 * @throws BudgetFactError for a rule with more in it, or a leg that nobody has said of what it sees.
 */
export function detection(facts: Facts, fault: Fault): readonly Step[] {
  const steps: Step[] = [];
  const result = detected(parseRule(textAt(facts.trigger, 'alarmRule')), facts, fault, steps);
  if (result === undefined) throw new BudgetFactError(`no leg of ${facts.trigger.name} sees this fault: ${fault}`);
  return [...steps, { id: 'detected', says: 'every leg that it takes is red', after: [result], terms: [] }];
}

/** Adds the steps of a part of the rule; the id of the one by which it holds, or undefined when the fault never makes it hold. */
function detected(rule: Rule, facts: Facts, fault: Fault, steps: Step[]): string | undefined {
  switch (rule.kind) {
    case 'is':
      if (rule.state !== 'ALARM') throw new BudgetFactError(`the budget reads no ${rule.state} in a rule`);
      return leg(rule.alarm, facts, fault, steps);
    case 'all':
    case 'any': {
      const parts = rule.of.map((part) => detected(part, facts, fault, steps));
      const after = parts.filter((part) => part !== undefined);
      if (after.length === 0 || (rule.kind === 'all' && after.length < parts.length)) return undefined;
      const id = `${rule.kind}-${steps.length}`;
      steps.push({
        id,
        says: `${rule.kind} of its legs`,
        after,
        join: rule.kind === 'all' ? 'all' : 'first',
        terms: [],
      });
      return id;
    }
    case 'not':
    case 'constant':
      throw new BudgetFactError(`the budget reads only ALARM, AND and OR in a rule, and finds ${rule.kind}`);
  }
}

function leg(alarmName: string, facts: Facts, fault: Fault, steps: Step[]): string | undefined {
  const alarm = facts.alarms.get(alarmName);
  if (!alarm) throw new BudgetFactError(`the rule of ${facts.trigger.name} names ${alarmName}, which does not exist`);
  const metric = textAt(alarm, 'metricName');
  const seen = LEGS[metric]?.(facts, alarm, fault);
  if (!(metric in LEGS)) throw new BudgetFactError(`nobody has said what ${metric} sees of a fault (detection.ts)`);
  if (!seen) return undefined;
  const id = `leg ${alarmName}`;
  const { terms, onlyBest = false } = seen;
  steps.push({ id, says: `${alarmName} is red`, after: ['fault'], terms, ...(onlyBest && { onlyBest }) });
  return id;
}

/** How one leg sees a fault; undefined when it does not. */
type Leg = (
  facts: Facts,
  alarm: Described,
  fault: Fault,
) => { readonly terms: readonly Term[]; readonly onlyBest?: boolean } | undefined;

const LEGS: Readonly<Record<string, Leg>> = {
  ProbeFailed: ({ probe }, alarm) => ({
    terms: [
      term('until the next probe begins', upTo(probe.interval.value), probe.interval),
      ...badPeriods(alarm, probe),
      term(
        "a probe's patience with its order; one under way fails with the fault",
        range(0, HANDLERS.probeSettled.seconds, HANDLERS.probeSettled.seconds),
        declaredBy(HANDLERS.probeSettled),
      ),
      ...seenByAlarm(alarm),
    ],
  }),

  HeartbeatAgeSeconds({ heartbeat }, alarm, fault) {
    if (fault !== 'region' && fault !== 'half-open') return undefined;
    const { watching, watched } = heartbeat;
    const threshold = numberAt(alarm, 'threshold');
    const old = (age: number): number => Math.max(0, threshold.value - age);
    return {
      terms: [
        term(
          'until the last renewal is too old',
          range(old(watched.interval.value), old(watched.interval.value / 2), threshold.value),
          threshold,
          watched.interval,
        ),
        term('until the next heartbeat here looks', upTo(watching.interval.value), watching.interval),
        ...badPeriods(alarm, watching),
        lookAtRegisters(fault),
        ...seenByAlarm(alarm),
      ],
    };
  },

  HeartbeatUnhealthy({ heartbeat, verdict }, alarm, fault) {
    if (fault !== 'database' && fault !== 'processing') return undefined;
    const { watching, watched } = heartbeat;
    return {
      terms: [
        ...(fault === 'processing' ? untilAnOrderIsLate(verdict) : untilTheDatabaseIsGivenUp(verdict)),
        carried(verdict, watched),
        assumption('registerRound'),
        term('until the next heartbeat here looks', upTo(watching.interval.value), watching.interval),
        ...badPeriods(alarm, watching),
        lookAtRegisters(fault),
        ...seenByAlarm(alarm),
      ],
    };
  },

  // It asks /health, which is role-neutral, and for the other faults may find it well.
  SuccessPercent: (_, alarm, fault) => ({
    onlyBest: fault !== 'region',
    terms: [
      term('until the next run of the canary', upTo(numberAt(alarm, 'period').value), numberAt(alarm, 'period')),
      inARow(alarm, numberAt(alarm, 'period').value),
      assumption('canaryRun'),
      ...seenByAlarm(alarm),
    ],
  }),
};

/**
 * The bad periods after the first, and the seam of the schedule: an invocation begins no tick after 55 s, so two ticks around
 * the minute may be that much closer or further apart. Ticks fall on multiples of the interval on the wall clock (ticks.ts), so
 * one seam is all that a row of ticks can lose.
 */
function badPeriods(alarm: Described, ticking: Ticking): readonly Term[] {
  const { schedule, interval } = ticking;
  const seam = Math.max(0, schedule.value - HANDLERS.ticking.seconds);
  return [
    inARow(alarm, interval.value),
    term('the seam between two invocations', range(-seam, 0, seam), schedule, declaredBy(HANDLERS.ticking)),
    assumption('scheduleLateness'),
  ];
}

/** From the first bad period to the last that it takes; not shorter than the ticks that fill them. */
function inARow(alarm: Described, interval: number): Term {
  const period = numberAt(alarm, 'period');
  const of = valueAt(alarm, 'datapointsToAlarm') === undefined ? 'evaluationPeriods' : 'datapointsToAlarm';
  const needed = numberAt(alarm, of);
  const more = Math.max(0, needed.value - 1);
  const seconds = more * Math.max(period.value, interval);
  return term(
    `${more} more bad periods of ${period.value} s in a row`,
    range(seconds, seconds, seconds),
    period,
    needed,
  );
}

function seenByAlarm(alarm: Described): readonly Term[] {
  const period = numberAt(alarm, 'period');
  const evaluation = period.value < STANDARD_PERIOD ? 'evaluationHighResolution' : 'evaluationStandard';
  return [assumption('metricDelivery'), assumption(evaluation, period)];
}

/** One round to the registers; a location that is lost costs the client all of its attempts. */
export function lookAtRegisters(fault: Fault): Term {
  return term('a look at the registers', registerRound(fault), ...roundOrigins(fault));
}

export function registerRound(fault: Fault, rounds = 1): Range {
  const { best, expected, worst } = ASSUMPTIONS.registerRound.seconds;
  const isLost = fault === 'region' || fault === 'half-open';
  const patience = HANDLERS.registerAttempts.seconds;
  if (!isLost) return range(rounds * best, rounds * expected, rounds * worst);
  return range(rounds * best, patience / 2 + (rounds - 1) * expected, rounds * patience);
}

/** Where the figures of a round come from. */
export function roundOrigins(fault: Fault): readonly Origin[] {
  const isLost = fault === 'region' || fault === 'half-open';
  return [assumed('registerRound'), ...(isLost ? [declaredBy(HANDLERS.registerAttempts)] : [])];
}

/**
 * The verdict and the renewal that carries it: both tick on the same multiples of the wall clock, so with equal intervals the
 * time that a verdict takes lies within the interval of the renewals.
 */
function carried(verdict: Ticking, watched: Ticking): Term {
  const takes = HANDLERS.verdictCheck.seconds + HANDLERS.verdictQueue.seconds;
  const interval = watched.interval.value;
  const worst = verdict.interval.value === interval ? Math.max(interval, takes) : interval + takes;
  return term(
    'until a renewal carries the verdict',
    range(0, worst / 2, worst),
    watched.interval,
    declaredBy(HANDLERS.verdictCheck),
    declaredBy(HANDLERS.verdictQueue),
  );
}

/** An order without an effect counts only once it is old enough, and there has to be one: the probe sends one per interval. */
function untilAnOrderIsLate({ interval }: Ticking): readonly Term[] {
  const youngest: Fact['value'] = HANDLERS.youngestOrder.seconds;
  return [
    term('until an order is received', upTo(interval.value), interval),
    term(
      'until an order without an effect is old enough',
      range(youngest, youngest, youngest),
      declaredBy(HANDLERS.youngestOrder),
    ),
    term('until the next verdict is begun there', upTo(interval.value), interval),
  ];
}

/** A verdict counts from the last one that found the database well, which was made up to an interval before the fault. */
function untilTheDatabaseIsGivenUp({ interval }: Ticking): readonly Term[] {
  const patience = HANDLERS.databasePatience.seconds;
  const seconds = Math.ceil(patience / interval.value) * interval.value;
  return [
    term(
      `until the first verdict ${patience} s after the last one that was good`,
      range(seconds - interval.value, seconds - interval.value / 2, seconds),
      interval,
      declaredBy(HANDLERS.databasePatience),
    ),
  ];
}
