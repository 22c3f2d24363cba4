import fc from 'fast-check';
import { type Evidence, type GuardVerdict, judge } from '../../../lambda/failover-orchestrator/guards';
import { estimateLoss } from '../../../lambda/failover-orchestrator/loss';
import type { RunPolicy } from '../../../lambda/failover-orchestrator/run';
import { ALARM, DR, evidence, NOW, OPERATOR, POLICY, register } from './support/run';

const FORCED = { ...OPERATOR, force: true };
const unhealthy = { healthy: false, at: NOW - 5_000, writableAt: NOW - 5_000 };
const readOnly = { healthy: false, at: NOW - 5_000, writableAt: NOW - 95_000 };
/** Alive, and its database takes no writes. */
const notWritable = { healthy: true, at: NOW - 5_000, writableAt: 0 };
const silent = { known: false, why: 'time-out' } as const;

type Guard = GuardVerdict['guard'];
type Case = readonly [reason: string, guard: Guard, says: GuardVerdict['says'], Partial<Evidence>, Partial<Asked>?];
interface Asked {
  readonly trigger: typeof ALARM | typeof OPERATOR | typeof FORCED;
  readonly policy: RunPolicy;
  readonly accepted: { readonly who: string; readonly lossMs: number };
}

const CASES: readonly Case[] = [
  ['automatic mode needs nobody', 'mode', 'yes', {}],
  ['alert-only leaves it to a person', 'mode', 'no', {}, { policy: { ...POLICY, mode: 'alert-only' } }],
  ['a person is the decision', 'mode', 'yes', {}, { trigger: OPERATOR, policy: { ...POLICY, mode: 'alert-only' } }],
  ['announced work is no fault', 'maintenance', 'no', { maintenance: true }],
  ['an operator knows of the work', 'maintenance', 'yes', { maintenance: true }, { trigger: OPERATOR }],
  ['the alarm counts as it is now', 'alarm', 'no', { alarm: 'not-red' }],
  ['an alarm nobody can read may be red', 'alarm', 'ask-again', { alarm: 'unknown' }],
  ['an operator needs no alarm', 'alarm', 'yes', { alarm: 'not-red' }, { trigger: OPERATOR }],
  ['without a majority nobody knows who is active', 'register', 'ask-again', { register: silent }],
  ['an operator cannot go over the registers', 'register', 'ask-again', { register: silent }, { trigger: FORCED }],
  ['this region is active', 'register', 'no', { register: register({ activeRegion: DR }) }],
  [
    'a take-over that was begun and not finished may go on',
    'register',
    'yes',
    { register: register({ activeRegion: DR, verdict: notWritable }) },
  ],
  [
    'not by what it said long ago',
    'register',
    'no',
    { register: register({ activeRegion: DR, verdict: { ...notWritable, at: NOW - 30_001 } }) },
  ],
  [
    'an operator may force it to go on',
    'register',
    'yes',
    { register: register({ activeRegion: DR }) },
    { trigger: FORCED },
  ],
  ['a platform that has not begun to work is not lost', 'register', 'no', { register: register({ lastRenewal: 0 }) }],
  ['an operator may know better', 'register', 'yes', { register: register({ lastRenewal: 0 }) }, { trigger: OPERATOR }],
  [
    'a region that owns the epoch cannot be cut off from it',
    'isolation',
    'yes',
    { vantage: 'up', register: register({ activeRegion: DR, lastRenewal: NOW }) },
  ],
  [
    'its own renewals say nothing of what the other region lost',
    'loss',
    'person',
    { register: register({ activeRegion: DR, verdict: notWritable }) },
  ],
  ['what was released can be taken', 'register', 'yes', { register: register({ activeRegion: DR, released: true }) }],
  [
    'a platform that was never active has nothing to take over: its first deployment is under way',
    'register',
    'no',
    { register: register({ lastRenewal: 0 }) },
  ],
  [
    'a person may start there too',
    'register',
    'yes',
    { register: register({ lastRenewal: 0 }) },
    { trigger: OPERATOR },
  ],
  [
    'an epoch without a database that takes writes is a failover that did not come to its end',
    'register',
    'yes',
    { register: register({ activeRegion: DR, lastRenewal: NOW, verdict: readOnly }) },
  ],
  [
    'the own renewals of such a region say nothing about the other one',
    'isolation',
    'yes',
    { vantage: 'up', register: register({ activeRegion: DR, lastRenewal: NOW, verdict: readOnly }) },
  ],
  [
    'nor do they say what it has committed: a person decides',
    'loss',
    'person',
    { register: register({ activeRegion: DR, lastRenewal: NOW, verdict: readOnly }) },
  ],
  [
    'an active region is left alone by force only',
    'register',
    'yes',
    { register: register({ activeRegion: DR }) },
    { trigger: FORCED },
  ],
  ['flapping is not followed', 'cooldown', 'no', { lastFailoverAt: NOW - 3_599_999 }],
  ['the cooldown is over', 'cooldown', 'yes', { lastFailoverAt: NOW - 3_600_000 }],
  ['an operator does not wait', 'cooldown', 'yes', { lastFailoverAt: NOW - 1 }, { trigger: OPERATOR }],
  ['without the witness this region may be the one cut off', 'isolation', 'ask-again', { witnessAnswers: false }],
  [
    'a region that renews and is seen from outside is up',
    'isolation',
    'ask-again',
    { vantage: 'up', register: register({ lastRenewal: NOW - 20_000 }) },
  ],
  [
    'fresh renewals and no word from outside are a doubt',
    'isolation',
    'ask-again',
    { vantage: 'unknown', register: register({ lastRenewal: NOW - 20_000 }) },
  ],
  [
    'the checkers outside find it down',
    'isolation',
    'yes',
    { vantage: 'down', register: register({ lastRenewal: NOW - 1_000 }) },
  ],
  ['silence in every register is no cut', 'isolation', 'yes', { vantage: 'up' }],
  [
    'it has long said of itself that it is broken',
    'isolation',
    'yes',
    { vantage: 'up', unhealthyForLong: true, register: register({ lastRenewal: NOW, verdict: unhealthy }) },
  ],
  [
    'one bad verdict is what a restart leaves behind (found by the rehearsal: a platform of two minutes was left)',
    'isolation',
    'ask-again',
    { vantage: 'up', register: register({ lastRenewal: NOW, verdict: unhealthy }) },
  ],
  [
    'what it said for long, it says no more',
    'isolation',
    'ask-again',
    { vantage: 'up', unhealthyForLong: true, register: register({ lastRenewal: NOW }) },
  ],
  [
    'an old verdict says nothing',
    'isolation',
    'ask-again',
    {
      vantage: 'up',
      unhealthyForLong: true,
      register: register({ lastRenewal: NOW, verdict: { ...unhealthy, at: NOW - 30_001 } }),
    },
  ],
  ['an operator answers for it', 'isolation', 'yes', { witnessAnswers: false, vantage: 'up' }, { trigger: OPERATOR }],
  ['a promotion would be impossible', 'readiness', 'no', { readiness: { known: true, blockers: ['no instance'] } }],
  ['nobody knows whether it is possible', 'readiness', 'ask-again', { readiness: silent }],
  [
    'an operator is told of blockers too',
    'readiness',
    'no',
    { readiness: { known: true, blockers: ['x'] } },
    { trigger: OPERATOR },
  ],
  ['and may go over them', 'readiness', 'yes', { readiness: { known: true, blockers: ['x'] } }, { trigger: FORCED }],
  ['a loss within the target', 'loss', 'yes', {}],
  [
    'a greater loss is for a person',
    'loss',
    'person',
    { lag: { known: true, sample: { calculatedAt: NOW - 101_000, lagMs: 1 } } },
  ],
  ['so is one that nobody can tell', 'loss', 'person', { lag: silent }],
  [
    'a person has accepted more',
    'loss',
    'yes',
    { lag: { known: true, sample: { calculatedAt: NOW - 101_000, lagMs: 1 } } },
    { accepted: { who: 'ada', lossMs: 62_000 } },
  ],
  [
    'a figure does not accept the unknown',
    'loss',
    'person',
    { lag: silent },
    { accepted: { who: 'ada', lossMs: 9e9 } },
  ],
  [
    'what this region gave back it had renewed itself: the other one had ended its writes long before',
    'loss',
    'yes',
    {
      firstFailedProbe: NOW - 70_000,
      register: register({ activeRegion: DR, released: true, lastRenewal: NOW - 5_000, otherLeaseEnd: NOW - 110_000 }),
      lag: { known: true, sample: { calculatedAt: NOW - 100_000, lagMs: 300 } },
    },
  ],
  [
    'where its writes may still have gone on, until now',
    'loss',
    'person',
    {
      register: register({ activeRegion: DR, released: true, lastRenewal: NOW - 5_000, otherLeaseEnd: NOW + 30_000 }),
      lag: { known: true, sample: { calculatedAt: NOW - 61_000, lagMs: 1 } },
    },
  ],
  [
    'the last word of the lag is a sign of life: what it says has not arrived is lost at least',
    'loss',
    'person',
    {
      firstFailedProbe: NOW - 600_000,
      register: register({ lastRenewal: NOW - 600_000 }),
      lag: { known: true, sample: { calculatedAt: NOW - 590_000, lagMs: 61_000 } },
    },
  ],
  [
    'whoever leaves a region that works loses what it commits until now',
    'loss',
    'person',
    {
      register: register({ lastRenewal: NOW - 19_000 }),
      firstFailedProbe: 0,
      lag: { known: true, sample: { calculatedAt: NOW - 60_001, lagMs: 0 } },
    },
    { trigger: OPERATOR },
  ],
  [
    'one whose database has been broken commits nothing until now',
    'loss',
    'yes',
    {
      register: register({ lastRenewal: NOW - 5_000, verdict: readOnly }),
      lag: { known: true, sample: { calculatedAt: NOW - 95_000, lagMs: 1 } },
    },
    { trigger: OPERATOR },
  ],
  ['the unknown was accepted', 'loss', 'yes', { lag: silent }, { accepted: { who: 'ada', lossMs: Infinity } }],
];

describe('each guard', () => {
  const cases = CASES.map(([reason, guard, says, change, asked = {}]) => [reason, guard, says, change, asked] as const);

  test.each(cases)('%s: %s says %s', (_, guard, says, change, asked) => {
    const { trigger = ALARM, policy = POLICY, ...rest } = asked;
    const verdicts = judge({ trigger, policy, evidence: evidence(change), ...rest });
    expect(verdicts.find((verdict) => verdict.guard === guard)?.says).toBe(says);
  });

  test('of a lost region all say yes, each with its reason', () => {
    const verdicts = judge({ trigger: ALARM, policy: POLICY, evidence: evidence() });
    expect(verdicts.map(({ guard, says }) => `${guard} ${says}`)).toEqual(
      ['mode', 'maintenance', 'alarm', 'register', 'cooldown', 'isolation', 'readiness', 'loss'].map((g) => `${g} yes`),
    );
    expect(verdicts.every(({ why }) => why.length > 5)).toBe(true);
  });
});

describe('the loss is said as it is, in the seconds that a person types to accept it', () => {
  const text = (change: Partial<Evidence>, asked: Partial<Asked> = {}): string => {
    const { trigger = OPERATOR, policy = POLICY, ...rest } = asked;
    const verdicts = judge({ trigger, policy, evidence: evidence(change), ...rest });
    return verdicts.find(({ guard }) => guard === 'loss')?.why ?? '';
  };
  const dead = { firstFailedProbe: 0, register: register({ lastRenewal: NOW - 603_000 }) };

  test('of a region that is long dead: the lag of its last sample, and never 0, however the last renewal lies to it', () => {
    const lag = { known: true, sample: { calculatedAt: NOW - 600_000, lagMs: 380 } } as const;
    expect(text({ ...dead, lag })).toBe(
      'about 0.4 s would be lost, counted from the last word of the lag, which is 10 min old',
    );
  });

  test('counted from the last sample where that came long before the fault', () => {
    const lag = { known: true, sample: { calculatedAt: NOW - 703_000, lagMs: 1_000 } } as const;
    expect(text({ ...dead, lag })).toBe(
      'about 101 s would be lost, more than 60 s, counted from the last word of the lag, which is 11 min 43 s old',
    );
  });

  test('of a region that works, until now', () => {
    const working = register({ lastRenewal: NOW - 9_000 });
    const lag = { known: true, sample: { calculatedAt: NOW - 1_000, lagMs: 300 } } as const;
    expect(text({ firstFailedProbe: 0, register: working, lag })).toBe('about 1.3 s would be lost');
  });

  test('what nobody knows is unknown, and is accepted by that word alone', () => {
    expect(text({ ...dead, lag: silent })).toBe('the loss cannot be estimated: time-out');
    expect(text({ ...dead, lag: silent }, { accepted: { who: 'ada', lossMs: Infinity } })).toBe(
      'unknown, and accepted by ada',
    );
  });

  test('it is never less than the lag that the sample tells, whoever asks and whatever else is known', () => {
    const times = fc.integer({ min: 0, max: 3_600_000 });
    fc.assert(
      fc.property(
        times,
        times,
        times,
        fc.integer({ min: 0, max: 600_000 }),
        fc.boolean(),
        (probe, renewal, age, lagMs, byAlarm) => {
          const found = estimateLoss(
            evidence({
              firstFailedProbe: NOW - probe,
              register: register({ lastRenewal: NOW - renewal }),
              lag: { known: true, sample: { calculatedAt: NOW - age, lagMs } },
            }),
            POLICY,
            byAlarm ? ALARM : OPERATOR,
          );
          expect(found.known && found.lossMs).toBeGreaterThanOrEqual(lagMs);
        },
      ),
    );
  });
});
