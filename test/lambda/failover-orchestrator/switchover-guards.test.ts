import { type Evidence, type GuardVerdict, judge, together } from '../../../lambda/failover-orchestrator/guards';
import type { SwitchoverEvidence } from '../../../lambda/failover-orchestrator/switchover-guards';
import { DR, NOW, OPERATOR, POLICY, register, wellEvidence } from './support/run';

const silent = { known: false, why: 'time-out' } as const;
const healthy = { healthy: true, at: NOW - 5_000, writableAt: NOW - 5_000 };
const owner = (change: Parameters<typeof register>[0] = {}): Evidence['register'] =>
  register({ lastRenewal: NOW - 5_000, verdict: healthy, ...change });

const known = <T>(value: T) => ({ known: true as const, value });
type Here = Extract<SwitchoverEvidence['here'], { known: true }>['value'];
const here = (change: Partial<Here>): Partial<SwitchoverEvidence> => ({
  here: known({
    globalStatus: 'available',
    isMember: true,
    isWriter: false,
    clusterStatus: 'available',
    isConnected: true,
    ...change,
  }),
});

type Case = readonly [
  reason: string,
  guard: GuardVerdict['guard'],
  says: GuardVerdict['says'],
  words: RegExp,
  change: Partial<Evidence>,
  asked?: Partial<SwitchoverEvidence>,
];

const CASES: readonly Case[] = [
  ['without a majority nobody knows who hands over', 'register', 'ask-again', /no majority/, { register: silent }],
  [
    'what this region owns cannot be handed to it',
    'register',
    'no',
    /owns epoch 1 already/,
    { register: owner({ activeRegion: DR }) },
  ],
  [
    'an epoch that was given back has nobody who could hand it over',
    'register',
    'ask-again',
    /given back/,
    { register: owner({ released: true }) },
  ],
  [
    'somebody else is claiming',
    'register',
    'ask-again',
    /claimed epoch 2 and not won it/,
    { register: owner({ contestedBy: 2 }) },
  ],
  [
    'a region that does not renew is perhaps lost: that is for a failover',
    'register',
    'ask-again',
    /a failover is the way/,
    { register: owner({ lastRenewal: NOW - 20_001 }) },
  ],
  [
    'a lease that is as old as allowed',
    'register',
    'yes',
    /renews/,
    { register: owner({ lastRenewal: NOW - 20_000 }) },
  ],
  ["the order goes to the writer's RDS", 'other-region', 'ask-again', /RDS does not answer/, {}, { there: silent }],
  [
    'a cluster that is not the writer hands nothing over',
    'other-region',
    'no',
    /not the writer/,
    {},
    { there: known({ isWriter: false, clusterStatus: 'available' }) },
  ],
  [
    'RDS switches over from an available writer only',
    'other-region',
    'ask-again',
    /is backing-up/,
    {},
    { there: known({ isWriter: true, clusterStatus: 'backing-up' }) },
  ],
  [
    'no verdict is no health',
    'other-region',
    'ask-again',
    /not said lately/,
    { register: owner({ verdict: { ...healthy, at: NOW - 30_001 } }) },
  ],
  [
    'a region that is unwell is left by a failover',
    'other-region',
    'ask-again',
    /not healthy/,
    { register: owner({ verdict: { ...healthy, healthy: false } }) },
  ],
  [
    'so is one whose database takes no writes',
    'other-region',
    'ask-again',
    /not healthy/,
    { register: owner({ verdict: { ...healthy, writableAt: 0 } }) },
  ],
  [
    'a run there may change everything',
    'other-run',
    'no',
    /run-9 is acting/,
    {},
    { otherRun: known({ standing: 'run run-9 is acting' }) },
  ],
  [
    'a journal that is silent may hold a run',
    'other-run',
    'ask-again',
    /journal does not answer/,
    {},
    { otherRun: silent },
  ],
  [
    'the active region has just changed, by a run there',
    'cooldown',
    'no',
    /ask again in 1 minute$/,
    {},
    { otherRun: known({ lastChangeAt: NOW - 240_001 }) },
  ],
  ['or by one here', 'cooldown', 'no', /ask again in 5 minutes/, {}, { lastChangeAt: NOW - 1_000 }],
  [
    'five minutes later it has settled',
    'cooldown',
    'yes',
    /./,
    {},
    { otherRun: known({ lastChangeAt: NOW - 300_000 }) },
  ],
  [
    'the hour of the alarm does not keep a person from going home',
    'cooldown',
    'yes',
    /./,
    { lastFailoverAt: NOW - 600_000 },
  ],
  ['RDS here knows whether there is something to follow', 'follower', 'ask-again', /RDS here/, {}, { here: silent }],
  ['a cluster that was detached follows nobody', 'follower', 'no', /does not belong/, {}, here({ isMember: false })],
  ['the writer is here', 'follower', 'no', /writer already/, {}, here({ isWriter: true })],
  [
    'one change of the writer at a time',
    'follower',
    'ask-again',
    /pending/,
    {},
    here({ inProgress: 'pending, towards x' }),
  ],
  ['the whole must be available', 'follower', 'ask-again', /is upgrading/, {}, here({ globalStatus: 'upgrading' })],
  ['and so must the cluster here', 'follower', 'ask-again', /is resetting/, {}, here({ clusterStatus: 'resetting' })],
  [
    'a cluster that is being rebuilt has not joined again',
    'follower',
    'ask-again',
    /rebuilt/,
    {},
    here({ isConnected: false }),
  ],
  ['a lag that nobody knows may be long', 'lag', 'ask-again', /not known/, { lag: silent }],
  [
    'a second is too much: everybody waits for it',
    'lag',
    'ask-again',
    /is 1 s; it must be below 1 s/,
    { lag: { known: true, sample: { calculatedAt: NOW - 1_000, lagMs: 1_000 } } },
  ],
  [
    'an old sample is not now',
    'lag',
    'ask-again',
    /last calculated 20 s ago/,
    { lag: { known: true, sample: { calculatedAt: NOW - 20_001, lagMs: 1 } } },
  ],
  ['a region that cannot read its verdict', 'health', 'ask-again', /not known/, {}, { healthySince: silent }],
  ['a region that is not healthy', 'health', 'ask-again', /does not say/, {}, { healthySince: known({}) }],
  [
    'a region that has just come back may go again',
    'health',
    'no',
    /healthy for 5 minutes; ask again in 1 minute$/,
    {},
    { healthySince: known({ since: NOW - 299_999 }) },
  ],
  [
    'what the checks have found',
    'readiness',
    'no',
    /no instance/,
    { readiness: { known: true, blockers: ['no instance'], checkedAt: NOW } },
  ],
  [
    'RDS alone is not enough here',
    'readiness',
    'ask-again',
    /have not run lately/,
    { readiness: { known: true, blockers: [] } },
  ],
  ['nobody knows of readiness', 'readiness', 'ask-again', /not known/, { readiness: silent }],
  ['a sweep that cannot be read', 'reconciled', 'ask-again', /not known/, {}, { swept: silent }],
  ['a region that has never swept', 'reconciled', 'ask-again', /not swept yet/, {}, { swept: known({}) }],
  [
    'an order still waits for its effect',
    'reconciled',
    'ask-again',
    /^orders received since 2026-11-26T02:57:59\.999Z may wait/,
    {},
    { swept: known({ orders: NOW - 120_001, payments: NOW - 20_000 }) },
  ],
  ['a stack may have payments only', 'reconciled', 'yes', /./, {}, { swept: known({ payments: NOW - 120_000 }) }],
];

const verdictsOf = (change: Partial<Evidence> = {}, asked: Partial<SwitchoverEvidence> = {}) =>
  judge({ kind: 'switchover', trigger: OPERATOR, policy: POLICY, evidence: wellEvidence(change, asked) });

describe('each guard of a switchover', () => {
  const cases = CASES.map(
    ([reason, guard, says, words, change, asked = {}]) => [reason, guard, says, words, change, asked] as const,
  );

  test.each(cases)('%s: %s says %s', (_, guard, says, words, change, asked) => {
    const verdict = verdictsOf(change, asked).find((one) => one.guard === guard);
    expect(verdict).toMatchObject({ says });
    expect(verdict?.why).toMatch(words);
  });

  test('between two regions that are well all say yes, each with its reason', () => {
    const verdicts = verdictsOf();
    expect(verdicts.map(({ guard, says }) => `${guard} ${says}`)).toEqual(
      ['register', 'other-region', 'other-run', 'cooldown', 'follower', 'lag', 'health', 'readiness', 'reconciled'].map(
        (guard) => `${guard} yes`,
      ),
    );
    expect(verdicts.every(({ why }) => why.length > 5)).toBe(true);
  });

  test('what was not asked is never taken for a yes', () => {
    const { switchover: _, ...rest } = wellEvidence();
    const verdicts = judge({ kind: 'switchover', trigger: OPERATOR, policy: POLICY, evidence: rest });
    expect(together(verdicts)).toBe('ask-again');
    expect(verdicts.filter(({ says }) => says !== 'yes').map(({ guard }) => guard)).toEqual([
      'other-region',
      'other-run',
      'follower',
      'health',
      'reconciled',
    ]);
  });

  test('nothing can be accepted or forced instead: a switchover is for regions that are well', () => {
    const forced = { kind: 'operator', who: 'ada', force: true } as const;
    const evidence = wellEvidence({ readiness: { known: true, blockers: ['x'], checkedAt: NOW }, lag: silent });
    const accepted = { who: 'ada', lossMs: Infinity };
    const verdicts = judge({ kind: 'switchover', trigger: forced, policy: POLICY, evidence, accepted });
    expect(together(verdicts)).toBe('no');
  });
});
