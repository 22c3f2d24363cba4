import type { Asked } from '../../../lambda/failover-orchestrator/event';
import type { OperatePorts } from '../../../lambda/failover-orchestrator/operate';
import type { StepAttempt } from '../../../lambda/failover-orchestrator/steps/step';
import { DR, NOW, PRIMARY } from './support/run';
import { bothWell } from './support/world';

// Limits of attempts never run out here unless a test says so, and an invocation that died leaves none behind.
beforeEach(() =>
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] }),
);
afterEach(() => jest.useRealTimers());

type World = Awaited<ReturnType<typeof bothWell>>;

const SWITCHOVER: Asked = { action: 'switchover', who: 'ada' };

/** Goes on as the reconciler does, until there is nothing more to go on with. */
async function resumeUntilClosed(world: World): Promise<void> {
  for (let invocations = 1; invocations < 10; invocations += 1) {
    const standing = world.current();
    if (standing?.closed) return;
    world.clock.advance(31_000);
    await world.invoke(standing ? { action: 'resume', runId: standing.state.runId } : SWITCHOVER);
  }
  throw new Error('the run does not come to its end');
}

const primarysEnds = (world: World): readonly number[] =>
  [...world.registers.records.values()].map(({ leaseEnds }) => leaseEnds[PRIMARY] ?? 0);

/** What is true after every switchover that was let through, whatever happened on the way. */
function expectSwitchedOver(world: World): void {
  const { state, closed, alerts } = world.current() ?? {};
  expect(world.faults).toEqual([]);
  expect(state).toMatchObject({ kind: 'switchover', phase: 'ended', outcome: 'DONE', claim: { epoch: 2 }, lossMs: 0 });
  expect({ closed, alerts }).toEqual({ closed: true, alerts: [] });
  expect(world.rds.orders).toBe(1);
  expect(world.database.epoch).toBe(2);
  expect(world.registers.dr.local.item).toMatchObject({ activeRegion: DR, epoch: 2, closed: false });
  expect([...world.registers.records.values()].map(({ traffic }) => traffic.failoverActive)).toEqual([1, 1, 1]);
  // Not a day back, and not at the time of its own last sweep: where the other region had come.
  const seenAt = state?.evidence?.at ?? 0;
  expect(world.local.sweep).toMatchObject({ orders: seenAt - 85_000, payments: seenAt - 90_000 });
  expect(world.told).toContain('[dev] eu-central-2: A switchover begins');
  expect(new Set(world.reports).size).toBe(1);
  expect(world.restored).toEqual([]);
  // A drill must not keep the alarm from leaving a region that is lost an hour later.
  expect(world.current()).not.toHaveProperty('lastFailoverAt');
  expect(world.current()?.lastChangeAt).toBe(state?.endedAt);
}

test('a switchover comes to its end by itself, and opens when the database is here: no lease is waited for', async () => {
  const world = await bothWell();
  const { answer } = await world.invoke(SWITCHOVER);
  expect(answer).toMatchObject({
    kind: 'run',
    plan: 'switchover',
    outcome: 'DONE',
    epoch: 2,
    startedBy: 'ada',
    lossMs: 0,
  });
  expectSwitchedOver(world);
  const order = [...new Set(world.performed)];
  expect(order.indexOf('switch-over')).toBeGreaterThan(order.indexOf('end-writes'));
  expect(order.indexOf('shift-traffic')).toBeGreaterThan(order.indexOf('verify'));
  // Primary's lease had another 55 s, and 5 s for the clocks; RDS takes 12 s here.
  expect((world.current()?.state.endedAt ?? 0) - NOW).toBeLessThan(20_000);
  expect(Math.max(...primarysEnds(world))).toBeLessThan(NOW + 1_000);
});

test('an invocation may die at any moment, and the next one brings the switchover to the same end', async () => {
  const { calls } = await (await bothWell()).invoke(SWITCHOVER);
  expect(calls).toBeGreaterThan(60);
  for (let diesAt = 1; diesAt <= calls; diesAt += 1) {
    const world = await bothWell();
    const { answer } = await world.invoke(SWITCHOVER, { diesAt });
    if (answer === 'died') await resumeUntilClosed(world);
    expectSwitchedOver(world);
  }
});

test('a dry run asks everybody, tells the plan, and writes nothing', async () => {
  const world = await bothWell();
  const before = structuredClone([...world.registers.records]);
  const { answer } = await world.invoke({ ...SWITCHOVER, dryRun: true });
  expect(answer).toMatchObject({ outcome: 'DRY_RUN', lossMs: 0, estimate: { pauseSeconds: { usual: 79 } } });
  expect(world.revisions).toEqual([]);
  expect([...world.registers.records]).toEqual(before);
  expect([world.rds.orders, world.performed, world.told, world.published, world.reports]).toEqual([0, [], [], [], []]);
});

test('without the ledger there, the end of the lease is waited for, and the skew of the clocks', async () => {
  const world = await bothWell();
  world.database.ledgerThere = 'silent';
  await world.invoke(SWITCHOVER);
  expect(world.current()?.state).toMatchObject({
    outcome: 'DONE',
    steps: { 'end-writes': { detail: 'the lease of eu-central-1 is over' } },
  });
  const { startedAt = 0, endedAt = 0 } = world.current()?.state.steps['end-writes'] ?? {};
  expect(endedAt - startedAt).toBeGreaterThanOrEqual(60_000);
});

describe('given up', () => {
  const never: StepAttempt = async () => ({ kind: 'pending', detail: 'RDS does not take it' });
  const refusing = (ports: OperatePorts): OperatePorts => ({
    ...ports,
    steps: { ...ports.steps, 'switch-over': never },
  });

  /** Primary's next heartbeats take the next epoch, and its functions write again. */
  async function expectPrimaryGoesOn(world: World): Promise<void> {
    const { primary, clock, verdict } = world.registers;
    clock.at = world.clock.now();
    await primary.keeper.renew({ verdict: verdict() });
    clock.at += 10_000;
    await primary.keeper.renew({ verdict: verdict() });
    expect(primary.local.item).toMatchObject({ activeRegion: PRIMARY, epoch: 3, closed: false });
    expect(primary.local.item?.leaseEnd).toBeGreaterThan(clock.at);
    expect(world.registers.dr.local.item).toMatchObject({ closed: true });
    expect(world.restored).toEqual(['consumers there']);
  }

  test('when RDS does not take the order: primary has its epoch back, and its consumers', async () => {
    const world = await bothWell({ alter: refusing });
    const { answer } = await world.invoke(SWITCHOVER);
    expect(answer).toMatchObject({
      outcome: 'ABORTED',
      why: 'RDS did not take the switchover within 45 s: RDS does not take it',
    });
    expect(world.published).toContainEqual({ RunsFailed: 1 });
    await expectPrimaryGoesOn(world);
  });

  test('when RDS cancels what it has taken', async () => {
    const world = await bothWell();
    world.rds.cancels = true;
    const { answer } = await world.invoke(SWITCHOVER);
    expect(answer).toMatchObject({
      outcome: 'ABORTED',
      why: expect.stringContaining('RDS has cancelled the switchover'),
    });
    expect(world.rds.orders).toBe(1);
    await expectPrimaryGoesOn(world);
  });

  test('by an operator, at any moment before RDS has the order', async () => {
    const world = await bothWell({ alter: refusing });
    await world.invoke(SWITCHOVER, { diesIn: 'acting' });
    const runId = world.current()?.state.runId ?? '';
    await world.invoke({ action: 'abort', runId, who: 'grace' });
    world.clock.advance(31_000);
    const { answer } = await world.invoke({ action: 'resume', runId });
    expect(answer).toMatchObject({ outcome: 'ABORTED', why: 'aborted by grace' });
    await expectPrimaryGoesOn(world);
  });

  test('not any more afterwards: whoever asks is told so', async () => {
    const world = await bothWell();
    await world.invoke(SWITCHOVER, { remainingMs: 24_000 });
    expect(world.current()?.state.promotionAccepted).toBe(true);
    const runId = world.current()?.state.runId ?? '';
    expect((await world.invoke({ action: 'abort', runId, who: 'grace' })).answer).toMatchObject({
      kind: 'refused',
      why: 'RDS has accepted the switchover already: there is no way back',
    });
    await resumeUntilClosed(world);
    expectSwitchedOver(world);
  });

  test('leaves the way free for a failover to this region', async () => {
    const world = await bothWell();
    world.rds.cancels = true;
    await world.invoke(SWITCHOVER);
    world.rds.cancels = false;
    delete world.rds.orderedAt;
    world.clock.advance(60_000);
    const { answer } = await world.invoke({ action: 'failover', who: 'ada', acceptLossSeconds: 'unknown' });
    expect(answer).toMatchObject({ plan: 'failover', outcome: 'DONE', epoch: 3 });
  });
});

test('while one stands no other run begins, and the operator is told which one is in the way', async () => {
  const world = await bothWell();
  await world.invoke(SWITCHOVER, { diesIn: 'claiming' });
  const refused = { kind: 'refused', why: 'run id-1 is claiming; it was started by ada' };
  expect((await world.invoke(SWITCHOVER)).answer).toMatchObject(refused);
  expect((await world.invoke({ action: 'failover', who: 'ada' })).answer).toMatchObject(refused);
});

test('at its end the consumers of the region that was left are started again, once clients have gone', async () => {
  const world = await bothWell();
  await world.invoke(SWITCHOVER);
  const order = world.performed.filter((name) => /consumers|traffic|report/.test(name));
  expect(order).toEqual(['stop-consumers', 'start-consumers', 'shift-traffic', 'restore-consumers', 'report']);
});

test('a region that is lost after it was left keeps its consumers stopped, and the switchover is done all the same', async () => {
  const failing: StepAttempt = () => Promise.resolve({ kind: 'failed', detail: 'no answer' });
  const world = await bothWell({
    alter: (ports) => ({ ...ports, steps: { ...ports.steps, 'restore-consumers': failing } }),
  });
  await world.invoke(SWITCHOVER);
  expectSwitchedOver(world);
  expect(world.current()?.state.steps['restore-consumers']).toMatchObject({ status: 'failed', detail: 'no answer' });
});
