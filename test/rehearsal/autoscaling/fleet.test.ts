import { TRADING_DATA_MARKER } from '../../../lambda/health/marker';
import { FleetBench, fleetGraph, REGION } from './support';

const fixed = (ms: number): { least: number; most: number } => ({ least: ms, most: ms });
/** The times of a new instance: wanted, launched after 5 s, running after 20 s more, answering after its 90 s. */
const nature = { reactMs: fixed(5_000), pendingMs: fixed(20_000), bootShare: fixed(1), retryMs: fixed(60_000) };

describe('a fleet (EC2 Auto Scaling guide, instance lifecycle; Elastic Load Balancing guide, target health)', () => {
  it('begins with its desired capacity, all of it serving', () => {
    expect(new FleetBench(fleetGraph({ desiredCapacity: 3 })).autoScaling.healthyInstances(REGION)).toBe(3);
  });

  it('launches what is missing, and an instance serves after its boot and one health check of the load balancer', async () => {
    const bench = new FleetBench(fleetGraph(), nature);
    bench.update({ MinSize: 2, DesiredCapacity: 3 });
    await bench.until(5 + 20 + 89);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(1);
    await bench.until(5 + 20 + 90 + 10);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(3);
    expect(bench.changes[0]).toEqual({ at: 0, desired: 3, inService: 1, healthy: 1, why: 'wants 3' });
    expect(bench.changes.at(-1)).toMatchObject({ desired: 3, inService: 3, healthy: 3 });
    await bench.until(1_000);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(3);
  });

  it('spreads its instances over its zones', async () => {
    const bench = new FleetBench(fleetGraph(), nature);
    bench.update({ DesiredCapacity: 4 });
    await bench.until(300);
    const zones = [...JSON.stringify(bench.sizes()).matchAll(/"AvailabilityZone":"(.*?)"/g)].map(([, zone]) => zone);
    expect(zones).toEqual(['eu-central-2a', 'eu-central-2b', 'eu-central-2a', 'eu-central-2b']);
  });

  it('does not launch twice for two updates that want the same', async () => {
    const bench = new FleetBench(fleetGraph(), nature);
    bench.update({ DesiredCapacity: 2 });
    bench.update({ DesiredCapacity: 2 });
    await bench.until(400);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(2);
  });

  it('stays short while EC2 has no capacity, goes on trying, and grows when there is some', async () => {
    const bench = new FleetBench(fleetGraph(), nature);
    bench.autoScaling.refuseCapacity(REGION);
    bench.update({ DesiredCapacity: 2 });
    bench.update({ DesiredCapacity: 2 });
    await bench.until(200);
    expect(bench.sizes()).toMatchObject({ AutoScalingGroups: [{ DesiredCapacity: 2, Instances: [{}] }] });
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(1);
    const refusals = bench.changes.filter(({ why }) => why === 'EC2 refuses: InsufficientInstanceCapacity');
    expect(refusals.map(({ at }) => at)).toEqual([5, 65, 125, 185]);
    bench.autoScaling.allowCapacity(REGION);
    await bench.until(245 + 20 + 90 + 10);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(2);
  });

  it('replaces instances that no longer run, once that is noticed', async () => {
    const bench = new FleetBench(fleetGraph({ desiredCapacity: 2 }), { ...nature, noticeMs: fixed(100_000) });
    bench.autoScaling.loseInstances(REGION, 1);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(1);
    await bench.until(100 + 5 + 20 + 89);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(1);
    await bench.until(100 + 5 + 20 + 90 + 10);
    expect(bench.autoScaling.healthyInstances(REGION)).toBe(2);
  });

  it('draws its times from the numbers of the group: a longer warm-up serves later', async () => {
    for (const defaultInstanceWarmup of [90, 300]) {
      const bench = new FleetBench(fleetGraph({ defaultInstanceWarmup }));
      bench.update({ DesiredCapacity: 2 });
      await bench.until(1_000);
      const at = bench.changes.at(-1)?.at ?? 0;
      expect(at).toBeGreaterThan(0.75 * defaultInstanceWarmup + 11);
      expect(at).toBeLessThan(1.5 * defaultInstanceWarmup + 15 + 45 + 10 + 1);
    }
  });

  it('is refused with sizes that AWS refuses, and with parts that are not modelled', () => {
    expect(() => new FleetBench(fleetGraph({ desiredCapacity: 7 }))).toThrow('must be between');
    expect(() => new FleetBench(fleetGraph({ warmPool: {} }))).toThrow('warmPool is not modelled');
  });
});

describe('the answer of a load balancer to /health (Elastic Load Balancing guide, health checks and troubleshooting)', () => {
  it('is the application’s own: good with the marker while its stores answer', () => {
    const bench = new FleetBench(fleetGraph());
    const { status, body } = bench.autoScaling.fleetHealth(REGION);
    expect(status).toBe(200);
    expect(body).toContain(TRADING_DATA_MARKER);
  });

  it('is 503 without the marker while one of them does not', () => {
    const bench = new FleetBench(fleetGraph());
    bench.stores = { sessions: true, site: false };
    const { status, body } = bench.autoScaling.fleetHealth(REGION);
    expect(status).toBe(503);
    expect(body).not.toContain(TRADING_DATA_MARKER);
  });

  it('is 503 without any target, and 502 with targets of which none answers', () => {
    expect(new FleetBench(fleetGraph({ minSize: 0, desiredCapacity: 0 })).autoScaling.fleetHealth(REGION).status).toBe(
      503,
    );
    const bench = new FleetBench(fleetGraph());
    bench.autoScaling.loseInstances(REGION, 1);
    expect(bench.autoScaling.fleetHealth(REGION).status).toBe(502);
  });

  it('does not exist where there is no fleet', () => {
    const { autoScaling } = new FleetBench(fleetGraph());
    expect(() => autoScaling.fleetHealth('eu-central-1')).toThrow('eu-central-1 has no fleet');
  });
});
