import * as fc from 'fast-check';
import { Prober, SHARED_MS } from '../../../rehearsal/aws/route53/prober';
import { healthyShare, isGood, Opinion } from '../../../rehearsal/aws/route53/verdict';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Bench, broken, check, endpointCheck, graphOf, MARKER, well } from './support';

const answer = { status: 200, body: MARKER, connectMs: 40, totalMs: 80 };

/** Route 53 guide, "How Amazon Route 53 determines whether a health check is healthy". */
describe('one answer of an endpoint (Route 53 guide, how Route 53 determines whether a health check is healthy)', () => {
  it('counts when the connection took at most 4 s and the answer at most 2 s more', () => {
    expect(isGood({ ...answer, connectMs: 4_000, totalMs: 6_000 }, MARKER)).toBe(true);
    expect(isGood({ ...answer, connectMs: 4_001, totalMs: 4_010 }, MARKER)).toBe(false);
    expect(isGood({ ...answer, connectMs: 10, totalMs: 2_011 }, MARKER)).toBe(false);
  });

  it('counts with a status of 200 to 399 only, also when the text is there', () => {
    const counts = [199, 200, 302, 399, 400, 503].map((status) => isGood({ ...answer, status }, MARKER));
    expect(counts).toEqual([false, true, true, true, false, false]);
  });

  it('counts with the text entirely in the first 5,120 bytes, upper and lower case being different', () => {
    const after = (padding: string): boolean => isGood({ ...answer, body: padding + MARKER }, MARKER);
    expect(after('x'.repeat(5_120 - MARKER.length))).toBe(true);
    expect(after('x'.repeat(5_121 - MARKER.length))).toBe(false);
    expect(after('ü'.repeat((5_120 - MARKER.length) / 2 + 1))).toBe(false);
    expect(isGood({ ...answer, body: MARKER.toLowerCase() }, MARKER)).toBe(false);
  });

  it('needs no text where the check names none', () => {
    expect(isGood({ ...answer, body: '' }, undefined)).toBe(true);
  });
});

describe('the opinion of a checker and of all of them (same page)', () => {
  it('changes after as many contrary answers in a row as the failure threshold says, both ways', () => {
    const opinion = new Opinion(3);
    const said = [false, false, true, false, false, false, true, true, false, true, true, true].map((good) => {
      opinion.take(good);
      return opinion.healthy;
    });
    expect(said).toEqual([true, true, true, true, true, false, false, false, false, false, false, true]);
  });

  it('is the opposite only after a run of threshold answers (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(fc.boolean(), { maxLength: 60 }), (threshold, answers) => {
        const opinion = new Opinion(threshold);
        for (const [index, good] of answers.entries()) {
          if (!opinion.take(good)) continue;
          const last = answers.slice(index + 1 - threshold, index + 1);
          expect(last).toEqual(Array.from({ length: threshold }, () => opinion.healthy));
        }
      }),
    );
  });

  it('is healthy when more than 18 % of the checkers say so', () => {
    expect([2, 3].map((healthy) => healthyShare(healthy, 16))).toEqual([false, true]);
    expect(healthyShare(18, 100)).toBe(false);
    expect([0, 1].map((healthy) => healthyShare(healthy, 3))).toEqual([false, true]);
  });
});

describe('endpoint checks', () => {
  it('are healthy until there is enough data, inverted ones unhealthy', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain'), endpointCheck('inverted', { invertHealthcheck: true })));
    bench.endpoint = () => 'silence';
    expect([bench.route53.isHealthy('plain'), bench.route53.isHealthy('inverted')]).toEqual([true, false]);
    await bench.until(80);
    expect([bench.route53.isHealthy('plain'), bench.route53.isHealthy('inverted')]).toEqual([false, true]);
  });

  it('turn unhealthy when every checker has failed threshold times, and ask a silent endpoint every interval plus 4 s', async () => {
    // RequestInterval: "the number of seconds between the time that Route 53 gets a response from your endpoint and the time
    // that it sends the next health check request" (Route 53 API reference, HealthCheckConfig).
    const bench = new Bench(graphOf(endpointCheck('slow', { requestInterval: 30 })));
    await bench.until(95);
    bench.endpoint = () => 'silence';
    const before = bench.requests.length;
    await bench.until(95 + 30 + 2 * 34 + 4);
    const [change] = bench.health;
    expect(change).toMatchObject({ checkId: 'slow', healthy: false });
    expect(change?.at).toBeGreaterThan(95 + 20 + 2 * 34);
    const last = bench.requests.slice(before);
    const [place] = last.map((request) => request.place);
    const times = last.filter((request) => request.place === place).map(({ at }) => at);
    expect(times.slice(1).map((at, index) => Math.round(at - (times[index] ?? 0)))).toEqual([34, 34]);
  });

  it('stay healthy through failures of fewer than threshold answers', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain')));
    for (let at = 30; at < 600; at += 30) {
      await bench.until(at);
      bench.endpoint = () => broken();
      await bench.until(at + 15);
      bench.endpoint = () => well();
    }
    expect(bench.health).toEqual([]);
  });

  it('stay healthy while a share of more than 18 % of the checkers gets good answers', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain')));
    await bench.until(20);
    const [seeing] = bench.requests.map(({ place }) => place);
    bench.endpoint = (place) => (place === seeing ? well() : 'silence');
    await bench.until(300);
    expect(bench.health).toEqual([]);
  });

  it('are refused connections as failures at once', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain')));
    bench.endpoint = () => ({ afterMs: 5, result: { kind: 'refused', why: 'nobody listens' } });
    await bench.until(31);
    expect(bench.health).toMatchObject([{ checkId: 'plain', healthy: false }]);
  });

  it('come back after threshold good answers of one of few checkers', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain')));
    bench.endpoint = () => broken();
    await bench.until(60);
    bench.endpoint = () => well();
    await bench.until(120);
    expect(bench.health.map(({ healthy }) => healthy)).toEqual([false, true]);
    expect(bench.health[1]?.at).toBeGreaterThan(80);
    expect(bench.health[1]?.at).toBeLessThan(91);
  });

  it('are not modelled when they are of other types, disabled or of an address', () => {
    for (const inputs of [{ type: 'TCP' }, { disabled: true }, { ipAddress: '192.0.2.1' }]) {
      expect(() => new Bench(graphOf(endpointCheck('odd', inputs)))).toThrow('is not modelled');
    }
    expect(() => new Bench(graphOf(check('none', { type: 'RECOVERY_CONTROL' })))).toThrow('is not modelled');
  });

  it('have checkers in the regions that the check names, and never elsewhere', async () => {
    const regions = ['us-west-1', 'eu-west-1', 'sa-east-1'];
    const bench = new Bench(graphOf(endpointCheck('plain', { regions })), { nature: { checkers: 8 } });
    await bench.until(60);
    expect([...new Set(bench.requests.map(({ place }) => place))].sort()).toEqual([...regions].sort());
  });
});

describe('requests are shared by the checks of one endpoint', () => {
  const pair = graphOf(
    endpointCheck('vantage', { requestInterval: 10 }),
    endpointCheck('api', { requestInterval: 30 }),
    endpointCheck('other-text', { requestInterval: 30, searchString: 'NEVER_THERE' }),
  );

  it('so that an endpoint is asked no more often than by its fastest check: 0.3 times a second with 3 checkers', async () => {
    const bench = new Bench(pair);
    await bench.until(720);
    expect(bench.requests.length / 720).toBeLessThan(0.305);
    expect(bench.requests.length / 720).toBeGreaterThan(0.28);
  });

  it('and each check judges the shared answer by its own text, at phases spread over its own interval', async () => {
    const bench = new Bench(pair);
    await bench.until(200);
    expect(bench.health).toMatchObject([{ checkId: 'other-text', healthy: false }]);
    // The last of three checkers begins in the last third of the 30 s.
    expect(bench.health[0]?.at).toBeGreaterThan(20 + 2 * 30);
  });

  it('when their turns lie within a second, and not when they lie further apart', async () => {
    for (const [apartMs, expected] of [
      [1_000, [5_000]],
      [1_001, [5_000, 6_001]],
    ] as const) {
      const clock = new VirtualClock(0);
      const sent: number[] = [];
      const prober = new Prober(clock, 'us-east-1', () => sent.push(clock.now()));
      const served: number[] = [];
      for (const firstAfterMs of [5_000, 5_000 + apartMs]) {
        prober.add({ intervalMs: 60_000, take: () => served.push(clock.now()) }, firstAfterMs);
      }
      await clock.run(30_000);
      expect(sent).toEqual(expected);
      expect(served).toHaveLength(2);
    }
  });

  it('and no check is served more than a second before its turn, nor later', async () => {
    // The 30-s check alone and beside a 10-s one: the same pace, up to what sharing allows.
    const changes: number[] = [];
    for (const graph of [pair, graphOf(endpointCheck('api', { requestInterval: 30 }))]) {
      const bench = new Bench(graph);
      await bench.until(300);
      bench.endpoint = () => broken();
      await bench.until(400);
      const change = bench.health.find(({ checkId }) => checkId === 'api');
      changes.push(change?.at ?? NaN);
    }
    for (const at of changes) {
      expect(at).toBeGreaterThan(300 + 60 - 3 * (SHARED_MS / 1_000));
      expect(at).toBeLessThan(300 + 91);
    }
  });

  it('and not by checks of different paths or ports', async () => {
    const bench = new Bench(graphOf(endpointCheck('one'), endpointCheck('two', { resourcePath: '/health/deep' })));
    await bench.until(300);
    expect(bench.requests.length / 300).toBeGreaterThan(0.55);
  });

  it('and the number of checkers is the budget', async () => {
    const bench = new Bench(pair, { nature: { checkers: 1 } });
    await bench.until(720);
    expect(bench.requests.length / 720).toBeLessThan(0.105);
  });
});

describe('faults of checkers', () => {
  it('silent checkers ask nobody and no longer count', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain')));
    await bench.until(20);
    const [first] = bench.requests.map(({ place }) => place);
    bench.route53.loseCheckers(first ?? '');
    const before = bench.requests.length;
    await bench.until(60);
    expect(bench.requests.slice(before).map(({ place }) => place)).not.toContain(first);
    bench.endpoint = (place) => (place === first ? well() : 'silence');
    await bench.until(120);
    expect(bench.health).toMatchObject([{ healthy: false }]);
    bench.route53.regainCheckers();
    expect(bench.health.map(({ healthy }) => healthy)).toEqual([false, true]);
  });

  it('without any checker the last status stays', async () => {
    const bench = new Bench(graphOf(endpointCheck('plain')));
    bench.route53.loseCheckers(3);
    bench.endpoint = () => 'silence';
    await bench.until(300);
    expect([bench.requests, bench.health]).toEqual([[], []]);
  });
});
