import type { OperatePorts } from '../../../lambda/failover-orchestrator/operate';
import type { StepName } from '../../../lambda/failover-orchestrator/plan';
import type { StepAttempt } from '../../../lambda/failover-orchestrator/steps/step';
import { NOW } from './support/run';
import { lostPrimary } from './support/world';

beforeEach(() =>
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] }),
);
afterEach(() => jest.useRealTimers());

const withStep =
  (name: StepName, attempt: StepAttempt) =>
  (ports: OperatePorts): OperatePorts => ({ ...ports, steps: { ...ports.steps, [name]: attempt } });

/** Lets everything run that needs no clock. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a step that throws is tried as often as the plan says, and then done without', async () => {
  let attempts = 0;
  const broken: StepAttempt = async () => {
    attempts += 1;
    throw new Error('no capacity');
  };
  const world = await lostPrimary({ alter: withStep('raise-floor', broken) });
  await world.invoke({ action: 'offer' });
  expect(attempts).toBe(3);
  expect(world.current()?.state).toMatchObject({
    outcome: 'DONE',
    steps: { 'raise-floor': { status: 'failed', detail: 'Error: no capacity' } },
  });
});

test('an attempt that hangs is over after its time, is told so, and holds up nothing else', async () => {
  const signals: AbortSignal[] = [];
  const hanging: StepAttempt = ({ signal }) => (signals.push(signal), new Promise(() => undefined));
  const world = await lostPrimary({ alter: withStep('stop-consumers', hanging) });
  const invoked = world.invoke({ action: 'offer' });
  await settle();
  expect(world.current()?.state.steps.verify.status).toBe('done');
  jest.advanceTimersByTime(4_000);
  await invoked;
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(world.current()?.state).toMatchObject({
    outcome: 'DONE',
    steps: { 'stop-consumers': { status: 'failed', detail: 'DeadlineError: stop-consumers took longer than 4 s' } },
  });
});

test('what still sleeps when an invocation ends does nothing any more, although the environment lives on', async () => {
  const world = await lostPrimary();
  await world.invoke({ action: 'offer' }, { remainingMs: 24_000 });
  const performed = world.performed.length;
  await world.clock.sleep(60_000);
  await settle();
  expect(world.performed).toHaveLength(performed);
});

test('a claim that cannot be made is tried again, and ten are enough', async () => {
  let claims = 0;
  const world = await lostPrimary({
    alter: (ports) => ({
      ...ports,
      registers: { ...ports.registers, claim: () => ((claims += 1), Promise.reject(new Error('gone'))) },
    }),
  });
  const { answer } = await world.invoke({ action: 'offer' });
  expect(answer).toMatchObject({ outcome: 'ABORTED', why: 'the claim was lost 10 times: Error: gone' });
  expect(claims).toBe(10);
});

test('a release is repeated until the registers have taken it', async () => {
  const world = await lostPrimary();
  await world.invoke({ action: 'offer' }, { diesIn: 'acting' });
  const runId = world.current()?.state.runId ?? '';
  await world.invoke({ action: 'abort', runId, who: 'ada' });
  world.clock.advance(31_000);
  const keeper = world.registers.dr.registers;
  const lost = jest.spyOn(keeper, 'write').mockResolvedValueOnce([false, false, false]);
  await world.invoke({ action: 'resume', runId });
  expect(lost.mock.calls.length).toBeGreaterThan(1);
  expect(world.current()?.state).toMatchObject({ outcome: 'ABORTED' });
});

test('wishes that cannot be read stop nothing', async () => {
  const world = await lostPrimary({
    alter: (ports) => ({
      ...ports,
      journal: { ...ports.journal, wishes: () => Promise.reject(new Error('throttled')) },
    }),
  });
  expect((await world.invoke({ action: 'offer' })).answer).toMatchObject({ outcome: 'DONE' });
});

test('a journal that does not take the write stops everything: nothing is done that is not in it', async () => {
  const world = await lostPrimary({
    alter: (ports) => ({
      ...ports,
      journal: {
        ...ports.journal,
        write: (entry, ...rest) =>
          entry.state.phase === 'acting'
            ? Promise.reject(new Error('no journal'))
            : ports.journal.write(entry, ...rest),
      },
    }),
  });
  await expect(world.invoke({ action: 'offer' })).rejects.toThrow('no journal');
  expect(world.current()?.state.phase).toBe('claiming');
  expect(world.performed).toEqual([]);
});

describe('people', () => {
  test('are told by the next invocation what this one could not tell', async () => {
    let broken = true;
    const world = await lostPrimary({
      alter: (ports) => ({
        ...ports,
        alerts: { send: (alert) => (broken ? Promise.reject(new Error('SNS is gone')) : ports.alerts.send(alert)) },
      }),
    });
    await world.invoke({ action: 'offer' });
    expect(world.current()).toMatchObject({ closed: false, state: { outcome: 'DONE' } });
    expect(world.current()?.alerts.map(({ key }) => key)).toEqual(['begun:id-1']);
    broken = false;
    await world.invoke({ action: 'resume', runId: 'id-1' });
    expect(world.told).toEqual(['[dev] eu-central-2: A failover begins']);
    expect(world.current()).toMatchObject({ closed: true, alerts: [] });
  });

  test('are told at the second attempt when the first one fails, and the run need not be looked at again', async () => {
    let attempts = 0;
    const world = await lostPrimary({
      evidence: { maintenance: true },
      alter: (ports) => ({
        ...ports,
        alerts: {
          send: (alert) => ((attempts += 1) === 1 ? Promise.reject(new Error('throttled')) : ports.alerts.send(alert)),
        },
      }),
    });
    await world.invoke({ action: 'offer' });
    expect(world.told).toEqual(['[dev] eu-central-2: A failover was refused']);
    expect(world.current()).toMatchObject({ closed: true, alerts: [] });
  });

  test('are told what an earlier run has left untold, also when the next one begins', async () => {
    const world = await lostPrimary({ evidence: { maintenance: true } });
    const entry = world.revisions;
    await world.invoke({ action: 'offer' });
    const last = world.current();
    if (!last) throw new Error('there is a run');
    entry.push({ ...last, revision: last.revision + 1, alerts: [{ key: 'x', subject: 'Left untold', text: 't' }] });
    await world.invoke({ action: 'offer' });
    expect(world.told).toContain('[dev] eu-central-2: Left untold');
  });
});

describe('the end of a run', () => {
  test('that is not reported is looked at again until it is', async () => {
    let broken = true;
    const world = await lostPrimary({
      evidence: { maintenance: true },
      alter: (ports) => ({
        ...ports,
        finish: (state) => (broken ? Promise.reject(new Error('S3 is gone')) : ports.finish(state)),
      }),
    });
    await world.invoke({ action: 'offer' });
    expect(world.current()).toMatchObject({ closed: false, state: { outcome: 'REFUSED' } });
    broken = false;
    const { answer } = await world.invoke({ action: 'resume', runId: 'id-1' });
    expect(answer).toMatchObject({ outcome: 'REFUSED' });
    expect(world.reports).toEqual(['id-1']);
    expect(world.current()?.closed).toBe(true);
    expect((await world.invoke({ action: 'resume', runId: 'id-1' })).answer).toMatchObject({ outcome: 'REFUSED' });
    expect(world.reports).toEqual(['id-1']);
  });

  test('counts as failed when the region did not become active: an alarm listens', async () => {
    const stuck: StepAttempt = async () => ({ kind: 'pending', detail: 'never' });
    const world = await lostPrimary({ alter: withStep('promote', stuck) });
    const { answer } = await world.invoke({ action: 'offer' }, { remainingMs: 3_600_000 });
    expect(answer).toMatchObject({ outcome: 'ABORTED', why: expect.stringContaining('10 minutes after the claim') });
    expect(world.published).toContainEqual({ RunsFailed: 1 });
    expect(world.told).toContain('[dev] eu-central-2: A failover was aborted');
    expect(world.reports).toHaveLength(1);
    expect((world.current()?.state.endedAt ?? 0) - NOW).toBe(600_000);
  });
});
