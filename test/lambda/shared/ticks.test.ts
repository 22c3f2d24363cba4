import fc from 'fast-check';
import { emfLine } from '../../../lambda/shared/emf';
import { createObservability } from '../../../lambda/shared/observability';
import { endOfTicks, everyTick, readSchedule } from '../../../lambda/shared/ticks';
import { virtualTime } from '../support/virtual-time';

const MINUTE = 60_000;
/** 2026-11-24T03:51:00Z, a multiple of a minute. */
const START = Date.UTC(2026, 10, 24, 3, 51);

/** Ticks of one invocation that begins so long after the minute; each takes a time of its own. */
async function ticksOf(begun: number, intervalMs: number, takesMs: (index: number) => number = () => 0) {
  const time = virtualTime(begun);
  const begins: number[] = [];
  const ends: number[] = [];
  const failed: number[] = [];
  const count = await everyTick(
    {
      intervalMs,
      endsAt: endOfTicks(begun, begun + 65_000),
      now: time.now,
      sleep: time.sleep,
      onError: (_, index) => void failed.push(index),
    },
    async (index) => {
      begins.push(time.now());
      time.advance(Math.abs(takesMs(index)));
      ends.push(time.now());
      if (takesMs(index) < 0) throw new Error('a bad tick');
    },
  );
  return { count, begins, ends, failed, end: time.now() };
}

describe('ticks', () => {
  test('are at once and then at the multiples of the wall clock, so that invocations do not drift', async () => {
    const { begins, count } = await ticksOf(START + 1_700, 10_000);
    expect(begins.map((at) => at - START)).toEqual([1_700, 10_000, 20_000, 30_000, 40_000, 50_000]);
    expect(count).toBe(6);
  });

  test('of the lag are two in a minute that begins on time', async () => {
    expect((await ticksOf(START + 300, 30_000)).begins.map((at) => at - START)).toEqual([300, 30_000]);
  });

  test('that fail are reported and do not end the minute', async () => {
    const { count, failed } = await ticksOf(START, 20_000, () => -1);
    expect(count).toBe(3);
    expect(failed).toEqual([0, 1, 2].map((step) => START / 20_000 + step));
  });

  test('that take too long cost those that they cover, except the latest', async () => {
    const { begins } = await ticksOf(START, 10_000, (index) => (index === START / 10_000 ? 25_000 : 100));
    expect(begins.map((at) => at - START)).toEqual([0, 25_000, 30_000, 40_000, 50_000]);
  });

  test('leave no gap of more than 15 s between two invocations, whenever in the minute they begin', async () => {
    for (let phase = 0; phase < MINUTE; phase += 500) {
      const [first, second] = await Promise.all([0, MINUTE].map((begin) => ticksOf(START + phase + begin, 10_000)));
      const all = [...(first?.begins ?? []), ...(second?.begins ?? [])];
      const gaps = all.slice(1).map((at, index) => at - (all[index] ?? at));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000);
    }
  });

  test('are never two at once, never the same twice, and over in time, however long they take', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: MINUTE }),
        fc.constantFrom(10_000, 20_000, 30_000),
        fc.array(fc.integer({ min: -9_000, max: 9_000 }), { minLength: 1, maxLength: 7 }),
        async (phase, intervalMs, durations) => {
          const begun = START + phase;
          const taken = (index: number) => durations[index % durations.length] ?? 0;
          const { begins, ends, count } = await ticksOf(begun, intervalMs, taken);
          expect(count).toBe(begins.length);
          begins.slice(1).forEach((at, index) => expect(at).toBeGreaterThanOrEqual(ends[index] ?? Infinity));
          expect(new Set(begins.map((at) => Math.floor(at / intervalMs))).size).toBe(count);
          expect(Math.max(...begins)).toBeLessThan(begun + 55_000);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('end while there is still time for the last one, where the function has less than the minute', () => {
    expect(endOfTicks(0, 30_000)).toBe(21_000);
    expect(endOfTicks(0, 65_000)).toBe(55_000);
  });
});

test.each([[{ source: 'aws.events' }], [{}], [null]])('%j is not the schedule', (event) => {
  expect(() => readSchedule(event)).toThrow('the event is not the schedule');
});

describe('a signal in the log', () => {
  const LINE = {
    _aws: {
      Timestamp: START,
      CloudWatchMetrics: [
        {
          Namespace: 'tap',
          Dimensions: [['service']],
          Metrics: [{ Name: 'RpoLagSeconds', Unit: 'Seconds', StorageResolution: 1 }],
        },
      ],
    },
    service: 'replication-monitor',
    RpoLagSeconds: 0.4,
  };

  test('follows the specification: moment, namespace, and every dimension and metric as a member at the root', () => {
    expect(JSON.parse(emfLine('tap', 'RpoLagSeconds', 0.4, START))).toEqual(LINE);
  });

  test('is of standard resolution where the table of signals says so', () => {
    expect(emfLine('tap', 'OrdersWaiting', 3, START)).toContain('"Unit":"Count","StorageResolution":60');
  });

  test('goes out at once as a line of its own, past the console that Lambda wraps', () => {
    const before = process.env;
    process.env = { ...before, POWERTOOLS_METRICS_NAMESPACE: 'tap' };
    const wrapped = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const written = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    createObservability('eu-central-1').telemetry.signal('RpoLagSeconds', 0.4, START);
    const lines = written.mock.calls.map(([line]) => String(line));
    written.mockRestore();
    expect(wrapped).not.toHaveBeenCalled();
    wrapped.mockRestore();
    process.env = before;
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(lines[0] ?? '')).toEqual(LINE);
  });
});
