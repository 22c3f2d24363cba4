import type { Evidence } from '../../../lambda/failover-orchestrator/guards';
import { answerOf } from '../../../lambda/failover-orchestrator/answer';
import { decide } from '../../../lambda/failover-orchestrator/decide';
import { givesWay } from '../../../lambda/failover-orchestrator/decision';
import type { RunEvent, RunPolicy } from '../../../lambda/failover-orchestrator/run';
import { readState, writeState } from '../../../lambda/failover-orchestrator/run-form';
import { after, DR, NOW, observed, OPERATOR, POLICY, register, wants, won } from './support/run';
import { lostPrimary } from './support/world';

const MINUTE = 60_000;
const silent = { known: false, why: 'time-out' } as const;

/** Nothing is wrong with primary: only an operator's guards let a failover through. */
const well = (at: number): Partial<Evidence> => ({
  at,
  alarm: 'not-red',
  vantage: 'up',
  register: register({ lastRenewal: at - 5_000 }),
});
const unknown = (at = NOW) => observed({ ...well(at), lag: silent }, at);
const known = (at: number) =>
  observed({ ...well(at), lag: { known: true, sample: { calculatedAt: at, lagMs: 1 } } }, at);
const resumed = (now: number): RunEvent => ({ type: 'resumed', now });
const accept = (now: number, lossMs = Infinity): RunEvent => ({ type: 'accepted', now, by: { who: 'bob', lossMs } });

const byHand = (...events: readonly RunEvent[]) => after(events, { trigger: OPERATOR });

describe("an operator's failover that waits for a person", () => {
  test('does not begin by itself when the monitor answers again: by then the region may be well, and nobody look', () => {
    const decision = byHand(unknown(), resumed(NOW + MINUTE), known(NOW + MINUTE));
    expect(decision.state).toMatchObject({ phase: 'waiting-for-person', waitsSince: NOW });
    expect(wants(decision)).toEqual([]);
    // What it would lose by now is there to be read.
    expect(decision.state.verdicts).toContainEqual(expect.objectContaining({ guard: 'loss', says: 'yes' }));
  });

  test('says when it ends, to whoever is called and to whoever looks', () => {
    const { state, commands } = byHand(unknown());
    expect(JSON.stringify(commands)).toContain('unless somebody accepts it, the run ends at 2026-11-26T03:15:00.000Z');
    expect(answerOf(state)).toMatchObject({
      phase: 'waiting-for-person',
      givesWay: true,
      why: 'unless somebody accepts it, the run ends at 2026-11-26T03:15:00.000Z',
    });
  });

  test('goes on when a person accepts the loss, also between two looks, and waits anew when it is more than that', () => {
    for (const events of [[unknown()], [unknown(), resumed(NOW + MINUTE)]]) {
      const decision = byHand(...events, accept(NOW + 2 * MINUTE), known(NOW + 2 * MINUTE));
      expect(wants(decision)).toEqual(['claim', 'alert begun:run-1']);
      expect(decision.state).not.toHaveProperty('waitsSince');
    }
    const late = NOW + 14 * MINUTE;
    const more = byHand(unknown(), accept(late, 1_000), unknown(late), resumed(NOW + 16 * MINUTE));
    expect(more.state).toMatchObject({ phase: 'observing', waitsSince: late });
  });

  test('is refused after a quarter of an hour, and people are told, although the alarm had a refusal of its own', () => {
    const looks = [1, 5, 14].flatMap((minute) => [resumed(NOW + minute * MINUTE), unknown(NOW + minute * MINUTE)]);
    expect(byHand(unknown(), ...looks).state.phase).toBe('waiting-for-person');
    const { state, commands } = byHand(unknown(), ...looks, resumed(NOW + 15 * MINUTE));
    expect(state).toMatchObject({
      outcome: 'REFUSED',
      why: 'nobody accepted the loss within 15 minutes: loss: the loss cannot be estimated: time-out',
    });
    expect(commands).toEqual([expect.objectContaining({ do: 'alert', key: 'refused:run-1' })]);
  });

  test('does not hold up the failover that the alarm would begin: it ends, and the alarm is offered again', () => {
    const red = observed({}, NOW + MINUTE);
    const { state } = byHand(unknown(), resumed(NOW + MINUTE), red);
    expect(state).toMatchObject({ outcome: 'REFUSED', why: 'the alarm begins a failover of its own now' });
    const policy: RunPolicy = { ...POLICY, mode: 'alert-only' };
    const alone = after([unknown(), resumed(NOW + MINUTE), red], { trigger: OPERATOR }, policy);
    expect(alone.state.phase).toBe('waiting-for-person');
  });

  test('ends where it makes no sense any more, and is aborted like any other', () => {
    const active = observed({ register: register({ activeRegion: DR }) }, NOW + MINUTE);
    expect(byHand(unknown(), resumed(NOW + MINUTE), active).state).toMatchObject({ outcome: 'REFUSED' });
    expect(byHand(unknown(), { type: 'abort', now: NOW, who: 'bob' }).state).toMatchObject({
      outcome: 'REFUSED',
      why: 'aborted by bob',
    });
  });

  test('of an earlier release counts from when it asked', () => {
    const { waitsSince: _, ...old } = byHand(unknown()).state;
    const read = readState(JSON.stringify({ ...old, phase: 'waiting-for-person' }));
    const go = (now: number) => decide(read, resumed(now), POLICY).state;
    expect(go(NOW + 14 * MINUTE)).toMatchObject({ phase: 'observing', waitsSince: NOW });
    expect(go(NOW + 15 * MINUTE)).toMatchObject({ outcome: 'REFUSED' });
    expect(readState(writeState(byHand(unknown()).state))).toEqual(byHand(unknown()).state);
  });
});

test("the alarm's run that waits keeps its ways: it begins by itself once its guards let it", () => {
  const lost = observed({ lag: silent });
  expect(wants(after([lost, resumed(NOW + MINUTE), observed({ at: NOW + MINUTE }, NOW + MINUTE)]))).toEqual([
    'claim',
    'alert begun:run-1',
  ]);
  expect(after([lost, resumed(NOW + 60 * MINUTE)]).state.phase).toBe('observing');
});

test.each([
  ['that only asked', []],
  ['that claimed', [observed()]],
])('a run of an operator %s and that nobody went on with for as long does not begin either', (_, events) => {
  const decision = after([...events, resumed(NOW + 15 * MINUTE)], { trigger: OPERATOR });
  expect(decision.state).toMatchObject({ why: expect.stringContaining('nobody went on with it') });
  // What may have been claimed is given back first.
  expect(decision.state.phase).toBe(events.length === 0 ? 'ended' : 'releasing');
  expect(after([...events, resumed(NOW + 14 * MINUTE)], { trigger: OPERATOR }).state.phase).toBe('observing');
});

describe("an operator's failover that waits gives way to the next one", () => {
  test.each([
    ['while it waits', byHand(unknown()).state, true],
    ['between two looks', byHand(unknown(), resumed(NOW + MINUTE)).state, true],
    ['not while it asks for the first time', byHand().state, false],
    ['not once somebody has accepted', byHand(unknown(), accept(NOW + MINUTE)).state, false],
    ['not once it claims', byHand(observed()).state, false],
    ['not once it acts', byHand(observed(), won()).state, false],
  ])('%s', (_, state, expected) => {
    expect(givesWay(state)).toBe(expected);
  });

  test('which accepts the loss: both are reported, and one failover is begun', async () => {
    const world = await lostPrimary({ evidence: { ...well(NOW), lag: silent } });
    const first = await world.invoke({ action: 'failover', who: 'ada' });
    expect(first.answer).toMatchObject({ phase: 'waiting-for-person', startedBy: 'ada' });
    const { answer } = await world.invoke({ action: 'failover', who: 'bob', acceptLossSeconds: 'unknown' });
    expect(answer).toMatchObject({ startedBy: 'bob', outcome: 'DONE' });
    expect(world.reports).toHaveLength(2);
    expect(world.rds.orders).toBe(1);
  });
});

test('hours later, with everybody answering again, the reconciler’s looks have refused it and begun nothing', async () => {
  const evidence: { -readonly [K in keyof Evidence]?: Evidence[K] } = { ...well(NOW), lag: silent };
  const world = await lostPrimary({ evidence });
  await world.invoke({ action: 'failover', who: 'ada' });
  delete evidence.lag;
  for (let minute = 1; minute <= 240; minute += 1) {
    world.clock.advance(MINUTE);
    const { state } = world.current() ?? {};
    if (state?.phase === 'ended') break;
    await world.invoke({ action: 'resume', runId: state?.runId ?? '' });
  }
  expect(world.current()?.state).toMatchObject({ outcome: 'REFUSED', why: expect.stringContaining('15 minutes') });
  expect(world.performed).toEqual([]);
  expect(world.told).toContain('[dev] eu-central-2: A failover was refused');
  expect(world.reports).toHaveLength(1);
});
