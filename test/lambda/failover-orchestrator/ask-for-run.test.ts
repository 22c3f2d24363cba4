import type { Evidence } from '../../../lambda/failover-orchestrator/guards';
import type { RunState } from '../../../lambda/failover-orchestrator/run';
import { gate } from '../support/fakes';
import { DR } from './support/run';
import { lostPrimary } from './support/world';

// Limits of attempts never run out here unless a test says so, and an invocation that died leaves none behind.
beforeEach(() =>
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] }),
);
afterEach(() => jest.useRealTimers());

type World = Awaited<ReturnType<typeof lostPrimary>>;

/** dr may be the one that is cut off: the alarm's run asks again and again, and a person may know better. */
const IN_DOUBT: Partial<Evidence> = { witnessAnswers: false };
const ASKED = { action: 'failover', who: 'ada' } as const;

/** One line for each run that the journal has held, as it was last written. */
function runsOf({ revisions }: World): readonly string[] {
  const last = new Map(revisions.map(({ state }) => [state.runId, state]));
  return [...last.values()].map(
    ({ trigger, phase, outcome }) => `${trigger.kind === 'operator' ? trigger.who : 'the alarm'}: ${outcome ?? phase}`,
  );
}

/** An invocation of the alarm that works on its run and has not heard an answer yet. */
async function asking(world: World) {
  const silence = gate();
  const invoked = world.invoke({ action: 'offer' }, { slowIn: 'observing', until: silence.opened });
  await new Promise((resolve) => setImmediate(resolve));
  expect(world.current()?.state).toMatchObject({ phase: 'observing', trigger: { kind: 'alarm' } });
  return {
    runId: world.current()?.state.runId ?? '',
    goesOn: async () => {
      silence.open();
      return (await invoked).answer;
    },
  };
}

/** The one failover that there was is ada's, and there was one only. */
function expectAdasFailover(world: World): void {
  expect(world.faults).toEqual([]);
  expect(world.current()).toMatchObject({
    state: { phase: 'ended', outcome: 'DONE', trigger: { kind: 'operator', who: 'ada' }, claim: { epoch: 2 } },
    closed: true,
  });
  expect(world.rds.orders).toBe(1);
  expect(world.registers.dr.local.item).toMatchObject({ activeRegion: DR, epoch: 2 });
}

describe("an operator's failover takes the place of the alarm's run that has claimed nothing", () => {
  test('while its invocation works: that one finds itself replaced and does nothing more', async () => {
    const world = await lostPrimary({ evidence: IN_DOUBT });
    const alarm = await asking(world);
    const { answer } = await world.invoke(ASKED);
    expect(answer).toMatchObject({ kind: 'run', startedBy: 'ada', outcome: 'DONE' });
    expectAdasFailover(world);
    const { performed } = world;
    const done = [...performed];
    expect(await alarm.goesOn()).toMatchObject({ kind: 'run', startedBy: 'ada', outcome: 'DONE' });
    expect(performed).toEqual(done);
    expectAdasFailover(world);
  });

  test('the journal and the reports tell of both: who was replaced by whom, and what replaced it', async () => {
    const world = await lostPrimary({ evidence: IN_DOUBT });
    const { runId } = await asking(world);
    await world.invoke(ASKED);
    expect(runsOf(world)).toEqual(['the alarm: REFUSED', 'ada: DONE']);
    const ended = world.revisions.find(({ state }) => state.runId === runId && state.phase === 'ended');
    expect(ended?.state).toMatchObject({
      outcome: 'REFUSED',
      replacedBy: 'ada',
      why: 'the failover that ada asked for took its place',
    });
    const mine = world.current()?.state;
    expect(mine).toMatchObject({ replaces: runId });
    expect(world.reports).toEqual([runId, mine?.runId]);
    // Nobody is called because of a run that a person has replaced.
    expect(world.told).not.toContain('[dev] eu-central-2: A failover was refused');
    expect(world.told).toContain('[dev] eu-central-2: A failover begins');
  });

  test('it is reported although the episode had a refusal already', async () => {
    const world = await lostPrimary({ evidence: IN_DOUBT });
    // Nobody is sure for a minute: refused, and reported for the whole episode.
    expect((await world.invoke({ action: 'offer' })).answer).toMatchObject({ outcome: 'REFUSED' });
    const { runId } = await asking(world);
    await world.invoke(ASKED);
    expect(world.reports).toHaveLength(3);
    expect(world.reports[1]).toBe(runId);
  });

  test('when its invocation has died, without waiting until its time is over', async () => {
    const world = await lostPrimary({ evidence: IN_DOUBT });
    await world.invoke({ action: 'offer' }, { diesIn: 'observing' });
    expect((await world.invoke(ASKED)).answer).toMatchObject({ startedBy: 'ada', outcome: 'DONE' });
    expectAdasFailover(world);
  });

  test('when it waits for a person: who asks for a failover with that loss is one', async () => {
    const world = await lostPrimary({ evidence: { lag: { known: false, why: 'no answer' } } });
    expect((await world.invoke({ action: 'offer' })).answer).toMatchObject({
      phase: 'waiting-for-person',
      givesWay: true,
    });
    const { answer } = await world.invoke({ ...ASKED, acceptLossSeconds: 'unknown' });
    expect(answer).toMatchObject({ startedBy: 'ada', outcome: 'DONE' });
    expectAdasFailover(world);
  });

  test('a failover does not wait for a report that cannot be written', async () => {
    const world = await lostPrimary({
      evidence: IN_DOUBT,
      alter: (ports) => ({
        ...ports,
        finish: (state) =>
          state.replacedBy === undefined ? ports.finish(state) : Promise.reject(new Error('S3 is gone')),
      }),
    });
    await world.invoke({ action: 'offer' }, { diesIn: 'observing' });
    expect((await world.invoke(ASKED)).answer).toMatchObject({ startedBy: 'ada', outcome: 'DONE' });
    expect(runsOf(world)).toEqual(['the alarm: REFUSED', 'ada: DONE']);
  });
});

describe('what does not give way is in the way, and is named with whoever holds it', () => {
  test.each(['claiming', 'acting'] satisfies RunState['phase'][])("the alarm's run that is %s", async (phase) => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' }, { diesIn: phase });
    const { runId = '' } = world.current()?.state ?? {};
    const { answer } = await world.invoke(ASKED);
    const why = `run ${runId} is ${phase}; it was started by the alarm`;
    expect(answer).toEqual({ kind: 'refused', runId, why });
    expect(runsOf(world)).toEqual([`the alarm: ${phase}`]);
  });

  test('one that claimed and asks again, because an answer of its claim may be what was lost', async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'offer' }, { diesIn: 'claiming' });
    world.clock.advance(61_000);
    const runId = world.current()?.state.runId ?? '';
    await world.invoke({ action: 'resume', runId }, { diesIn: 'observing' });
    expect(world.current()?.state).toMatchObject({ phase: 'observing', claimedAbove: 1 });
    expect((await world.invoke(ASKED)).answer).toMatchObject({ kind: 'refused', runId });
  });

  test('one whose loss somebody has accepted', async () => {
    const world = await lostPrimary({ evidence: { lag: { known: false, why: 'no answer' } } });
    await world.invoke({ action: 'offer' });
    const runId = world.current()?.state.runId ?? '';
    const accept = { action: 'accept', runId, who: 'bob', acceptLossSeconds: 'unknown' } as const;
    await world.invoke(accept, { diesIn: 'observing' });
    const { answer } = await world.invoke({ ...ASKED, acceptLossSeconds: 'unknown' });
    const why = `run ${runId} is observing; it was started by the alarm, accepted by bob`;
    expect(answer).toEqual({ kind: 'refused', runId, why });
  });

  test("another operator's run, which asks as well", async () => {
    const world = await lostPrimary();
    await world.invoke({ action: 'failover', who: 'bob' }, { diesIn: 'observing' });
    const { answer } = await world.invoke(ASKED);
    expect(answer).toMatchObject({ kind: 'refused', why: expect.stringContaining('it was started by bob') });
  });

  test('whatever stands, of a switchover: while an alarm is red nobody switches over', async () => {
    const world = await lostPrimary({ evidence: IN_DOUBT });
    await world.invoke({ action: 'offer' }, { diesIn: 'observing' });
    expect((await world.invoke({ action: 'switchover', who: 'ada' })).answer).toMatchObject({ kind: 'refused' });
    expect(runsOf(world)).toEqual(['the alarm: observing']);
  });
});

describe('however the two meet, one epoch is taken and one promotion ordered', () => {
  test("the alarm's invocation may be anywhere when the operator comes", async () => {
    const { calls } = await (await lostPrimary()).invoke({ action: 'offer' });
    for (let slowAt = 1; slowAt <= calls; slowAt += 1) {
      const world = await lostPrimary();
      const silence = gate();
      const alarm = world.invoke({ action: 'offer' }, { slowAt, until: silence.opened });
      // Until it stands still there.
      for (let turns = 0; turns < 100; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      const { answer } = await world.invoke(ASKED);
      silence.open();
      await alarm;
      expect(world.faults).toEqual([]);
      expect(world.rds.orders).toBe(1);
      expect(world.registers.dr.local.item).toMatchObject({ activeRegion: DR, epoch: 2 });
      expect(answer).toMatchObject(
        runsOf(world).includes('ada: DONE') ? { startedBy: 'ada', outcome: 'DONE' } : { kind: 'refused' },
      );
    }
  });

  test("the operator's invocation may die at any moment: the alarm is offered again, or the run is gone on with", async () => {
    const first = await lostPrimary();
    await first.invoke({ action: 'offer' }, { diesIn: 'observing' });
    const { calls } = await first.invoke(ASKED);
    expect(calls).toBeGreaterThan(60);
    for (let diesAt = 1; diesAt <= calls; diesAt += 1) {
      const world = await lostPrimary();
      await world.invoke({ action: 'offer' }, { diesIn: 'observing' });
      await world.invoke(ASKED, { diesAt });
      for (let tries = 0; tries < 10 && world.current()?.closed !== true; tries += 1) {
        world.clock.advance(31_000);
        const { state } = world.current() ?? {};
        // As the reconciler does: a refusal is no run, and the alarm is offered again.
        const isOver = state?.phase === 'ended' && state.outcome === 'REFUSED';
        await world.invoke(state && !isOver ? { action: 'resume', runId: state.runId } : { action: 'offer' });
      }
      expect(world.faults).toEqual([]);
      expect(world.current()).toMatchObject({ closed: true, state: { outcome: 'DONE', claim: { epoch: 2 } } });
      expect(world.rds.orders).toBe(1);
    }
  });

  test('an alarm that is offered between the two writes is replaced as well', async () => {
    let offered = false;
    const world = await lostPrimary({
      evidence: IN_DOUBT,
      alter: (ports) => ({
        ...ports,
        finish: async (state) => {
          await ports.finish(state);
          if (offered || state.replacedBy === undefined) return;
          offered = true;
          await world.invoke({ action: 'offer' }, { diesIn: 'observing' });
        },
      }),
    });
    await world.invoke({ action: 'offer' }, { diesIn: 'observing' });
    expect((await world.invoke(ASKED)).answer).toMatchObject({ startedBy: 'ada', outcome: 'DONE' });
    expect(runsOf(world)).toEqual(['the alarm: REFUSED', 'the alarm: REFUSED', 'ada: DONE']);
    expectAdasFailover(world);
  });
});
