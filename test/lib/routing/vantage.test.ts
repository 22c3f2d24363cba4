import { TRADING_DATA_MARKER } from '../../../lambda/health/marker';
import { dnsNames } from '../../../lib/routing/dns-names';
import { Vantage } from '../../../lib/routing/vantage';
import { evaluate } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { REGION, reachBoth } from '../services/two-regions';

let graph: Graph;
beforeAll(async () => {
  graph = await evaluate(() => {
    const names = dnsNames('example.com', 'test', REGION);
    new Vantage('vantage', { environmentSuffix: 'test', regions: reachBoth(), zoneId: 'ZEXISTING', names });
  });
});

const record = (name: string) => graph.one('aws:route53/record:Record', `vantage-${name}`);
const checkOf = (role: string) => graph.one('aws:route53/healthCheck:HealthCheck', `vantage-check-${role}`);

test.each(['primary', 'dr'] as const)(
  'the record about %s says up while Route 53 reaches its own regional name, and down 30 s after it does not',
  (role) => {
    expect(checkOf(role).inputs).toMatchObject({
      fqdn: `api-${REGION[role]}.test.example.com`,
      resourcePath: '/health',
      searchString: TRADING_DATA_MARKER,
      requestInterval: 10,
      failureThreshold: 3,
    });
    const name = `vantage-${REGION[role]}.test.example.com`;
    const shared = { name, type: 'TXT', ttl: 5, zoneId: 'ZEXISTING' };
    expect(record(`${role}-up`).inputs).toMatchObject({
      ...shared,
      records: ['up'],
      failoverRoutingPolicies: [{ type: 'PRIMARY' }],
      healthCheckId: checkOf(role).id,
    });
    expect(record(`${role}-down`).inputs).toMatchObject({
      ...shared,
      records: ['down'],
      failoverRoutingPolicies: [{ type: 'SECONDARY' }],
    });
    // A check on "down" could be unhealthy as well, and then Route 53 would answer "up".
    expect(record(`${role}-down`).inputs).not.toHaveProperty('healthCheckId');
  },
);

test('which region is active is written by runs: up never says otherwise (X5)', () => {
  const active = record('active');
  expect(active.inputs).toMatchObject({ name: 'active.test.example.com', records: ['eu-central-1 epoch=1'] });
  expect(active.options.ignoreChanges).toEqual(['records']);
});

test('the checks and records are administered through dr', () => {
  expect(new Set(graph.created.map(({ provider }) => provider?.split('::').at(-1)))).toEqual(new Set(['dr']));
});
