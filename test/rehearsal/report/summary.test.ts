import fc from 'fast-check';
import type { RunResult } from '../../../rehearsal/judge/result';
import { spansOf } from '../../../rehearsal/report/phases';
import { summarise } from '../../../rehearsal/report/summary';
import { verdictOf } from '../../../rehearsal/report/verdict';
import type { RehearsalReport } from '../../../rehearsal/report/report';
import { BUDGET, goodRuns, losing, report, run, timeline, withoutRto } from './fixture';

const judged = (changes: Partial<RehearsalReport>) => {
  const all = report(changes);
  const summary = summarise(all);
  return { summary, verdict: verdictOf(all, summary) };
};

/** All that is in order, and one run that is not. */
const withOne = (result: RunResult) => judged({ results: [...goodRuns(), result] });

describe('what runs come to', () => {
  test('groups by class and chain, with percentiles by nearest rank', () => {
    const { summary } = judged({});
    expect(
      summary.groups.map(({ runClass, chain, runs, withoutRto: none }) => [runClass, chain, runs, none.length]),
    ).toEqual([
      ['A', 'region', 120, 0],
      ['A', 'database', 20, 0],
      ['B', 'region', 20, 0],
      ['C', 'region', 10, 1],
    ]);
    // 220, 224, ... 296: the tenth, the eighteenth, the twentieth.
    expect(summary.groups[1]?.rto).toEqual({ count: 20, min: 220, p50: 256, p90: 288, p99: 296, max: 296 });
  });

  test('counts the crashes that were planned and those that happened: one after the last message never does', () => {
    const crash = (number: number, crashes: number) => {
      const fault = { kind: 'crash', region: 'dr', function: 'heartbeat', crossing: 'sends', number } as const;
      const made = run(number, { faults: [{ fault, from: 0 }] });
      return { ...made, counts: { ...made.counts, crashes } };
    };
    const { summary } = judged({ results: [run(0), crash(1, 1), crash(2, 1), crash(900, 0)] });
    expect(summary.totals.crashes).toEqual({ planned: 3, happened: 2 });
  });

  test('every run is in exactly one group or in the must-not score, and in exactly one pack', () => {
    const plans = fc.record({
      runClass: fc.constantFrom('A', 'B', 'C'),
      expectation: fc.constantFrom('fails-over', 'stays', 'survives'),
      chain: fc.constantFrom('region', 'database'),
      scenario: fc.constantFrom('region-dark', 'broken-canary', 'crash-in-promote', 'random', 'by-hand'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(plans, fc.boolean(), fc.boolean())), (all) => {
        const results = all.map(([plan, recovers, wrong], index) => {
          const made = run(index, plan, wrong ? { violations: ['planted'] } : {});
          return recovers ? made : withoutRto(made);
        });
        const { groups, mustNot, packs, totals } = judged({ results, narrated: run(0) }).summary;
        const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
        expect(sum(groups.map(({ runs }) => runs)) + mustNot.runs).toBe(results.length);
        expect(groups.map(({ rto, withoutRto: none }) => (rto?.count ?? 0) + none.length)).toEqual(
          groups.map(({ runs }) => runs),
        );
        expect(sum(packs.map(({ runs }) => runs))).toBe(results.length);
        expect(packs.map(({ passed, failed }) => passed + failed)).toEqual(packs.map(({ runs }) => runs));
        expect(sum(Object.values(totals.fates))).toBe(totals.acknowledged);
      }),
    );
  });

  test('a scenario that was not run is in its pack with no run, and is said not to be shown', () => {
    const { summary, verdict } = judged({});
    const scenarios = summary.packs.find(({ name }) => name === 'must-not-fail-over')?.scenarios;
    expect(scenarios?.at(-1)).toMatchObject({ scenario: 'dr-side-partition', runs: 0, passed: 0, failed: 0 });
    expect(verdict.notShown).toEqual(['no run of class B, database chain', '2 of 11 scenarios were not run']);
  });

  test('one scenario in two packs is refused: nobody could say where its runs belong', () => {
    const [first] = report().packs;
    const packs = first ? [first, { ...first, name: 'again' }] : [];
    expect(() => judged({ packs })).toThrow('the scenario region-dark is in the packs must-fail-over and again');
  });
});

describe('the verdict', () => {
  test('passes when every run is as it must be', () => {
    expect(judged({}).verdict).toMatchObject({ passed: true, reasons: [] });
  });

  test('no run at all is no success', () => {
    expect(judged({ results: [], narrated: run(0) }).verdict.reasons).toEqual(['there was no run: nothing is shown']);
  });

  const fixture = run(900);
  const counted = (counts: Partial<RunResult['counts']>): RunResult =>
    run(900, {}, { counts: { ...fixture.counts, ...counts } });
  const failover = { at: 40, region: 'eu-central-2', epoch: 2, outcome: 'COMPLETED' };

  // Each judge below was silent: the report looks at the numbers itself.
  test.each<[string, RunResult, string]>([
    ['a double write', counted({ doubleWrites: 1 }), '1 double write'],
    [
      'a failover where nothing may fail over',
      run(900, { expectation: 'stays', runClass: 'C' }, { failovers: [failover] }),
      '1 false failover in 31 runs that must stay',
    ],
    [
      'a run of class A that is exactly at the target',
      run(900, {}, { rtoSeconds: 300 }),
      'class A, region: 1 run at or above the target of 300 s, the slowest 300 s',
    ],
    ['a run above the budget', run(900, {}, { rtoSeconds: 290 }), 'class A, region: 1 run outside 81.7 s to 285 s'],
    [
      'a run below the budget: then the budget is wrong',
      run(900, {}, { rtoSeconds: 50 }),
      'class A, region: 1 run outside 81.7 s to 285 s',
    ],
    [
      'a run of class B above its own bound',
      run(900, { runClass: 'B' }, { rtoSeconds: 316 }),
      'class B, region: 1 run outside 81.7 s to 315 s',
    ],
    ['a run of class A without recovery', withoutRto(run(900)), 'class A, region: 1 run never recovered'],
    [
      'a lost order that had arrived',
      losing(900, { replicated: true }),
      '1 lost submission that replication lag does not explain',
    ],
    [
      'a lost order older than the lag',
      losing(900, { ageAtFault: 1.3, lag: 1.2 }),
      '1 lost submission that replication lag does not explain',
    ],
    [
      'a lost order older than the target',
      losing(900, { ageAtFault: 61, lag: 90 }),
      '1 lost submission that replication lag does not explain',
    ],
    [
      'a lost order without any lag',
      losing(900, { ageAtFault: 0, lag: 0 }),
      '1 lost submission that replication lag does not explain',
    ],
    [
      'an acknowledged order that nobody followed',
      counted({ acknowledged: 201 }),
      '1 run with acknowledged submissions without a fate',
    ],
    [
      'an expired order in class A',
      counted({ fates: { ...fixture.counts.fates, processed: 189, expired: 1 } }),
      '1 run of class A with expired submissions',
    ],
    ['a denied call', counted({ denied: 2 }), "2 calls that the caller's policy denies"],
    ['what a judge says', run(900, {}, { violations: ['planted'] }), '1 run with violations'],
  ])('fails for %s', (_name, result, reason) => {
    const { summary, verdict } = withOne(result);
    expect(verdict.passed).toBe(false);
    expect(verdict.reasons).toContain(reason);
    expect(summary.failures.map(({ seed }) => seed)).toEqual(['dev-900']);
  });

  test('a run that its judge lets pass is told by what is wrong with it, and passes for nothing in its pack', () => {
    const { summary } = withOne(run(900, {}, { rtoSeconds: 300 }));
    expect(summary.failures[0]?.violations).toEqual(['RTO 300 s, target 300 s', 'RTO 300 s, outside 81.7 s to 285 s']);
    expect(summary.packs[0]).toMatchObject({ name: 'must-fail-over', failed: 1 });
  });

  test('class C makes no claim about time, and its run without recovery is still listed', () => {
    const { summary, verdict } = withOne(withoutRto(run(900, { runClass: 'C', expectation: 'survives' })));
    expect(verdict.passed).toBe(true);
    expect(summary.groups.at(-1)?.withoutRto.map(({ seed }) => seed)).toEqual(['dev-409', 'dev-900']);
  });

  test('fails for a missed budget, and says which resource to change and by how much', () => {
    const blame = [
      {
        type: 'aws:cloudwatch/metricAlarm:MetricAlarm',
        name: 'heartbeat-silent',
        region: 'eu-central-2',
        seconds: 70,
        properties: ['evaluationPeriods'],
      },
    ];
    const miss = {
      chain: 'region-lost',
      target: { key: 'rtoSeconds', seconds: 300 },
      judged: true,
      worst: 345,
      bySeconds: 45,
      blame,
      remedies: [],
    } as const;
    expect(judged({ budget: { ...BUDGET, allowed: false, misses: [miss] } }).verdict.reasons).toEqual([
      'budget: region-lost takes 345 s in the worst case, 45 s above rtoSeconds 300 s; the greatest share, 70 s, is heartbeat-silent in eu-central-2: evaluationPeriods',
    ]);
  });

  test('fails for a grant that no scenario uses', () => {
    const unused = {
      id: '1',
      holder: 'heartbeat',
      sid: 'Renew',
      action: 'dynamodb:Scan',
      resource: '*',
      blame: 'heartbeat-policy',
      statement: 's',
      remedy: 'remove the action',
    } as const;
    const { privileges } = report();
    if (!privileges) throw new Error('the fixture has privileges');
    expect(judged({ privileges: { ...privileges, unused: [unused] } }).verdict.reasons).toEqual([
      '1 grant that no scenario uses',
    ]);
  });
});

describe('every lost order is listed for itself', () => {
  test('with its age, the lag that the run injected, and whether that explains it', () => {
    const { lost } = withOne(losing(900, { ageAtFault: 2, lag: 1 })).summary;
    expect(
      lost.map(({ id, ageAtFault, withinLag, withinRpo, explained }) => [
        id,
        ageAtFault,
        withinLag,
        withinRpo,
        explained,
      ]),
    ).toEqual([
      ['order-117', 0.3, true, true, true],
      ['order-118', 0.55, true, true, true],
      ['order-119', 0.8, true, true, true],
      ['order-900', 2, false, true, false],
    ]);
  });
});

describe('phases from moments', () => {
  test('a phase lasts from the end of what it waits for to its own last moment', () => {
    const spans = spansOf(timeline(200)).map(({ phase, from, to, critical }) => [phase, from, to, critical]);
    expect(spans).toEqual([
      ['fault', 0, 0, true],
      ['detect', 0, 40, true],
      ['decide', 40, 42, true],
      ['claim', 42, 44, true],
      ['stop', 44, 47, false],
      ['promote', 44, 194, true],
      ['dns', 44, 114, false],
      ['capacity', 44, 139, false],
      ['open', 194, 197, true],
      ['first good order', 197, 200, true],
      ['verify', 197, 204, false],
      ['notify', 204, 206, false],
      ['end', 600, 600, false],
    ]);
  });

  test('alarms that change after the decision lengthen no phase: nobody waited for them', () => {
    const spans = spansOf([
      { at: 0, phase: 'fault', text: '' },
      { at: 30, phase: 'detect', text: 'a second line turns red' },
      { at: 50, phase: 'detect', text: 'the trigger turns red' },
      { at: 52, phase: 'decide', text: '' },
      { at: 53, phase: 'claim', text: '' },
      { at: 149, phase: 'detect', text: 'a slower alarm turns red too' },
    ]);
    expect(spans.find(({ phase }) => phase === 'detect')).toMatchObject({ from: 0, to: 50, moments: { length: 3 } });
    expect(spans.find(({ phase }) => phase === 'decide')).toMatchObject({ from: 50, to: 52 });
  });

  test('a phase that began before what it usually waits for begins where it did: Route 53 waits for no claim', () => {
    const spans = spansOf([
      { at: 0, phase: 'fault', text: '' },
      { at: 90, phase: 'claim', text: '' },
      { at: 40, phase: 'dns', text: '' },
      { at: 100, phase: 'dns', text: '' },
    ]);
    expect(spans.find(({ phase }) => phase === 'dns')).toMatchObject({ from: 40, to: 100 });
    expect(spans.find(({ phase }) => phase === 'claim')).toMatchObject({ from: 0, to: 90 });
  });
});
