import { output } from '@pulumi/pulumi';
import { TRADING_DATA_MARKER } from '../../../lambda/health/marker';
import type { RegionRole } from '../../../lib/regions';
import type { AliasTarget } from '../../../lib/routing/alias-target';
import { dnsNames } from '../../../lib/routing/dns-names';
import { FailoverDns } from '../../../lib/routing/failover-dns';
import { evaluate } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { REGION, reachBoth } from '../services/two-regions';

const target = (dnsName: string): AliasTarget => ({ dnsName: output(dnsName), zoneId: output(`Z-${dnsName}`) });
const apiOf = (role: RegionRole) => ({
  failoverTarget: target(`failover-${role}.execute-api`),
  regionalTarget: target(`regional-${role}.execute-api`),
});
const alarmOf = (role: RegionRole, threshold: string) => ({
  alarmName: `database-health-test`,
  triggers: { threshold, DBClusterIdentifier: `cluster-${role}` },
});

const evaluateDns = (app = true, threshold = '60', interval = 30): Promise<Graph> =>
  evaluate(() => {
    new FailoverDns('dns', {
      environmentSuffix: 'test',
      regions: reachBoth(),
      zoneId: 'ZEXISTING',
      names: dnsNames('example.com', 'test', REGION),
      api: { primary: apiOf('primary'), dr: apiOf('dr') },
      ...(app && { app: { primary: target('lb-primary.elb'), dr: target('lb-dr.elb') } }),
      databaseAlarms: { primary: alarmOf('primary', threshold), dr: alarmOf('dr', threshold) },
      failoverActiveAlarm: { alarmName: 'failover-active-test', triggers: { threshold: '1' } },
      healthCheckIntervalSeconds: interval,
      healthCheckFailureThreshold: 3,
    });
  });

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateDns();
});

const check = (name: string, from = graph) => from.one('aws:route53/healthCheck:HealthCheck', `dns-${name}`);
const record = (name: string) => graph.one('aws:route53/record:Record', `dns-${name}`);

test('everything of Route 53 goes through dr, and nothing through the default provider', () => {
  const providers = graph.created.map(({ provider }) => provider?.split('::').at(-1));
  expect(new Set(providers)).toEqual(new Set(['dr']));
});

test.each([
  ['api', 'primary', 'api-eu-central-1.test.example.com'],
  ['api', 'dr', 'api-eu-central-2.test.example.com'],
  ['app', 'primary', 'app-eu-central-1.test.example.com'],
  ['app', 'dr', 'app-eu-central-2.test.example.com'],
])(
  'the %s check of %s asks its regional name, because the failover name may already mean the other region',
  (kind, role, fqdn) => {
    const its = check(`${kind}-endpoint-${role}`);
    expect(its.inputs).toMatchObject({
      type: 'HTTPS_STR_MATCH',
      fqdn,
      port: 443,
      enableSni: true,
      resourcePath: '/health',
      requestInterval: 30,
      failureThreshold: 3,
    });
    expect(its.inputs['searchString']).toBe(TRADING_DATA_MARKER);
    expect(graph.dependsOn(its, record(`${kind}-regional-${role}`))).toBe(true);
  },
);

test('checkers everywhere ask, because three regions of checkers could be cut off together', () => {
  expect(check('api-endpoint-dr').inputs).not.toHaveProperty('regions');
});

test('the interval is the operator’s', async () => {
  expect(check('api-endpoint-primary', await evaluateDns(true, '60', 10)).inputs['requestInterval']).toBe(10);
});

test.each([
  ['api', 'regional-primary.execute-api', 'regional-dr.execute-api'],
  ['app', 'lb-primary.elb', 'lb-dr.elb'],
])('the regional records of %s never move', (kind, primary, dr) => {
  for (const [role, dnsName] of [['primary', primary] as const, ['dr', dr] as const]) {
    const { inputs } = record(`${kind}-regional-${role}`);
    expect(inputs).toMatchObject({
      zoneId: 'ZEXISTING',
      name: `${kind}-${REGION[role]}.test.example.com`,
      type: 'A',
      aliases: [{ name: dnsName, zoneId: `Z-${dnsName}`, evaluateTargetHealth: false }],
    });
    expect(inputs).not.toHaveProperty('failoverRoutingPolicies');
  }
});

test.each([
  ['api', 'primary', 'PRIMARY', 'failover-primary.execute-api'],
  ['api', 'dr', 'SECONDARY', 'failover-dr.execute-api'],
  ['app', 'primary', 'PRIMARY', 'lb-primary.elb'],
  ['app', 'dr', 'SECONDARY', 'lb-dr.elb'],
])('the failover record of %s sends clients to %s as %s, by the check alone', (kind, role, type, dnsName) => {
  expect(record(`${kind}-failover-${role}`).inputs).toMatchObject({
    name: `${kind}.test.example.com`,
    type: 'A',
    setIdentifier: role,
    failoverRoutingPolicies: [{ type }],
    aliases: [{ name: dnsName, evaluateTargetHealth: false }],
  });
});

test.each(['api', 'app'])(
  '%s leaves primary when the calculated check says so, and enters dr only if dr is well',
  (kind) => {
    const usable = check(`${kind}-primary-usable`);
    expect(usable.inputs).toMatchObject({
      type: 'CALCULATED',
      childHealthchecks: [check(`${kind}-endpoint-primary`).id, check('failover-active').id],
      // Both must be well: one of them alone takes traffic away, and it does not come back while a run holds it.
      childHealthThreshold: 2,
    });
    expect(record(`${kind}-failover-primary`).inputs['healthCheckId']).toBe(usable.id);
    expect(record(`${kind}-failover-dr`).inputs['healthCheckId']).toBe(check(`${kind}-endpoint-dr`).id);
  },
);

test('the switch that a run throws follows dr’s metric, and keeps what it knew when nothing is published', () => {
  expect(check('failover-active').inputs).toMatchObject({
    type: 'CLOUDWATCH_METRIC',
    cloudwatchAlarmName: 'failover-active-test',
    cloudwatchAlarmRegion: REGION.dr,
    // Healthy would take clients back to a primary that was left, unhealthy would leave one that works when dr is lost.
    insufficientDataHealthStatus: 'LastKnownStatus',
    triggers: { threshold: '1' },
  });
});

test.each(['primary', 'dr'] as const)('the database of %s is seen through an alarm of its own region', (role) => {
  expect(check(`database-${role}`).inputs).toMatchObject({
    type: 'CLOUDWATCH_METRIC',
    cloudwatchAlarmName: 'database-health-test',
    cloudwatchAlarmRegion: REGION[role],
    insufficientDataHealthStatus: 'Unhealthy',
  });
});

test('an edited alarm resets its check, because Route 53 keeps a copy of the old settings', async () => {
  const edited = await evaluateDns(true, '120');
  expect(check('database-dr', edited).inputs['triggers']).not.toEqual(check('database-dr').inputs['triggers']);
});

test('no record follows a database check: a database alone moves no traffic', () => {
  const followed = graph.all('aws:route53/record:Record').map(({ inputs }) => inputs['healthCheckId']);
  expect(followed).not.toContain(check('database-primary').id);
  expect(followed).not.toContain(check('database-dr').id);
});

test('health checks have no names of their own, so each carries one as a tag, and no two the same', () => {
  const names = graph.all('aws:route53/healthCheck:HealthCheck').map(({ inputs }) => JSON.stringify(inputs['tags']));
  expect(new Set(names).size).toBe(9);
  expect(names.filter((name) => !/"Name":"[a-z0-9-]+-test"/.test(name))).toEqual([]);
});

test('without an application there is nothing of it, and the API is as before', async () => {
  const withoutApp = await evaluateDns(false);
  expect(withoutApp.created.filter(({ name }) => name.includes('-app-'))).toEqual([]);
  expect(withoutApp.all('aws:route53/record:Record')).toHaveLength(4);
});
