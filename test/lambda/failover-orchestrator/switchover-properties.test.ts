import fc from 'fast-check';
import { beginRun, decide } from '../../../lambda/failover-orchestrator/decide';
import { together } from '../../../lambda/failover-orchestrator/guards';
import { planOf, SWITCHOVER_PLAN } from '../../../lambda/failover-orchestrator/plan';
import type { RunEvent, RunState, StepResult } from '../../../lambda/failover-orchestrator/run';
import { after, NOW, OPERATOR, POLICY, wellEvidence, won } from './support/run';

const SWITCHOVER = { kind: 'switchover', trigger: OPERATOR } as const;
/** The same runs each time, where a test asks what there is among them. */
const FIXED = { seed: 6 };

const BEGUN: readonly RunEvent[] = [{ type: 'observed', now: NOW, evidence: wellEvidence() }, won()];

describe('a switchover, whatever happens in which order', () => {
  const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const now = fc
    .oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 80_000 }) }, fc.integer({ min: 0, max: 2_000_000 }))
    .map((ms) => NOW + ms);
  const silent = { known: false, why: 'x' } as const;
  const evidence = fc
    .record({
      lag: pick(silent, wellEvidence().lag),
      readiness: pick(wellEvidence().readiness, { known: true, blockers: ['x'], checkedAt: NOW } as const),
      register: pick(wellEvidence().register, silent),
    })
    .map((change) => wellEvidence(change));
  // Mostly well, or hardly a run would come to its later steps.
  const result: fc.Arbitrary<StepResult> = pick<StepResult>(
    ...Array.from({ length: 10 }, () => ({ kind: 'done', detail: '' }) as const),
    { kind: 'pending', detail: '' },
    { kind: 'pending', detail: '', accepted: true },
    { kind: 'pending', detail: '', accepted: true, quiet: true },
    { kind: 'failed', detail: '' },
    { kind: 'lost-epoch', detail: '' },
  );
  const other: fc.Arbitrary<RunEvent> = fc.oneof(
    fc.record({ type: pick('observed' as const), now, evidence }),
    fc.record({ type: pick('observed' as const), now, evidence: fc.constant(wellEvidence()) }),
    fc.record({
      type: pick('claimed' as const),
      now,
      result: pick({ won: true as const, epoch: 2, openFrom: NOW }, { won: false as const, why: 'x' }),
    }),
    fc.record({ type: pick('released' as const), now, ok: fc.boolean() }),
    fc.record({ type: pick('resumed' as const), now }),
    fc.record({ type: pick('abort' as const), now, who: fc.constant('ada') }),
  );
  /** Mostly the answer of a step that is under way: which one, the run itself decides. */
  const happening = fc.oneof(
    { weight: 12, arbitrary: fc.record({ which: fc.nat({ max: 5 }), now, result }) },
    { weight: 1, arbitrary: other },
  );
  const eventOf = (
    one: RunEvent | { which: number; now: number; result: StepResult },
    { steps }: RunState,
  ): RunEvent => {
    if ('type' in one) return one;
    const started = SWITCHOVER_PLAN.filter(({ name }) => steps[name].status === 'started');
    const step = started[one.which % Math.max(1, started.length)]?.name ?? 'open';
    return { type: 'step', now: one.now, step, result: one.result };
  };
  const inAnyRun = (
    check: (before: RunState, happened: RunEvent, next: ReturnType<typeof decide>) => void,
    options: { readonly seed?: number } = {},
  ) =>
    fc.assert(
      fc.property(fc.boolean(), fc.array(happening, { minLength: 15, maxLength: 60 }), (isUnderWay, happenings) => {
        let { state } = isUnderWay
          ? after(BEGUN, SWITCHOVER)
          : beginRun({ runId: 'run-1', dryRun: false, ...SWITCHOVER }, POLICY, NOW);
        for (const one of happenings) {
          const event = eventOf(one, state);
          const next = decide(state, event, POLICY);
          check(state, event, next);
          state = next.state;
        }
      }),
      { numRuns: 1_000, ...options },
    );

  test('nothing is claimed and no step is begun while any guard says no', () =>
    inAnyRun((_, __, { state, commands }) => {
      if (!commands.some((command) => command.do === 'claim' || command.do === 'step')) return;
      expect(together(state.verdicts)).toBe('yes');
      expect(state.verdicts).toHaveLength(9);
    }));

  test('no step is begun without an epoch, nor before what it waits for has ended, nor one of the other plan', () =>
    inAnyRun((_, __, { state, commands }) => {
      for (const command of commands) {
        if (command.do !== 'step') continue;
        expect(state.claim).toBeDefined();
        const step = planOf('switchover').find(({ name }) => name === command.step);
        expect(step?.after.every((name) => ['done', 'failed'].includes(state.steps[name].status))).toBe(true);
      }
    }));

  test('an epoch is given back with an order in hand only when RDS has cancelled, or when it is lost anyway', () =>
    inAnyRun((before, happened, { commands }) => {
      if (
        !before.promotionAccepted ||
        before.phase !== 'acting' ||
        !commands.some((command) => command.do === 'release')
      )
        return;
      const result = happened.type === 'step' ? happened.result : undefined;
      const isCancelled = result?.kind === 'pending' && result.quiet === true && before.quietSince !== undefined;
      expect(isCancelled || result?.kind === 'lost-epoch').toBe(true);
    }));

  test('every step is reached by some of these runs, or the rest would say nothing', () => {
    const begun = new Set<string>();
    const why = new Set<string>();
    inAnyRun((_, __, { state, commands }) => {
      for (const command of commands) {
        if (command.do === 'step') begun.add(command.step);
        if (command.do === 'release') why.add(state.why?.split(':')[0] ?? '');
      }
    }, FIXED);
    expect([...begun].sort()).toEqual(SWITCHOVER_PLAN.map(({ name }) => name).sort());
    expect([...why].sort()).toEqual(expect.arrayContaining(['', 'RDS has cancelled the switchover', 'aborted by ada']));
  });

  test('DNS moves only after an order has gone through this region, or has been tried in vain', () =>
    inAnyRun((_, __, { state, commands }) => {
      if (!commands.some((command) => command.do === 'step' && command.step === 'shift-traffic')) return;
      expect(state.steps.open.status).toBe('done');
      expect(['done', 'failed']).toContain(state.steps.verify.status);
    }));
});
