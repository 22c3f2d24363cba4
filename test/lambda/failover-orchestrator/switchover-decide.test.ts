import { answerOf, orchestratorAnswer } from '../../../lambda/failover-orchestrator/answer';
import { type StepName, SWITCHOVER_PLAN } from '../../../lambda/failover-orchestrator/plan';
import type { RunEvent, StepResult } from '../../../lambda/failover-orchestrator/run';
import { readState, writeState } from '../../../lambda/failover-orchestrator/run-form';
import {
  accepted as acceptedFailover,
  after,
  NOW,
  observed,
  OPERATOR,
  stepped,
  wants,
  wellEvidence,
  won,
} from './support/run';

const SWITCHOVER = { kind: 'switchover', trigger: OPERATOR } as const;
const run = (...events: readonly RunEvent[]) => after(events, SWITCHOVER);

const seen = (change: Parameters<typeof wellEvidence>[0] = {}, now = NOW): RunEvent => ({
  type: 'observed',
  now,
  evidence: wellEvidence(change),
});
const switching = (
  result: Partial<StepResult> & { readonly quiet?: true; readonly accepted?: true },
  now = NOW + 3_000,
): RunEvent => ({
  type: 'step',
  now,
  step: 'switch-over',
  result: { kind: 'pending', detail: 'RDS says', ...result } as StepResult,
});
const accepted = (now = NOW + 3_000) => switching({ accepted: true }, now);
const quiet = (now: number) => switching({ accepted: true, quiet: true }, now);
const abort: RunEvent = { type: 'abort', now: NOW + 2_000, who: 'ada' };
const resumed = (now = NOW + 5_000): RunEvent => ({ type: 'resumed', now });
const released = (now: number, consumers?: { readonly why: string; readonly isBusy: boolean }): RunEvent => ({
  type: 'released',
  now,
  ok: true,
  ...(consumers && { consumers }),
});

/** Up to the order: the other region writes no more. */
const untilOrder = [seen(), won(), stepped('stop-consumers'), stepped('end-writes')] as const;
const untilOpen = [...untilOrder, accepted(), switching({ kind: 'done' }, NOW + 60_000)] as const;
const others: readonly StepName[] = ['start-consumers', 'raise-floor'];

test('everything that must be ready is made ready, and the database waits for the end of the writes there', () => {
  expect(wants(run(seen()))).toEqual(['claim', 'alert begun:run-1']);
  expect(wants(run(seen(), won()))).toEqual([
    'step stop-consumers',
    'step end-writes',
    'step start-consumers',
    'step raise-floor',
  ]);
  expect(wants(run(seen(), won(), stepped('end-writes')))).toEqual([]);
  expect(wants(run(...untilOrder))).toEqual(['step switch-over']);
});

test('clients come only when an order has gone through this region', () => {
  expect(wants(run(...untilOpen))).toEqual(['step open']);
  const open = [...untilOpen, ...others.map((name) => stepped(name)), stepped('open')];
  expect(wants(run(...open))).toEqual(['step reconcile', 'step verify', 'step move-rpo-bound']);
  expect(wants(run(...open, stepped('reconcile')))).toEqual([]);
  expect(wants(run(...open, stepped('verify')))).toEqual(['step shift-traffic']);
});

test('it ends when everything is done, without a loss and without a fault', () => {
  const events = SWITCHOVER_PLAN.map(({ name }) => stepped(name));
  const { state } = run(seen(), won(), ...events);
  expect(state).toMatchObject({ outcome: 'DONE', lossMs: 0, promotionAccepted: true });
  expect(state).not.toHaveProperty('faultAt');
});

test('a guard that says no refuses it, and whoever asked is told each time', () => {
  const { state, commands } = run(seen({ readiness: { known: true, blockers: ['x'], checkedAt: NOW } }));
  expect(state).toMatchObject({ outcome: 'REFUSED', why: 'readiness: x' });
  expect(commands).toEqual([
    {
      do: 'alert',
      key: 'refused:run-1',
      subject: 'A switchover was refused',
      text: expect.stringContaining('started by ada'),
    },
  ]);
});

test('what may change in a minute is asked for a minute', () => {
  const lag = { known: false, why: 'time-out' } as const;
  expect(wants(run(seen({ lag })))).toEqual(['observe in 5000']);
  expect(run(seen({ lag }, NOW + 60_000)).state).toMatchObject({
    outcome: 'REFUSED',
    why: 'no answer within 60 s: lag: the replication lag is not known: time-out',
  });
});

describe('an abort', () => {
  test('before RDS has the order gives the epoch back, at the next word of what comes before it', () => {
    expect(run(seen(), won(), abort).state.phase).toBe('acting');
    const pending = stepped('end-writes', 'pending');
    const decision = run(seen(), won(), stepped('stop-consumers'), abort, pending);
    expect(decision.state).toMatchObject({ phase: 'releasing', why: 'aborted by ada' });
    expect(wants(decision)).toEqual(['release']);
  });

  test('waits for an attempt to stop consumers, which must not come after they are started again', () => {
    expect(wants(run(seen(), won(), abort, stepped('end-writes', 'pending')))).toEqual(['release in 4000']);
  });

  test('is not decided by a step that nothing waits for, while an order may be on its way', () => {
    expect(run(...untilOrder, abort, stepped('raise-floor', 'failed')).state.phase).toBe('acting');
    expect(run(...untilOrder, abort, switching({ detail: 'ada aborts: RDS was not asked' })).state.phase).toBe(
      'releasing',
    );
  });

  test('is refused once RDS has the order', () => {
    const decision = run(...untilOrder, accepted(), abort);
    expect(decision.state.phase).toBe('acting');
    expect(wants(decision)).toEqual(['alert no-abort:run-1']);
  });
});

describe('RDS', () => {
  test.each([
    [
      'stop-consumers',
      [seen(), won(), stepped('stop-consumers', 'failed', NOW + 91_001)],
      'stop-consumers did not end within 90 s: stop-consumers failed',
    ],
    [
      'end-writes',
      [seen(), won(), stepped('end-writes', 'pending', NOW + 91_001)],
      'end-writes did not end within 90 s: end-writes pending',
    ],
    [
      'switch-over',
      [...untilOrder, switching({ kind: 'failed', detail: 'throttled' }, NOW + 47_001)],
      'RDS did not take the switchover within 45 s: throttled',
    ],
  ] as const)('is not waited for longer than people can do without writes: %s', (_, events, why) => {
    expect(run(...events).state).toMatchObject({ phase: 'releasing', why });
  });

  test('is asked again until then', () => {
    expect(wants(run(...untilOrder, switching({ kind: 'failed' }, NOW + 46_999)))).toEqual([
      'step switch-over in 2000'.replace(' in 2000', ''),
    ]);
  });

  test('has cancelled what it shows nothing of for twenty seconds: the other region gets its epoch back', () => {
    const taken = [...untilOrder, accepted()] as const;
    expect(run(...taken, quiet(NOW + 50_000), quiet(NOW + 69_999)).state.phase).toBe('acting');
    const decision = run(...taken, quiet(NOW + 50_000), quiet(NOW + 70_000));
    expect(decision.state).toMatchObject({
      phase: 'releasing',
      promotionAccepted: false,
      why: 'RDS has cancelled the switchover: RDS says',
    });
    expect(wants(decision)).toEqual(['release']);
  });

  test('has not cancelled what it shows again; a look that fails says neither', () => {
    const taken = [...untilOrder, accepted(), quiet(NOW + 50_000)] as const;
    expect(run(...taken, accepted(NOW + 60_000), quiet(NOW + 71_000)).state.phase).toBe('acting');
    expect(run(...taken, switching({ kind: 'failed' }, NOW + 60_000), quiet(NOW + 71_000)).state.phase).toBe(
      'releasing',
    );
  });

  test('keeps the run to its end once it has the order; people are told once that it takes long', () => {
    const late = [...untilOrder, accepted(), accepted(NOW + 303_000)] as const;
    expect(wants(run(...late))).toEqual(['step switch-over', 'alert slow:run-1']);
    expect(wants(run(...late, accepted(NOW + 310_000)))).toEqual(['step switch-over']);
    const stuck = run(...late, accepted(NOW + 1_801_001));
    expect(stuck.state).toMatchObject({ outcome: 'STUCK' });
    expect(JSON.stringify(stuck.commands)).toContain('fail over to either region');
  });
});

describe('the way out', () => {
  const out = [...untilOrder, abort, switching({})] as const;
  const gone = { why: 'no answer', isBusy: false };
  const busy = { why: 'in use', isBusy: true };

  test('gives the epoch back and starts the consumers there again', () => {
    const { state, commands } = run(...out, released(NOW + 9_000));
    expect(state).toMatchObject({ outcome: 'ABORTED', why: 'aborted by ada' });
    expect(JSON.stringify(commands)).toContain('The other region takes the next epoch');
  });

  test.each([
    ['a region that may be lost is asked four times', gone, 3],
    ['one that is busy with it is asked for three minutes', busy, 35],
  ])('%s', (_, consumers, more) => {
    const asked = Array.from({ length: more }, () => released(NOW + 9_000, consumers));
    expect(wants(run(...out, ...asked))).toEqual(['release in 5000']);
    const { state } = run(...out, ...asked, released(NOW + 9_000, consumers));
    expect(state).toMatchObject({
      outcome: 'ABORTED',
      why: expect.stringContaining(`have to be started: ${consumers.why}`),
    });
  });

  test('is taken as well when somebody else owns a higher epoch: the consumers are theirs', () => {
    expect(run(...untilOrder, switching({ kind: 'lost-epoch' })).state.phase).toBe('releasing');
  });
});

describe('after a crash', () => {
  test('everything that was begun is begun again, and nothing else', () => {
    expect(wants(run(...untilOrder, accepted(), resumed()))).toEqual([
      'step start-consumers',
      'step raise-floor',
      'step switch-over',
    ]);
  });

  test('a run without an order that is resumed too late looks once more and gives its epoch back', () => {
    const decision = run(...untilOrder, resumed(NOW + 1_802_000));
    expect(decision.state).toMatchObject({ phase: 'acting', abortBy: 'the time limit' });
    expect(wants(decision)).toContain('step switch-over');
  });

  test('the journal has everything of it', () => {
    for (const { state } of [run(seen()), run(...untilOrder, accepted(), quiet(NOW + 50_000)), run(...untilOpen)]) {
      expect(readState(writeState(state))).toEqual(state);
    }
  });

  test('a run of a release that knew no other kind is a failover', () => {
    const { kind: _, steps, ...old } = after([observed(), won(), acceptedFailover()]).state;
    const { 'end-writes': __, 'switch-over': ___, 'lower-floor': ____, 'move-rpo-bound': _____, ...oldSteps } = steps;
    expect(readState(JSON.stringify({ ...old, steps: oldSteps }))).toEqual({ ...old, kind: 'failover', steps });
  });
});

test('a dry run tells the plan, how long it would take, and that nothing would be lost', () => {
  const { state, commands } = after([seen()], { ...SWITCHOVER, dryRun: true });
  expect(commands).toEqual([]);
  const answer = answerOf(state);
  expect(orchestratorAnswer.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
  expect(answer).toMatchObject({
    plan: 'switchover',
    outcome: 'DRY_RUN',
    why: 'the switchover would start now',
    lossMs: 0,
    // The longest way: writes ended, switched over, opened; then an order, DNS, people and the report.
    estimate: {
      pauseSeconds: { usual: 2 + 75 + 2, most: 65 + 130 + 15 },
      runSeconds: { usual: 3 + 79 + 3 + 1 + 1 + 1 },
    },
  });
  expect(answer).toHaveProperty('steps.4', {
    name: 'switch-over',
    purpose: expect.any(String),
    after: ['stop-consumers', 'end-writes'],
    takes: { usual: 75, most: 130 },
    status: 'waiting',
    attempts: 0,
  });
});

test('a dry run of a failover tells its loss as well', () => {
  expect(answerOf(after([observed()], { dryRun: true }).state)).toMatchObject({ plan: 'failover', lossMs: 1_300 });
});
