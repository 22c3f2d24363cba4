import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { text, type Graph } from '../../../analysis/graph/graph';
import { ROUTE53_NATURE } from '../../../rehearsal/aws/route53/nature';
import { FleetBench } from '../autoscaling/support';
import { Bench, broken, upsert, well } from './support';

const API = 'api.dev.trading.example.com';
const APP = 'app.dev.trading.example.com';
let dev: Graph;

beforeAll(async () => {
  dev = await evaluateStack('dev');
}, 120_000);

/** Which region an address belongs to, by its own name. */
function regionOf(values: readonly string[] | undefined): string | undefined {
  return /eu-central-[12]/.exec(values?.[0] ?? '')?.[0];
}

const idOf = (name: string): string => dev.one('aws:route53/healthCheck:HealthCheck', name).id;

describe('the stack’s own names', () => {
  it('lead to the primary region at first, and the regional ones each to its own', () => {
    const { route53 } = new Bench(dev);
    const regions = [API, APP, `api-eu-central-2.${API.slice(4)}`, `app-eu-central-1.${API.slice(4)}`];
    expect(regions.map((name) => regionOf(route53.addresses(name)?.values))).toEqual([
      'eu-central-1',
      'eu-central-1',
      'eu-central-2',
      'eu-central-1',
    ]);
    expect(route53.texts(`vantage-eu-central-1.${API.slice(4)}`)).toEqual({ values: ['up'], ttlSeconds: 5 });
  });

  it('leave a silent region within two minutes, the opinion of the checkers before it', async () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const bench = new Bench(dev, { seed });
      await bench.until(100);
      bench.endpoint = (_place, fqdn) => (fqdn.includes('eu-central-1') ? 'silence' : well());
      await bench.until(100 + 10 + 3 * 14 + 10);
      expect(bench.route53.texts(`vantage-eu-central-1.${API.slice(4)}`)?.values).toEqual(['down']);
      expect(bench.route53.texts(`vantage-eu-central-2.${API.slice(4)}`)?.values).toEqual(['up']);
      await bench.until(100 + 30 + 3 * 34 + 10);
      expect(regionOf(bench.route53.addresses(API)?.values)).toBe('eu-central-2');
      const moved = bench.answers.find(({ name }) => name === API)?.at ?? Infinity;
      expect(moved - 100).toBeGreaterThan(2 * 34);
      expect(moved - 100).toBeLessThan(30 + 2 * 34 + 4 + 10 + 1);
    }
  });

  it('do not come back by themselves while a run has moved the traffic, and come back when it gives it back', async () => {
    const bench = new Bench(dev);
    bench.endpoint = (_place, fqdn) => (fqdn.includes('eu-central-1') ? broken() : well());
    bench.alarmState = 'ALARM';
    await bench.until(150);
    bench.endpoint = () => well();
    await bench.until(400);
    expect(bench.route53.isHealthy(idOf('dns-api-endpoint-primary'))).toBe(true);
    expect(regionOf(bench.route53.addresses(API)?.values)).toBe('eu-central-2');
    bench.alarmState = 'OK';
    await bench.until(450);
    expect(regionOf(bench.route53.addresses(API)?.values)).toBe('eu-central-1');
  });

  it('stay with the primary region while both are bad, and while dr’s metric is silent', async () => {
    const bench = new Bench(dev);
    bench.heard = false;
    await bench.until(600);
    expect(bench.answers).toEqual([]);
    bench.endpoint = () => 'silence';
    await bench.until(900);
    expect(regionOf(bench.route53.addresses(API)?.values)).toBe('eu-central-1');
  });

  it('change the public record of the active region within a minute', async () => {
    const bench = new Bench(dev);
    const { inputs } = dev.one('aws:route53/record:Record', 'vantage-active');
    const [name, zone] = [text(inputs, 'name'), text(inputs, 'zoneId')];
    const call = upsert(name, '"eu-central-2 epoch=2"', zone);
    expect(bench.route53.needs(call)[0]?.resource).toBe(`arn:aws:route53:::hostedzone/${zone}`);
    bench.route53.handle(call, ({ ok }) => expect(ok).toBe(true));
    await bench.until(61);
    expect(bench.route53.texts(name)?.values).toEqual(['eu-central-2 epoch=2']);
  });
});

describe('the stack’s checkers', () => {
  it('ask each endpoint at most 0.31 times a second with the modelled number of checkers', async () => {
    const bench = new Bench(dev);
    await bench.until(720);
    const byEndpoint = new Map<string, number>();
    for (const { fqdn } of bench.requests) byEndpoint.set(fqdn, (byEndpoint.get(fqdn) ?? 0) + 1);
    expect(byEndpoint.size).toBe(4);
    for (const [fqdn, count] of byEndpoint) expect([fqdn, count / 720 < 0.31]).toEqual([fqdn, true]);
    expect(ROUTE53_NATURE.checkers).toBe(3);
  });

  it('do the same again from the same seed, and something else from another', async () => {
    const traces: string[] = [];
    for (const seed of ['a', 'a', 'b']) {
      const bench = new Bench(dev, { seed });
      await bench.until(100);
      bench.endpoint = (_place, fqdn) => (fqdn.includes('eu-central-1') ? 'silence' : well());
      await bench.until(300);
      traces.push(JSON.stringify([bench.requests, bench.health, bench.answers]));
    }
    expect(traces[1] === traces[0]).toBe(true);
    expect(traces[2] === traces[0]).toBe(false);
  });
});

describe('the stack’s fleets', () => {
  it('serve at their home size, and behind the application’s names the load balancer answers for them', () => {
    const { autoScaling } = new FleetBench(dev);
    expect(['eu-central-1', 'eu-central-2'].map((region) => autoScaling.healthyInstances(region))).toEqual([2, 1]);
    expect(autoScaling.fleetHealth('eu-central-2').status).toBe(200);
    const [group] = dev.all('aws:autoscaling/group:Group');
    expect(text(group?.outputs ?? {}, 'name')).toBe('application-fleet-dev');
  });
});
