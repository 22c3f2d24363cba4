import { InvalidGlobalClusterStateFault } from '@aws-sdk/client-rds';
import fc from 'fast-check';
import { DeadlineError } from '../../../lambda/shared/errors';
import { decide } from '../../../lambda/failover-orchestrator/decide';
import type { OperatePorts } from '../../../lambda/failover-orchestrator/operate';
import type { RunEvent, RunState, StepResult } from '../../../lambda/failover-orchestrator/run';
import { readState, writeState } from '../../../lambda/failover-orchestrator/run-form';
import type { StepAttempt } from '../../../lambda/failover-orchestrator/steps/step';
import { ordered } from '../../../lambda/failover-orchestrator/steps/order';
import { accepted, after, NOW, observed, OPERATOR, POLICY, stepped, wants, won } from './support/run';
import { lostPrimary } from './support/world';

const MINUTE = 60_000;

const promoted = (result: StepResult, now = NOW + 2_000): RunEvent => ({ type: 'step', now, step: 'promote', result });
const unanswered = (now = NOW + 2_000) => promoted({ kind: 'pending', detail: 'no answer', unanswered: true }, now);
const quiet = (now: number) => promoted({ kind: 'pending', detail: 'not asked', quiet: true }, now);
const failed = (now: number) => promoted({ kind: 'failed', detail: 'the look failed' }, now);
const abort: RunEvent = { type: 'abort', now: NOW + 3_000, who: 'ada' };
const resumed = (now: number): RunEvent => ({ type: 'resumed', now });

/** The consumers there are stopped: nothing else holds a release up. */
const begun = [observed(), won(), stepped('stop-consumers')] as const;
const run = (...events: readonly RunEvent[]) => after([...begun, ...events]);

describe('a failover that RDS has not answered', () => {
  test('is no failover yet: clients stay where they are, and RDS is asked again', () => {
    const decision = run(unanswered());
    expect(decision.state).toMatchObject({ phase: 'acting', promotionAccepted: false, unansweredAt: NOW + 2_000 });
    expect(wants(decision)).toEqual(['step promote']);
  });

  test('is one as soon as RDS shows it, or answers the next order', () => {
    const { state } = run(unanswered(), accepted(NOW + 7_000));
    expect(state).toMatchObject({ promotionAccepted: true, acceptedAt: NOW + 7_000 });
    expect(state).not.toHaveProperty('unansweredAt');
  });

  test('was none when RDS has shown the old writer, and nothing under way, for two minutes: an abort works again', () => {
    const looks = [unanswered(), abort, quiet(NOW + 10_000)] as const;
    expect(run(...looks).state).toMatchObject({ phase: 'acting', givesUp: 'aborted by ada' });
    expect(run(...looks, quiet(NOW + 129_999)).state.phase).toBe('acting');
    const decision = run(...looks, quiet(NOW + 129_999), quiet(NOW + 130_000));
    expect(decision.state).toMatchObject({ phase: 'releasing', why: 'aborted by ada', promotionAccepted: false });
    expect(wants(decision)).toEqual(['release']);
  });

  test('ends with the ten minutes, and the two more that make sure of it', () => {
    const orders = [NOW + 2_000, NOW + 300_000, NOW + 595_000].map((at) => unanswered(at));
    const over = run(...orders, unanswered(NOW + 602_000));
    const why = 'the old writer was still the writer 10 minutes after the claim';
    expect(over.state).toMatchObject({ phase: 'acting', givesUp: why });
    expect(wants(over)).toEqual(['step promote']);
    const looks = [quiet(NOW + 607_000), quiet(NOW + 727_000)];
    expect(run(...orders, unanswered(NOW + 602_000), ...looks).state).toMatchObject({ phase: 'releasing', why });
  });

  test.each([
    ['it is under way after all', accepted(NOW + 60_000), { phase: 'acting', promotionAccepted: true }],
    ['this region has the writer after all', stepped('promote', 'done', NOW + 60_000), { phase: 'acting' }],
  ])('goes on where a look shows that %s, although the run was to be given up', (_, look, expected) => {
    const { state } = run(unanswered(), abort, quiet(NOW + 10_000), look, quiet(NOW + 200_000));
    expect(state).toMatchObject(expected);
    expect(state).not.toHaveProperty('givesUp');
  });

  test('has its two minutes anew when RDS shows something else meanwhile; a look that fails says neither', () => {
    const looks = [unanswered(), abort, quiet(NOW + 10_000)] as const;
    const other = stepped('promote', 'pending', NOW + 60_000);
    expect(run(...looks, other, quiet(NOW + 131_000), quiet(NOW + 250_000)).state.phase).toBe('acting');
    expect(run(...looks, failed(NOW + 60_000), quiet(NOW + 131_000)).state.phase).toBe('releasing');
    expect(run(unanswered(), abort, failed(NOW + 10_000), quiet(NOW + 140_000)).state.phase).toBe('acting');
  });

  test('may also be one that an attempt has given whose time was over', () => {
    const late = promoted({ kind: 'failed', detail: 'promote took longer than 8 s', unanswered: true });
    expect(run(late, abort, quiet(NOW + 10_000)).state.phase).toBe('acting');
  });

  test('is a case for a person when nobody can be asked about it for as long as a run takes at most', () => {
    const silent = [unanswered(NOW + 2_000), failed(NOW + 15 * MINUTE)] as const;
    expect(run(...silent, failed(NOW + 29 * MINUTE)).state.phase).toBe('acting');
    expect(run(...silent, failed(NOW + 31 * MINUTE)).state).toMatchObject({
      outcome: 'STUCK',
      promotionAccepted: false,
    });
  });

  test('does not keep a run that never gave an order: the ten minutes are ten minutes', () => {
    expect(run(stepped('promote', 'failed', NOW + 601_000)).state.phase).toBe('releasing');
  });
});

describe('after a crash', () => {
  test('an order may have been given that nobody tells of: it has to be settled before the run is given up', () => {
    const again = [abort, resumed(NOW + 40_000), quiet(NOW + 41_000)] as const;
    expect(run(...again).state).toMatchObject({ phase: 'acting', unansweredAt: NOW + 40_000 });
    expect(run(...again, quiet(NOW + 161_000)).state.phase).toBe('releasing');
  });

  test('nothing begins anew where RDS was not asked any more: who dies every minute still comes to an end', () => {
    const dying = [unanswered(), abort, quiet(NOW + 10_000), resumed(NOW + 60_000), resumed(NOW + 120_000)] as const;
    expect(run(...dying, quiet(NOW + 131_000)).state.phase).toBe('releasing');
  });

  test('a run that is resumed too late looks for two minutes before it gives its epoch back', () => {
    const late = [stepped('promote', 'pending'), resumed(NOW + 40 * MINUTE)] as const;
    expect(run(...late, quiet(NOW + 40 * MINUTE)).state.phase).toBe('acting');
    expect(run(...late, quiet(NOW + 40 * MINUTE), quiet(NOW + 42 * MINUTE)).state.phase).toBe('releasing');
  });

  test('one that is resumed after half an hour, when it was to be given up before, still looks before it is stuck', () => {
    const late = [unanswered(NOW + 602_000), resumed(NOW + 40 * MINUTE), quiet(NOW + 40 * MINUTE)] as const;
    expect(run(...late).state.phase).toBe('acting');
    expect(run(...late, quiet(NOW + 42 * MINUTE)).state.phase).toBe('releasing');
    expect(run(...late, failed(NOW + 50 * MINUTE)).state.outcome).toBe('STUCK');
  });

  test('the journal has all of it, and a run of a release that knew nothing of it can be read', () => {
    const { state } = run(unanswered(), abort, quiet(NOW + 10_000));
    expect(readState(writeState(state))).toEqual(state);
    const { state: old } = run(accepted());
    expect(readState(writeState(old))).toEqual(old);
  });
});

describe('whatever RDS answers, and whoever dies', () => {
  const LATE_MS = 100_000;
  const answer = fc.constantFrom<'taken' | 'lost' | 'late' | 'never' | 'refused' | 'crash' | 'no look'>(
    'taken',
    'lost',
    'late',
    'never',
    'refused',
    'crash',
    'no look',
  );

  /** RDS as it is, and what an attempt to promote sees of it. An order that is late begins within 100 s. */
  function world() {
    let beginsAt = Infinity;
    const order = (at: number): void => void (beginsAt = Math.min(beginsAt, at));
    return {
      isComing: () => beginsAt !== Infinity,
      attempt(state: RunState, kind: string, now: number): StepResult | 'crash' {
        if (kind === 'no look') return { kind: 'failed', detail: 'no look' };
        if (beginsAt <= now) return { kind: 'pending', detail: 'under way', accepted: true };
        if (state.abortBy !== undefined || state.givesUp !== undefined) {
          return kind === 'crash' ? 'crash' : { kind: 'pending', detail: 'not asked', quiet: true };
        }
        switch (kind) {
          case 'taken':
            order(now);
            return { kind: 'pending', detail: 'taken', accepted: true };
          case 'refused':
            return { kind: 'failed', detail: 'refused' };
          case 'never':
            return { kind: 'pending', detail: 'no answer', unanswered: true };
          case 'lost':
            order(now);
            return { kind: 'pending', detail: 'no answer', unanswered: true };
          case 'late':
            order(now + LATE_MS);
            return { kind: 'pending', detail: 'no answer', unanswered: true };
          default:
            order(now + LATE_MS);
            return 'crash';
        }
      },
    };
  }

  test('an epoch is given back only when no order can come any more, and every run comes to an end', () => {
    const endings = new Set<string>();
    const check = (answers: readonly string[], rest: string, abortAt: number): void => {
      const rds = world();
      let { state } = after(begun);
      for (let i = 0; state.phase === 'acting' && !state.promotionAccepted; i += 1) {
        expect(i).toBeLessThan(600);
        const now = NOW + 2_000 + i * 5_000;
        if (i === abortAt) ({ state } = decide(state, { type: 'abort', now, who: 'ada' }, POLICY));
        const result = rds.attempt(state, answers[i] ?? rest, now);
        const event = result === 'crash' ? resumed(now + 4_000) : promoted(result, now + 4_000);
        ({ state } = decide(state, event, POLICY));
      }
      if (state.phase === 'releasing') expect(rds.isComing()).toBe(false);
      endings.add(state.outcome ?? (state.promotionAccepted ? 'goes on' : state.phase));
    };
    const rests = fc.constantFrom('refused', 'never', 'no look');
    fc.assert(fc.property(fc.array(answer, { maxLength: 30 }), rests, fc.integer({ min: 0, max: 200 }), check), {
      numRuns: 400,
      seed: 7,
    });
    expect([...endings].sort()).toEqual(['STUCK', 'goes on', 'releasing']);
  });
});

describe('in an invocation', () => {
  beforeEach(() =>
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] }),
  );
  afterEach(() => jest.useRealTimers());

  /** RDS looks as ever, and does with each order what the test says; the real words for it. */
  const ordering =
    (answers: (asked: number) => Error, asked: { count: number }) =>
    (ports: OperatePorts): OperatePorts => {
      const promote: StepAttempt = ({ state: { abortBy, givesUp } }) => {
        if (abortBy !== undefined || givesUp !== undefined) {
          return Promise.resolve({ kind: 'pending', detail: 'RDS was not asked', quiet: true });
        }
        asked.count += 1;
        return ordered('failover', () => Promise.reject(answers(asked.count)));
      };
      return { ...ports, steps: { ...ports.steps, promote } };
    };
  const broken = Object.assign(new Error('InternalFailure'), { $metadata: { httpStatusCode: 500 } });
  const notNow = new InvalidGlobalClusterStateFault({ message: 'not now', $metadata: { httpStatusCode: 400 } });

  test('one 500 of RDS does not make a failover irreversible: after ten minutes and two the epoch is given back', async () => {
    const asked = { count: 0 };
    const world = await lostPrimary({ alter: ordering((count) => (count === 1 ? broken : notNow), asked) });
    const { answer } = await world.invoke({ action: 'offer' }, { remainingMs: 3_600_000 });
    expect(answer).toMatchObject({ outcome: 'ABORTED', why: expect.stringContaining('10 minutes after the claim') });
    const took = (world.current()?.state.endedAt ?? 0) - NOW;
    expect(took).toBeGreaterThanOrEqual(720_000);
    expect(took).toBeLessThan(740_000);
    expect(asked.count).toBeGreaterThan(100);
    // Clients were never sent to a region without a writer.
    expect([...world.registers.records.values()].filter(({ traffic }) => traffic.failoverActive === 1)).toEqual([]);
    expect(world.published).not.toContainEqual({ FailoverActive: 1 });
  });

  test('an operator who aborts is not refused, and is answered when it is sure that nothing comes any more', async () => {
    const asked = { count: 0 };
    const world = await lostPrimary({ alter: ordering(() => broken, asked) });
    await world.invoke({ action: 'failover', who: 'ada' }, { remainingMs: 60_000 });
    const runId = world.current()?.state.runId ?? '';
    expect(world.current()?.state).toMatchObject({ phase: 'acting', promotionAccepted: false });
    const { count } = asked;
    const from = world.clock.now();
    const { answer } = await world.invoke({ action: 'abort', runId, who: 'ada' });
    expect(answer).toMatchObject({ outcome: 'ABORTED', why: 'aborted by ada' });
    // An attempt that was under way may have asked once more.
    expect(asked.count - count).toBeLessThanOrEqual(1);
    expect(world.clock.now() - from).toBeGreaterThanOrEqual(120_000);
    expect(world.clock.now() - from).toBeLessThan(160_000);
  });

  test('an attempt that is out of time may have asked RDS just before, and counts as not answered', async () => {
    const slow: StepAttempt = () => Promise.reject(new DeadlineError('promote took longer than 8 s'));
    const world = await lostPrimary({ alter: (ports) => ({ ...ports, steps: { ...ports.steps, promote: slow } }) });
    await world.invoke({ action: 'offer' }, { remainingMs: 40_000 });
    expect(world.current()?.state.unansweredAt).toBeDefined();
  });
});

test('a switchover that RDS has not answered counts as taken at once: nobody can write, so it is never asked twice', () => {
  const state: RunState = { ...after([...begun], { trigger: OPERATOR }).state, kind: 'switchover' };
  const steps = { ...state.steps, 'switch-over': { status: 'started', attempts: 1, startedAt: NOW } } as const;
  const result = { kind: 'pending', detail: 'no answer', unanswered: true } as const;
  const next = decide({ ...state, steps }, { type: 'step', now: NOW + 3_000, step: 'switch-over', result }, POLICY);
  expect(next.state).toMatchObject({ promotionAccepted: true, acceptedAt: NOW + 3_000 });
});
