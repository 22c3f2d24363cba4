import fc from 'fast-check';
import { blockersOf as seenByRuns } from '../../../lambda/failover-orchestrator/blockers';
import { checks } from '../../../lambda/readiness/checks/checks';
import { FACT_NAMES, FACT_WORDS, type Facts, type Policy } from '../../../lambda/readiness/facts';
import { blockersOf, judgeAll, scoreOf, warningsOf } from '../../../lambda/readiness/judge';
import { regressionsOf, remember } from '../../../lambda/readiness/memory';
import { gathered, NOW, OTHER_ARN, OWN_ARN, POLICY, READY, silent } from './support/ready';

const { trigger: _nothingStartsByItself, ...NO_TRIGGER } = POLICY;
const judge = (facts: Partial<Facts> = {}, policy: Policy = POLICY) =>
  judgeAll(gathered({ ...READY, ...facts }), policy);
const red = (results: ReturnType<typeof judgeAll>) =>
  results.filter(({ verdict }) => verdict.state === 'failed').map(({ id }) => id);

describe('what is not known', () => {
  test('never blocks, is always told, and told once however many checks wait for it', () => {
    fc.assert(
      fc.property(fc.subarray([...FACT_NAMES]), (names) => {
        const facts = silent(names);
        const results = judgeAll(facts, POLICY);
        expect(blockersOf(results)).toEqual([]);
        expect(warningsOf(results, facts)).toEqual(names.map((name) => `${FACT_WORDS[name]} is not known: time-out`));
      }),
    );
  });

  test('is counted apart from what is wrong, and no score is made of nothing', () => {
    const some = scoreOf(judgeAll(silent(['globalCluster']), POLICY));
    expect(some).toMatchObject({ failed: 0, percent: 100 });
    expect(some.unknown).toBe(checks.filter(({ reads }) => reads.includes('globalCluster')).length);
    const none = scoreOf(judgeAll(silent(FACT_NAMES), POLICY));
    expect(none).toEqual({ ok: 0, failed: 0, unknown: checks.length });
  });

  test('does not hide what is known: a check is still judged when nobody knows about the one before it', () => {
    const facts = silent(['clusterHere'], gathered({ ...READY, instancesHere: [] }));
    expect(blockersOf(judgeAll(facts, POLICY))).toEqual(['the database cluster here has no instance']);
  });

  test('a fact that nobody asked for is named', () => {
    const [first] = judgeAll({}, POLICY);
    expect(first?.verdict).toEqual({ state: 'unknown', why: 'which regions are enabled: nobody has asked' });
  });

  test('what a source passes over in silence is a warning', () => {
    const facts = gathered({
      ...READY,
      globalCluster: { status: 'available', engineVersion: '17.7', members: [{ arn: OWN_ARN }, { arn: OTHER_ARN }] },
      registers: { answered: 2, all: 3, majority: 2 },
      certificate: { status: 'ISSUED' },
      quotas: {},
    });
    const results = judgeAll(facts, POLICY);
    expect(blockersOf(results)).toEqual([]);
    expect(warningsOf(results, facts)).toEqual([
      '2 of 3 registers answer',
      'the account’s quota of vpcs is not known',
      'the account’s quota of internet-gateways is not known',
      'the account’s quota of elastic-ips is not known',
      'the account’s quota of iam-roles is not known',
      'the account’s quota of s3-buckets is not known',
      'the account’s quota of health-checks is not known',
      'the account’s quota of db-clusters is not known',
      'the account’s quota of api-domains is not known',
      'RDS does not say whether the cluster here is in step',
      'the registers name no owner',
      'ACM does not say when the certificate ends',
    ]);
  });
});

test('judging never throws, whatever is known, unknown or absent', () => {
  const word = fc.constantFrom('available', 'stopped', 'ALARM', 'up', '');
  const by = <T>(one: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom('eu-central-1', 'eu-central-2', 'x'), one);
  const orAbsent = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.constant('absent' as const));
  const cluster = fc.record({ status: word, engineVersion: fc.constantFrom('17.7', '', '18') });
  const instance = fc.record({ status: word, instanceClass: word });
  const version = fc.record({ version: word });
  const fn = fc.record({ codeHash: word, settings: by(word) });
  const sizes = { minimum: fc.nat(3), maximum: fc.nat(3), inService: fc.nat(3), outdated: fc.nat(3) };
  const fleet = fc.oneof(fc.record(sizes), fc.constantFrom('absent' as const, 'none' as const));
  const look = fc.record({ state: word, actionsEnabled: fc.boolean(), actions: fc.array(word) });
  const vantage = fc.constantFrom('up' as const, 'down' as const, 'silent' as const);
  const owned = fc.record({ region: word, epoch: fc.nat(), released: fc.boolean(), leaseEnd: fc.nat() });
  const counts = { answered: fc.nat(3), all: fc.nat(3), majority: fc.nat(3) };
  const facts = fc.record<Facts>({
    globalCluster: orAbsent(
      fc.record({ status: word, engineVersion: word, members: fc.array(fc.record({ arn: fc.constant(OWN_ARN) })) }),
    ),
    clusterHere: orAbsent(cluster),
    clusterThere: orAbsent(cluster),
    instancesHere: fc.array(instance),
    instancesThere: fc.array(instance),
    secretHere: orAbsent(version),
    secretThere: orAbsent(version),
    lag: fc.oneof(fc.constant('writes' as const), fc.record({ calculatedAt: fc.integer(), lagMs: fc.integer() })),
    registers: fc.oneof(fc.record(counts), fc.record({ ...counts, owner: owned })),
    functionsHere: by(orAbsent(fn)),
    functionsThere: by(orAbsent(fn)),
    consumers: by(fc.oneof(fc.record({ state: word }), fc.record({ state: word, changedAt: fc.integer() }))),
    fleetHere: fleet,
    fleetThere: fleet,
    concurrency: by(fc.nat()),
    alarms: fc.oneof(fc.constant({}), fc.record({ trigger: orAbsent(look), probe: orAbsent(look) })),
    orchestratorCallers: fc.array(word),
    schedules: by(fc.boolean()),
    subscriptions: fc.array(fc.record({ protocol: word, confirmed: fc.boolean() })),
    tables: by(orAbsent(fc.record({ status: word, keyUnusable: fc.boolean(), replicas: by(word) }))),
    backups: by(fc.boolean()),
    buckets: by(orAbsent(fc.record({ enabledRules: fc.nat(2), timed: fc.boolean() }))),
    deadLetters: by(fc.nat()),
    differentParameters: fc.array(word),
    vantageHere: vantage,
    vantageThere: vantage,
    domains: by(fc.boolean()),
    certificate: orAbsent(fc.record({ status: word, endsAt: fc.integer() })),
    requestRate: by(fc.nat()),
    regionStatus: by(word),
    zones: by(fc.nat(4)),
    engineOffered: by(fc.boolean()),
    classOffered: by(fc.boolean()),
    fleetTypeZones: by(fc.nat(4)),
    amis: by(fc.boolean()),
    hostedZone: orAbsent(fc.record({ own: fc.array(word), delegated: fc.array(word) })),
    apiLoggingRole: by(fc.boolean()),
    quotas: fc.constantFrom({}, READY.quotas),
  });
  fc.assert(
    fc.property(facts, fc.subarray([...FACT_NAMES]), (values, unanswered) => {
      const results = judgeAll(silent(unanswered, gathered(values)), POLICY);
      expect(results.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
    }),
  );
});

describe('what is well though it looks different', () => {
  test.each<[string, Policy, Partial<Facts>]>([
    [
      'a patch level that differs: a failover takes it',
      POLICY,
      { clusterHere: { status: 'available', engineVersion: '17.7.2', maximumAcu: 32 } },
    ],
    ['a region that has the writer has no lag', POLICY, { lag: 'writes' }],
    ['a stack without a fleet', POLICY, { fleetHere: 'none', fleetThere: 'none' }],
    [
      'a region in which no failover starts by itself calls no orchestrator',
      NO_TRIGGER,
      { orchestratorCallers: [], alarms: { trigger: { state: 'OK', actionsEnabled: true, actions: [] } } },
    ],
    [
      'a stack that sets API Gateway’s role itself',
      { ...POLICY, setsApiLoggingRole: true },
      { apiLoggingRole: { 'eu-central-2': false } },
    ],
    ['a consumer on its way to be enabled', POLICY, { consumers: { c: { state: 'Enabling' } } }],
    [
      'a consumer that a switchover has just stopped, and starts again at its end',
      POLICY,
      { consumers: { c: { state: 'Disabled', changedAt: NOW - 300_000 } } },
    ],
    ['a region without consumers', POLICY, { consumers: {} }],
    [
      'a table that takes a new setting',
      POLICY,
      { tables: { t: { status: 'UPDATING', keyUnusable: false, replicas: { 'eu-central-1': 'ACTIVE' } } } },
    ],
    [
      'a function of which Lambda says no state',
      POLICY,
      { functionsHere: { f: { codeHash: 'a', settings: {} } }, functionsThere: { f: { codeHash: 'a', settings: {} } } },
    ],
  ])('%s', (_, policy, facts) => {
    expect(red(judge(facts, policy))).toEqual([]);
  });
});

describe('what is wrong in other ways', () => {
  test.each<[string, Partial<Facts>, string]>([
    [
      'an instance that is still made cannot be promoted',
      { instancesHere: [{ status: 'creating', instanceClass: 'c' }] },
      'no instance of the database cluster here works: creating',
    ],
    [
      'an epoch that was given back has no owner',
      { registers: { ...READY.registers, owner: { region: 'eu-central-1', epoch: 4, released: true, leaseEnd: NOW } } },
      'eu-central-1 has given epoch 4 back, and no region has claimed the next one',
    ],
    [
      'a certificate that waits for its validation',
      { certificate: { status: 'PENDING_VALIDATION' } },
      'the certificate here is PENDING_VALIDATION',
    ],
    [
      'a secret that only the other region lacks',
      { secretThere: 'absent' },
      'the database secret is not in the other region, or is to be deleted there',
    ],
    [
      'an alarm that is gone tells nothing',
      { alarms: { ...READY.alarms, canary: 'absent' } },
      'the alarm is not there that would tell whether the canary of the other region has stopped',
    ],
    [
      'a function that only the other region lacks',
      { functionsThere: { health: READY.functionsThere['health'] ?? 'absent' } },
      'ledger has other code here than in the other region',
    ],
    [
      'a zone that nobody is sent to',
      { hostedZone: { own: ['ns-1'], delegated: [] } },
      'the zone’s name is delegated to nobody',
    ],
  ])('%s', (_, facts, sentence) => {
    const results = judge(facts);
    const found = results.flatMap(({ verdict }) => (verdict.state === 'failed' ? verdict.found : []));
    expect(found).toContain(sentence);
  });
});

test('a run and the checks agree on which states of a cluster rule a promotion out, in the same words', () => {
  const states = [
    'available',
    'backing-up',
    'modifying',
    'upgrading',
    'rebooting',
    'stopped',
    'stopping',
    'starting',
    'creating',
    'deleting',
    'cloning-failed',
    'migration-failed',
    'failing-over',
    'inaccessible-encryption-credentials',
    'inaccessible-encryption-credentials-recoverable',
  ];
  for (const status of states) {
    const cluster = { status, instances: 1, engineVersion: '17.7' };
    const seen = seenByRuns({ isMember: true, isWriter: false, cluster, engineVersion: '17.7' });
    expect([status, blockersOf(judge({ clusterHere: { status, engineVersion: '17.7', maximumAcu: 32 } }))]).toEqual([
      status,
      seen,
    ]);
  }
});

describe('what is remembered', () => {
  const MINUTES = 300_000;
  const looks = (...facts: readonly Partial<Facts>[]) =>
    facts.reduce<ReturnType<typeof remember>>(
      (before, one, index) => remember(judge(one), before, NOW + index * MINUTES),
      [],
    );
  const of = (id: string, all: ReturnType<typeof remember>) => all.find((one) => one.id === id);

  test('since when a check says what it says, and when it was last ok', () => {
    const down = { vantageHere: 'down' } as const;
    expect(of('checkers-reach-region', looks({}, {}, {}))).toMatchObject({
      state: 'ok',
      since: NOW,
      okAt: NOW + 2 * MINUTES,
    });
    expect(of('checkers-reach-region', looks({}, down, down))).toMatchObject({
      state: 'failed',
      since: NOW + MINUTES,
      okAt: NOW,
    });
  });

  test('what was ok and fails has become worse, until it is ok again', () => {
    const down = { vantageHere: 'down' } as const;
    expect(regressionsOf(looks({}, down))).toEqual(['checkers-reach-region']);
    expect(regressionsOf(looks({}, down, down))).toEqual(['checkers-reach-region']);
    expect(regressionsOf(looks({}, down, {}))).toEqual([]);
  });

  test('what has never been ok has not become worse: nobody has confirmed the subscription yet', () => {
    const waiting = {
      subscriptions: [
        { protocol: 'sqs', confirmed: true },
        { protocol: 'email', confirmed: false },
      ],
    };
    expect(regressionsOf(looks(waiting, waiting))).toEqual([]);
  });

  test('an hour in which nobody answers is not forgotten over', () => {
    const failed = remember(
      judge({ vantageHere: 'down' }),
      remember(judgeAll(silent(['vantageHere']), POLICY), looks({}), NOW + MINUTES),
      NOW + 2 * MINUTES,
    );
    expect(regressionsOf(failed)).toEqual(['checkers-reach-region']);
  });
});
