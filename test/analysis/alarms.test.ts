import { LOOK_BACKS } from '../../analysis/alarms/metric-alarm';
import { everyStory, phases, watch } from './detection-series';
import type { Story } from './detection-series';

const TRIGGER = 'failover-trigger';
const within =
  (from: number, to: number) =>
  (at: number): boolean =>
    at >= from && at < to;

/** Earliest and latest of what happened in every story; undefined when it did not happen in some. */
function range(stories: readonly Story[], second: (story: Story) => number | undefined) {
  const seconds = stories.map(second);
  const happened = seconds.filter((at) => at !== undefined);
  if (happened.length < seconds.length) return { never: seconds.length - happened.length };
  return { earliest: Math.min(...happened), latest: Math.max(...happened) };
}

/** In how many stories an alarm was red after the fault. */
const red = (stories: readonly Story[], alarm: string): number =>
  stories.filter(({ events }) => events.some((e) => e.alarm === alarm && e.state === 'ALARM' && e.at >= 0)).length;

/** primary is gone, from second 0 on or for a while: nothing is processed, nothing is renewed. */
const gone = (seconds = Infinity) => ({
  orderTakes: (at: number) => (within(-1, seconds)(at) ? undefined : 1),
  renews: (at: number) => !within(0, seconds)(at),
});
/** primary is there and its database is not. */
const withoutDatabase = (seconds: number) => ({
  orderTakes: (at: number) => (within(-1, seconds)(at) ? undefined : 1),
  writable: (at: number) => !within(0, seconds)(at),
});

describe('must turn red', () => {
  test('a dead region is seen by probe and heartbeat within 60 s, however the clocks stand to each other', () => {
    const stories = everyStory(gone(), 70, phases([0, 4, 8]));
    // Over all 10,000 combinations of whole seconds: 28 to 51.
    expect(range(stories, ({ called }) => called)).toEqual({ earliest: 28, latest: 50 });
  });

  test('and still within 60 s when a value needs 10 s to the alarm instead of the assumed 3', () => {
    const stories = everyStory(gone(), 80, phases([0, 4, 8]), 10);
    // Over all combinations: 35 to 58.
    expect(range(stories, ({ called }) => called)).toEqual({ earliest: 38, latest: 54 });
  });

  test('a database that is gone for three minutes: the patience of verdict and alarm, and the way the verdict takes', () => {
    const stories = everyStory(withoutDatabase(180), 180, phases([0, 4, 9], [0, 6]));
    // Over a grid of all clocks: 89 to 123. The patience is 90; the verdict, its two carriers and the evaluation are the rest.
    expect(range(stories, ({ called }) => called)).toEqual({ earliest: 94, latest: 120 });
  });

  test('orders that stand still under a database that works: as soon as a database that is gone', () => {
    const processes = (at: number) => at < 0;
    const stories = everyStory(
      { orderTakes: (at) => (processes(at + 1) ? 1 : undefined), processes },
      180,
      phases([0, 4, 9], [0, 6]),
    );
    expect(range(stories, ({ called }) => called)).toEqual({ earliest: 79, latest: 100 });
  });

  test('a silent heartbeat function of dr breaches only after one to two minutes: the backstop, not the detection', () => {
    const { listens, phase } = { listens: (at: number) => at < 0, phase: phases([5])[0] };
    if (!phase) throw new Error('there is one phase');
    const silent = Object.entries(LOOK_BACKS).map(([name, lookBack]) => [
      name,
      watch({ listens }, 150, phase, lookBack).firstTurn('heartbeat-silent', 'ALARM'),
    ]);
    expect(silent).toEqual([
      ['shortest', 35],
      ['longest', 115],
    ]);
  });

  test('watchers that stop are told of, each by its own alarm', () => {
    const until = 330;
    const probe = everyStory({ probes: (at) => at < 0 }, until);
    expect(range(probe, (story) => story.firstTurn('probe-stopped', 'ALARM'))).toEqual({ earliest: 300, latest: 305 });
    const canary = everyStory({ canary: (at) => (at < 0 ? 100 : undefined) }, until);
    expect(range(canary, (story) => story.firstTurn('canary-stopped', 'ALARM'))).toEqual({
      earliest: 240,
      latest: 245,
    });
  });
});

describe('must not turn red', () => {
  test.each<[string, Parameters<typeof everyStory>[0], number]>([
    [
      'a deploy blip: two probes in a row find nothing',
      { orderTakes: (at) => (within(0, 20)(at) ? undefined : 1) },
      120,
    ],
    [
      'one zone is lost: every third order is slow and the heartbeat is fine',
      { orderTakes: (at) => (at >= 0 && Math.floor(at / 10) % 3 === 0 ? 6 : 1) },
      240,
    ],
    ['a database failover inside the region: 45 s without writes', withoutDatabase(45), 200],
    ['and one that takes 80 s', withoutDatabase(80), 240],
    [
      'processing that stands still for a minute',
      { orderTakes: (at) => (within(-1, 60)(at) ? undefined : 1), processes: (at) => !within(0, 60)(at) },
      200,
    ],
    ['a broken canary alone', { canary: (at) => (at < 0 ? 100 : 0) }, 240],
    ['a dead probe function, whatever it said last', { probes: (at) => at < 0, orderTakes: () => 6 }, 300],
    ['a dead heartbeat function of dr alone', { listens: (at) => at < 0 }, 240],
    [
      'orders that fail while primary renews and says that it works',
      { orderTakes: (at) => (at < 0 ? 1 : undefined) },
      240,
    ],
  ])('%s', (_, world, until) => {
    expect(red(everyStory(world, until), TRIGGER)).toBe(0);
  });

  test('two failed probes are no leg yet, and a slow zone never is', () => {
    const blip = everyStory({ orderTakes: (at) => (within(0, 20)(at) ? undefined : 1) }, 120);
    expect(red(blip, 'probe-failed')).toBe(0);
    const zone = everyStory({ orderTakes: (at) => (at >= 0 && Math.floor(at / 10) % 3 === 0 ? 6 : 1) }, 240);
    expect(red(zone, 'probe-failed')).toBe(0);
  });
});

describe('between the two', () => {
  test('a partition of 43 s turns red and green again: alarms cannot tell it from a loss, the guards ask third parties', () => {
    const stories = everyStory(gone(43), 120);
    expect(range(stories, ({ called }) => called)).toEqual({ earliest: 30, latest: 45 });
    expect(range(stories, (story) => lastGreen(story))).toEqual({ earliest: 50, latest: 60 });
  });

  test('one of 20 s is over before two heartbeats are missed', () => {
    expect(red(everyStory(gone(20), 120), TRIGGER)).toBe(0);
  });

  test('a loss during announced work turns red and calls nobody until the work is over and its extension has passed', () => {
    const stories = everyStory({ ...gone(), maintenance: within(-60, 200) }, 480);
    expect(range(stories, (story) => story.firstTurn(TRIGGER, 'ALARM'))).toEqual({ earliest: 30, latest: 45 });
    // The last announcement is of second 180. It counts for three minutes, because CloudWatch prefers an old value to none:
    // work ends early by announcing its end, a 0.
    expect(range(stories, ({ called }) => called)).toEqual({ earliest: 420, latest: 425 });
  });
});

function lastGreen({ events }: Story): number | undefined {
  return events.findLast((event) => event.alarm === TRIGGER && event.changed && event.state === 'OK')?.at;
}
