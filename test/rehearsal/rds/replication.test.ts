import fc from 'fast-check';
import { Replication } from '../../../rehearsal/aws/rds/replication';
import { ClusterVolume } from '../../../rehearsal/aws/rds/volume';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';

const START = Date.UTC(2026, 10, 24, 3, 51);

/** A writer's volume, a follower's, and what is between them. */
class Pair {
  readonly clock = new VirtualClock(START);
  readonly replication: Replication;
  readonly writer = this.volume('eu-central-1');
  readonly follower = this.volume('eu-central-2');

  constructor(seed: string, lag = { least: 50, most: 950 }) {
    this.replication = new Replication(this.clock, new Random(seed), lag, 1_000);
    this.follower.follow(this.writer, this.replication);
  }

  private volume(region: string): ClusterVolume {
    const random = new Random(region);
    return new ClusterVolume(this.clock, random, { least: 1, most: 1 }, { region, cluster: region }, () => undefined);
  }

  commit(epoch: number): void {
    this.writer.commit([{ table: 'writer_epoch', epoch }], () => undefined);
  }

  pass(ms: number): Promise<void> {
    return this.clock.run(this.clock.now() + ms);
  }
}

type Step =
  | { readonly do: 'commit' | 'hold' | 'release' }
  | { readonly do: 'lag'; readonly ms: number }
  | { readonly do: 'pass'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom('commit' as const, 'hold' as const, 'release' as const) }),
    fc.record({ do: fc.constant('lag' as const), ms: fc.integer({ min: 0, max: 30_000 }) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  ),
  { minLength: 5, maxLength: 40 },
);

async function take(pair: Pair, step: Step, epoch: number): Promise<void> {
  switch (step.do) {
    case 'commit':
      pair.commit(epoch);
      return pair.pass(2);
    case 'hold':
      return pair.replication.hold('test');
    case 'release':
      return pair.replication.release('test');
    case 'lag':
      return pair.replication.setLag({ least: step.ms, most: step.ms });
    case 'pass':
      return pair.pass(step.ms);
  }
}

describe('replication of Aurora Global Database', () => {
  test('a commit is seen in the other region after the lag, not before', async () => {
    const pair = new Pair('lag', { least: 400, most: 400 });
    pair.commit(2);
    await pair.pass(390);
    expect([pair.writer.content().epoch, pair.follower.content().epoch]).toEqual([2, 1]);
    await pair.pass(20);
    expect(pair.follower.content().epoch).toBe(2);
  });

  test('what Aurora says it would lose is what it would lose: all before its calculation minus the lag has arrived', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), steps, async (seed, sequence) => {
        const pair = new Pair(seed);
        let horizon = 0;
        let epoch = 1;
        for (const step of sequence) {
          epoch += 1;
          await take(pair, step, epoch);
          const { rpoLagMs, calculatedAt } = pair.replication.status();
          const arrived = pair.replication.horizon();
          expect(arrived).toBeGreaterThanOrEqual(horizon);
          expect(arrived).toBeLessThanOrEqual(pair.clock.now());
          expect(calculatedAt - rpoLagMs).toBeLessThanOrEqual(arrived);
          const there = new Set(pair.follower.commits);
          expect(pair.writer.commits.filter(({ at }) => at <= arrived).every((commit) => there.has(commit))).toBe(true);
          expect([...there].every(({ at }) => at <= arrived)).toBe(true);
          horizon = arrived;
        }
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });

  test('once nothing comes any more, the lag stands still at a good value and its time grows old', async () => {
    // Assumed: AWS does not say what aurora_global_db_status() shows when the writer's region is gone.
    const pair = new Pair('frozen');
    await pair.pass(10_000);
    pair.replication.hold('the region is lost');
    const before = pair.replication.status();
    await pair.pass(300_000);
    expect(pair.replication.status()).toEqual(before);
    expect(before.rpoLagMs).toBeLessThan(2_000);
    pair.replication.release('the region is lost');
    await pair.pass(1_000);
    expect(pair.clock.now() - pair.replication.status().calculatedAt).toBeLessThanOrEqual(1_000);
  });

  test('a longer lag grows second by second until it is that long', async () => {
    const pair = new Pair('growing');
    await pair.pass(5_000);
    pair.replication.setLag({ least: 20_000, most: 20_000 });
    const lags: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      await pair.pass(6_000);
      lags.push(Math.round(pair.replication.status().rpoLagMs / 1_000));
    }
    expect([lags[0], lags[1], lags[4]]).toEqual([expect.closeTo(6, -0.4), expect.closeTo(12, -0.4), 20]);
  });
});
