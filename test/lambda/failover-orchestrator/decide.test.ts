import fc from 'fast-check';
import { beginRun, decide } from '../../../lambda/failover-orchestrator/decide';
import { together } from '../../../lambda/failover-orchestrator/guards';
import { PLAN, type StepName } from '../../../lambda/failover-orchestrator/plan';
import type { RunEvent, RunPolicy, RunState } from '../../../lambda/failover-orchestrator/run';
import {
  accepted,
  after,
  ALARM,
  DR,
  evidence,
  lost,
  NOW,
  observed,
  OPERATOR,
  POLICY,
  PRIMARY,
  register,
  stepped,
  wants,
  won,
} from './support/run';

const FORCED = { ...OPERATOR, force: true };
const unhealthy = { healthy: false, at: NOW - 5_000, writableAt: NOW - 5_000 };
const silent = { known: false, why: 'time-out' } as const;

type Scene = readonly [reason: string, events: readonly RunEvent[], phase: string, wants: readonly string[]];

const OBSERVE_AGAIN = 'observe in 5000';
const cutOff = { witnessAnswers: false };
const readySteps = [
  'step stop-consumers',
  'step start-consumers',
  'step promote',
  'step shift-traffic',
  'step raise-floor',
];
const untilOpen = [observed(), won(), accepted(), stepped('promote')];
const everyStep: readonly RunEvent[] = (
  [
    'stop-consumers',
    'start-consumers',
    'promote',
    'shift-traffic',
    'raise-floor',
    'open',
    'reconcile',
    'verify',
    'announce',
    'record-change',
    'report',
  ] as const
).map((name) => stepped(name));

const SCENES: readonly Scene[] = [
  ['a run knows nothing at first, so it asks', [], 'observing', ['observe']],
  ['all guards say yes', [observed()], 'claiming', ['claim', 'alert begun:run-1']],
  ['a doubt is asked again', [observed(cutOff)], 'observing', [OBSERVE_AGAIN]],
  [
    'a doubt that stays is left to the reconciler',
    [observed(cutOff), observed(cutOff, NOW + 60_000)],
    'ended REFUSED',
    ['alert refused:red since 2026-11-26T02:59:50.000Z'],
  ],
  [
    'a no is final',
    [observed({ maintenance: true })],
    'ended REFUSED',
    ['alert refused:red since 2026-11-26T02:59:50.000Z'],
  ],
  ['too great a loss waits', [observed({ lag: silent })], 'waiting-for-person', ['alert person:run-1']],
  ['the person accepts', [observed({ lag: silent }), accept()], 'observing', ['observe']],
  ['a run that waits is looked at again', [observed({ lag: silent }), resume()], 'observing', ['observe']],
  [
    'an accepted loss is asked about once more before it is taken',
    [observed({ lag: silent }), accept(), observed({ lag: silent })],
    'claiming',
    ['claim', 'alert begun:run-1'],
  ],
  ['nothing is claimed twice by a late answer', [observed(), observed()], 'claiming', []],
  ['a lost claim is tried again', [observed(), lost()], 'claiming', ['claim in 1000']],
  [
    'ten lost claims are enough; one may have been won without its answer, so what there is is given back',
    [observed(), ...Array.from({ length: 10 }, () => lost())],
    'releasing',
    ['release'],
  ],
  [
    'but not after a pause: the guards may say something else by then',
    [observed(), resume(NOW + 60_001)],
    'observing',
    ['observe'],
  ],
  ['a claim that died is made again', [observed(), resume()], 'claiming', ['claim']],
  ['what needs nothing begins at once', [observed(), won()], 'acting', readySteps],
  ['a late claim changes nothing', [observed(), won(), won()], 'acting', []],
  ['a promotion that is not over is asked for again', [observed(), won(), accepted()], 'acting', ['step promote']],
  ['writes open only after the promotion', untilOpen, 'acting', ['step open']],
  [
    'orders are looked for once writes are open',
    [...untilOpen, stepped('shift-traffic'), stepped('start-consumers'), stepped('open')],
    'acting',
    ['step reconcile', 'step verify', 'step announce', 'step record-change'],
  ],
  [
    'a best effort that fails does not hold the plan up',
    [observed(), won(), stepped('stop-consumers', 'failed')],
    'acting',
    [],
  ],
  [
    'a step that must succeed is tried again',
    [observed(), won(), stepped('start-consumers', 'failed')],
    'acting',
    ['step start-consumers'],
  ],
  [
    'an answer of a step that has not begun changes nothing',
    [observed(), won(), stepped('open', 'lost-epoch')],
    'acting',
    [],
  ],
  [
    'the registers name another owner',
    [observed(), won(), stepped('promote', 'lost-epoch')],
    'ended ABORTED',
    ['alert ABORTED:run-1'],
  ],
  [
    'the old writer stays the writer for ten minutes',
    [observed(), won(), stepped('stop-consumers'), stepped('promote', 'pending', NOW + 601_000)],
    'releasing',
    ['release'],
  ],
  [
    'what may still stop consumers is waited for, because the release starts them again',
    [observed(), won(), stepped('promote', 'pending', NOW + 601_000)],
    'releasing',
    ['release in 4000'],
  ],
  [
    'not once RDS has taken the order',
    [observed(), won(), accepted(), stepped('promote', 'pending', NOW + 601_000)],
    'acting',
    ['step promote'],
  ],
  [
    'half an hour is the end for a person to look at',
    [observed(), won(), accepted(), stepped('promote', 'pending', NOW + 1_801_000)],
    'ended STUCK',
    ['alert STUCK:run-1'],
  ],
  [
    'by then nothing else is worth another attempt',
    [observed(), won(), accepted(), stepped('raise-floor', 'failed', NOW + 1_801_000)],
    'acting',
    [],
  ],
  [
    'a release that is not confirmed is repeated',
    [observed(), won(), abort(), stepped('promote', 'pending'), released(false)],
    'releasing',
    ['release in 5000'],
  ],
  [
    'a release ends the run',
    [observed(), won(), abort(), stepped('promote', 'pending'), released(true)],
    'ended ABORTED',
    ['alert ABORTED:run-1'],
  ],
  [
    'a release that died is made again',
    [observed(), won(), abort(), stepped('promote', 'pending'), resume()],
    'releasing',
    ['release'],
  ],
  ['an abort ends what only asks', [abort()], 'ended REFUSED', ['alert refused:run-1']],
  [
    'an abort ends what waits',
    [observed({ lag: silent }), abort()],
    'ended REFUSED',
    ['alert refused:red since 2026-11-26T02:59:50.000Z'],
  ],
  ['an abort during a claim gives back what is won', [observed(), abort(), won()], 'releasing', ['release']],
  [
    'an abort during a claim that is lost gives back what may have been won all the same',
    [observed(), abort(), lost()],
    'releasing',
    ['release'],
  ],
  [
    'there is no way back from an accepted failover',
    [observed(), won(), accepted(), abort()],
    'acting',
    ['alert no-abort:run-1'],
  ],
  ['a dead run begins again what had begun', [observed(), won(), accepted(), resume()], 'acting', readySteps],
  [
    'and what could begin since',
    [...untilOpen, resume()],
    'acting',
    ['step stop-consumers', 'step start-consumers', 'step shift-traffic', 'step raise-floor', 'step open'],
  ],
  [
    'but not after half an hour',
    [observed(), won(), accepted(), resume(NOW + 1_801_000)],
    'ended STUCK',
    ['alert STUCK:run-1'],
  ],
  [
    'an end is an end',
    [observed({ maintenance: true }), resume(), observed(), won(), abort(), accept()],
    'ended REFUSED',
    [],
  ],
  ['every step is done', [observed(), won(), ...everyStep], 'ended DONE', []],
];

function accept(): RunEvent {
  return { type: 'accepted', now: NOW, by: { who: 'ada', lossMs: Infinity } };
}
function resume(now = NOW + 3_000): RunEvent {
  return { type: 'resumed', now };
}
function abort(): RunEvent {
  return { type: 'abort', now: NOW, who: 'ada' };
}
function released(ok: boolean): RunEvent {
  return { type: 'released', now: NOW, ok };
}

test.each(SCENES)('%s', (_, events, phase, wanted) => {
  const decision = after(events);
  expect([decision.state.phase, decision.state.outcome].filter(Boolean).join(' ')).toBe(phase);
  expect(wants(decision)).toEqual(wanted);
});

test('a dry run asks everybody and does nothing, whatever they say', () => {
  const dry = after([observed()], { dryRun: true });
  expect(dry.state).toMatchObject({ phase: 'ended', outcome: 'DRY_RUN', why: 'the failover would start now' });
  expect(dry.commands).toEqual([]);
  expect(after([observed({ maintenance: true })], { dryRun: true }).state.why).toBe(
    'maintenance: maintenance is announced',
  );
});

describe('whatever happens, in any order', () => {
  const pick = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> =>
    fc.constantFrom(...values);
  const anyEvidence = fc
    .record({
      alarm: pick('red', 'not-red', 'unknown'),
      maintenance: fc.boolean(),
      unhealthyForLong: fc.boolean(),
      witnessAnswers: fc.boolean(),
      vantage: pick('up', 'down', 'unknown'),
      register: pick(
        silent,
        register({}),
        register({ lastRenewal: NOW }),
        register({ lastRenewal: NOW, verdict: unhealthy }),
        register({ activeRegion: DR }),
        register({ activeRegion: DR, released: true }),
      ),
      lag: pick(silent, evidence().lag, { known: true, sample: { calculatedAt: NOW - 200_000, lagMs: 1 } } as const),
      readiness: pick(silent, evidence().readiness, { known: true, blockers: ['x'] } as const),
      lastFailoverAt: pick(0, NOW - 1_000),
    })
    .map((change) => evidence(change));
  const now = fc.integer({ min: 0, max: 2_000_000 }).map((ms) => NOW + ms);
  const names: readonly StepName[] = PLAN.map(({ name }) => name);
  const anyEvent: fc.Arbitrary<RunEvent> = fc.oneof(
    fc.record({ type: pick('observed'), now, evidence: anyEvidence }),
    fc.record({ type: pick('observed'), now, evidence: fc.constant(evidence()) }),
    fc.record({
      type: pick('claimed'),
      now,
      result: pick({ won: true, epoch: 2, openFrom: NOW }, { won: false, why: 'x' }),
    }),
    fc.record({
      type: pick('step'),
      now,
      step: pick(...names),
      result: pick(
        { kind: 'done', detail: '' },
        { kind: 'pending', detail: '' },
        { kind: 'pending', detail: '', accepted: true },
        { kind: 'pending', detail: '', unanswered: true },
        { kind: 'pending', detail: '', quiet: true },
        { kind: 'failed', detail: '' },
        { kind: 'failed', detail: '', unanswered: true },
        { kind: 'lost-epoch', detail: '' },
      ),
    }),
    fc.record({ type: pick('released'), now, ok: fc.boolean() }),
    fc.record({ type: pick('resumed'), now }),
    fc.record({
      type: pick('accepted'),
      now,
      by: pick({ who: 'ada', lossMs: Infinity }, { who: 'ada', lossMs: 1 }),
    }),
    fc.record({ type: pick('abort'), now, who: fc.constant('ada') }),
  );
  const anyTrigger = pick(ALARM, OPERATOR, FORCED);

  const seenInAnyRun = (
    check: (before: RunState, event: RunEvent, next: ReturnType<typeof decide>) => void,
    numRuns = 300,
  ) =>
    fc.assert(
      fc.property(
        anyTrigger,
        pick('automatic', 'alert-only'),
        fc.array(anyEvent, { maxLength: 25 }),
        (trigger, mode, events) => {
          const policy: RunPolicy = { ...POLICY, mode };
          let { state } = beginRun({ runId: 'run-1', trigger, dryRun: false }, policy, NOW);
          for (const event of events) {
            const next = decide(state, event, policy);
            check(state, event, next);
            state = next.state;
          }
        },
      ),
      { numRuns },
    );

  test('nothing is claimed and no step is begun while any guard says no', () =>
    seenInAnyRun((_, __, { state, commands }) => {
      if (!commands.some((command) => command.do === 'claim' || command.do === 'step')) return;
      expect(together(state.verdicts)).toBe('yes');
      expect(state.verdicts).toHaveLength(8);
    }));

  test('no step is begun without an epoch that was won, nor before what it waits for has ended', () =>
    seenInAnyRun((_, __, { state, commands }) => {
      for (const command of commands) {
        if (command.do !== 'step') continue;
        expect(state.claim).toBeDefined();
        const { after: earlier } = PLAN.find(({ name }) => name === command.step) ?? { after: [] };
        expect(earlier.every((name) => ['done', 'failed'].includes(state.steps[name].status))).toBe(true);
        expect(state.steps[command.step].status).toBe('started');
      }
    }));

  test('an epoch is never given back once RDS has taken the order', () =>
    seenInAnyRun((_, __, { state, commands }) => {
      if (commands.some((command) => command.do === 'release')) expect(state.promotionAccepted).toBe(false);
    }));

  test('nor while RDS may yet begin with an order that it has not answered', () =>
    seenInAnyRun((_, __, { state, commands }) => {
      if (commands.some((command) => command.do === 'release')) expect(state.unansweredAt).toBeUndefined();
    }, 1_000));

  test('an end stays as it is, and wants nothing more', () =>
    seenInAnyRun((before, _, { state, commands }) => {
      if (before.phase !== 'ended') return;
      expect(state).toBe(before);
      expect(commands).toEqual([]);
    }));

  test('decisions do not change what they are made from', () =>
    seenInAnyRun((before, event, { state }) => {
      const copy = structuredClone(before);
      decide(before, event, POLICY);
      expect(before).toEqual(copy);
      expect(state.runId).toBe('run-1');
    }, 20));
});

test('a run of primary is judged by the same rules, the other way round', () => {
  const policy = { ...POLICY, region: PRIMARY };
  const run = after([observed({ register: register({ activeRegion: DR }) })], { trigger: OPERATOR }, policy);
  expect(wants(run)).toEqual(['claim', 'alert begun:run-1']);
});
