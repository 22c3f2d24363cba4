import fc from 'fast-check';
import type { Asked } from '../../../lambda/failover-orchestrator/event';
import { gate } from '../support/fakes';
import { DR, NOW, POLICY } from './support/run';
import { lostPrimary } from './support/world';

// Limits of attempts never run out here unless a test says so, and an invocation that died leaves none behind.
beforeEach(() =>
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] }),
);
afterEach(() => jest.useRealTimers());

type World = Awaited<ReturnType<typeof lostPrimary>>;

/** Goes on as the reconciler does, until there is nothing more to go on with. */
async function resumeUntilClosed(world: World, first: Asked): Promise<number> {
  for (let invocations = 1; invocations < 10; invocations += 1) {
    const standing = world.current();
    if (standing?.closed) return invocations;
    world.clock.advance(31_000);
    await world.invoke(standing ? { action: 'resume', runId: standing.state.runId } : first);
  }
  throw new Error('the run does not come to its end');
}

/** What is true after every failover that was let through, whatever happened on the way. */
function expectFailedOver(world: World): void {
  const { state, closed, alerts } = world.current() ?? {};
  expect(world.faults).toEqual([]);
  expect(state).toMatchObject({ phase: 'ended', outcome: 'DONE', claim: { epoch: 2 } });
  expect({ closed, alerts }).toEqual({ closed: true, alerts: [] });
  expect(world.rds.orders).toBe(1);
  expect(world.database.epoch).toBe(2);
  expect(world.registers.dr.local.item).toMatchObject({ activeRegion: DR, epoch: 2, closed: false });
  expect([...world.registers.records.values()].filter(({ traffic }) => traffic.failoverActive === 1)).toHaveLength(2);
  expect(world.local.sweep?.orders).toBeLessThan(NOW - 100_000);
  expect(world.told).toContain('[dev] eu-central-2: A failover begins');
  expect(new Set(world.reports).size).toBe(1);
}

test('a failover comes to its end by itself: every step once it can begin, each in the journal before it is done', async () => {
  const world = await lostPrimary();
  const { answer } = await world.invoke({ action: 'offer' });
  expect(answer).toMatchObject({ kind: 'run', phase: 'ended', outcome: 'DONE', epoch: 2, startedBy: 'the alarm' });
  expectFailedOver(world);
  const first = [...new Set(world.performed)];
  expect(first.slice(0, 5).sort()).toEqual([
    'promote',
    'raise-floor',
    'shift-traffic',
    'start-consumers',
    'stop-consumers',
  ]);
  expect(first.slice(5)).toEqual(['open', 'reconcile', 'verify', 'announce', 'record-change', 'report']);
  expect(world.published).toContainEqual({ FailoverActive: 1 });
  expect(world.published).toContainEqual({ FailoverDurationSeconds: expect.any(Number) });
  // 12 s of promotion, seen by a poll every 5 s; the lease's remainder ends in its shadow.
  expect((world.current()?.state.endedAt ?? 0) - NOW).toBeLessThan(17_000);
});

test('an invocation may die at any moment, and the next one brings the run to the same end', async () => {
  const { calls } = await (await lostPrimary()).invoke({ action: 'offer' });
  expect(calls).toBeGreaterThan(60);
  for (let diesAt = 1; diesAt <= calls; diesAt += 1) {
    const world = await lostPrimary();
    const { answer } = await world.invoke({ action: 'offer' }, { diesAt });
    if (answer === 'died') await resumeUntilClosed(world, { action: 'offer' });
    expectFailedOver(world);
  }
});

test('so may the next one, and the one after it', async () => {
  const deaths = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 2, maxLength: 5 });
  const check = fc.asyncProperty(deaths, async (diesAt) => {
    const world = await lostPrimary();
    for (const at of diesAt) {
      const standing = world.current();
      const asked: Asked = standing ? { action: 'resume', runId: standing.state.runId } : { action: 'offer' };
      await world.invoke(asked, { diesAt: at });
      world.clock.advance(31_000);
    }
    await resumeUntilClosed(world, { action: 'offer' });
    expectFailedOver(world);
  });
  await fc.assert(check, { numRuns: 40 });
});

test('a run outlives many invocations, each with time for little', async () => {
  const world = await lostPrimary();
  await world.invoke({ action: 'offer' }, { remainingMs: 24_000 });
  expect(world.current()).toMatchObject({ state: { phase: 'acting' }, closed: false });
  // Let go on purpose: nobody has to wait for the owner's time to run out.
  expect(world.current()?.ownedUntil).toBe(world.clock.now());
  const runId = world.current()?.state.runId ?? '';
  await world.invoke({ action: 'resume', runId });
  expectFailedOver(world);
});

describe('one run at a time', () => {
  test('a second alarm is answered with the run that stands, and nothing is done twice', async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' }, { diesIn: 'claiming' });
    const performed = [...world.performed];
    expect((await world.invoke({ action: 'offer' })).answer).toMatchObject({ kind: 'run', phase: 'claiming' });
    expect(world.performed).toEqual(performed);
  });

  test('an operator is told which run is in the way', async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' }, { diesIn: 'claiming' });
    const runId = world.current()?.state.runId;
    const { answer } = await world.invoke({ action: 'failover', who: 'ada' });
    expect(answer).toEqual({
      kind: 'refused',
      runId,
      why: `run ${runId ?? ''} is claiming; it was started by the alarm`,
    });
  });

  test('an owner that was replaced while it was silent does nothing more', async () => {
    const world = await lostPrimary();
    const silence = gate();
    const slow = world.invoke({ action: 'offer' }, { slowIn: 'observing', until: silence.opened });
    await new Promise((resolve) => setImmediate(resolve));
    const entry = world.current();
    if (!entry) throw new Error('the run has not begun');
    world.revisions.push({ ...entry, owner: 'another', revision: entry.revision + 1 });
    silence.open();
    expect((await slow).answer).toMatchObject({ kind: 'run', phase: 'observing' });
    expect(world.performed).toEqual([]);
    expect(world.registers.records.get('eu-west-1')).toMatchObject({ epoch: 1 });
    expect(world.current()).toMatchObject({ owner: 'another', revision: entry.revision + 1 });
  });

  test('an alarm that is still red after the failover is not even refused', async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' });
    const revisions = world.revisions.length;
    expect((await world.invoke({ action: 'offer' })).answer).toEqual({
      kind: 'ignored',
      why: 'this region is active already',
    });
    expect(world.revisions).toHaveLength(revisions);
  });
});

describe('a refusal', () => {
  test('is told and reported once in an episode, however often the alarm is offered', async () => {
    const world = await lostPrimary({ evidence: { maintenance: true } });
    for (let offers = 0; offers < 3; offers += 1) {
      expect((await world.invoke({ action: 'offer' })).answer).toMatchObject({ outcome: 'REFUSED' });
    }
    expect(world.told).toEqual(['[dev] eu-central-2: A failover was refused']);
    expect(world.reports).toHaveLength(1);
    expect(world.performed).toEqual([]);
    expect(world.published.filter((values) => 'RunsFailed' in values)).toEqual([]);
  });

  test('is no failover: no cooldown begins with it, and the one that runs goes on', async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' });
    const endedAt = world.current()?.state.endedAt;
    await world.invoke({ action: 'failover', who: 'ada', dryRun: true });
    expect(world.current()).toMatchObject({ lastFailoverAt: endedAt });
  });
});

describe('a person', () => {
  const unknownLoss = { lag: { known: false, why: 'the monitor does not answer' } } as const;

  test('is waited for when the loss is not known, and the run goes on with what they accept', async () => {
    const world = await lostPrimary({ evidence: unknownLoss });
    expect((await world.invoke({ action: 'offer' })).answer).toMatchObject({ phase: 'waiting-for-person' });
    const runId = world.current()?.state.runId ?? '';
    expect(world.current()).toMatchObject({ closed: false, ownedUntil: world.clock.now() });
    expect(world.reports).toEqual([]);
    const revisions = world.revisions.length;
    expect((await world.invoke({ action: 'offer' })).answer).toMatchObject({ runId, phase: 'waiting-for-person' });
    expect(world.revisions).toHaveLength(revisions);
    const { answer } = await world.invoke({ action: 'accept', runId, who: 'ada', acceptLossSeconds: 'unknown' });
    expect(answer).toMatchObject({ runId, outcome: 'DONE' });
    expect(world.local.sweep?.orders).toBeLessThan(NOW - 86_000_000);
    expect(world.local.sweep?.payments).toBe(world.local.sweep?.orders);
  });

  test('may end it while it waits', async () => {
    const world = await lostPrimary({ evidence: unknownLoss });
    await world.invoke({ action: 'offer' });
    const runId = world.current()?.state.runId ?? '';
    expect((await world.invoke({ action: 'abort', runId, who: 'ada' })).answer).toMatchObject({
      outcome: 'REFUSED',
      why: 'aborted by ada',
    });
    expect(world.current()?.closed).toBe(true);
  });

  test('may stop it from outside before RDS is asked: the epoch is given back, and clients stay where they are', async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' }, { diesIn: 'acting' });
    const runId = world.current()?.state.runId ?? '';
    expect((await world.invoke({ action: 'abort', runId, who: 'ada' })).answer).toMatchObject({ phase: 'acting' });
    world.clock.advance(31_000);
    const { answer } = await world.invoke({ action: 'resume', runId });
    expect(answer).toMatchObject({ outcome: 'ABORTED', why: 'aborted by ada' });
    expect(world.faults).toEqual([]);
    expect(world.rds.orders).toBe(0);
    const held = [...world.registers.records.values()].filter(({ epoch }) => epoch === 2);
    expect(held.map(({ standing, traffic }) => `${standing} ${traffic.failoverActive}`)).toEqual([
      'released 0',
      'released 0',
    ]);
    expect(world.published).toContainEqual({ RunsFailed: 1 });
    expect(world.reports).toHaveLength(1);
    expect(world.current()?.closed).toBe(true);
  });

  test('is refused once RDS has accepted', async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' }, { remainingMs: 24_000 });
    const runId = world.current()?.state.runId ?? '';
    expect((await world.invoke({ action: 'abort', runId, who: 'ada' })).answer).toEqual({
      kind: 'refused',
      runId,
      why: 'RDS has accepted the failover already: there is no way back',
    });
  });

  test('asking about another run is told which one there is', async () => {
    const world = await lostPrimary();
    expect((await world.invoke({ action: 'abort', runId: 'x', who: 'ada' })).answer).toEqual({
      kind: 'refused',
      why: 'run x does not stand',
    });
    expect((await world.invoke({ action: 'status' })).answer).toEqual({ kind: 'no-run' });
  });

  test('gets every verdict and the whole plan from a dry run, which leaves no trace', async () => {
    const world = await lostPrimary({ policy: { ...POLICY, mode: 'alert-only' } });
    const { answer } = await world.invoke({ action: 'failover', who: 'ada', dryRun: true });
    expect(answer).toMatchObject({
      outcome: 'DRY_RUN',
      why: 'the failover would start now',
      startedBy: 'ada',
      steps: expect.arrayContaining([
        expect.objectContaining({ name: 'promote', purpose: expect.any(String), after: [] }),
      ]),
    });
    expect(answer).toHaveProperty('verdicts.length', 8);
    expect(world.revisions).toEqual([]);
    expect([...world.marks.keys()]).toEqual([]);
  });
});
