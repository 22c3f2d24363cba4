import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import { composeReadiness } from '../../../lambda/readiness/compose';
import { type Fact, judgeReadiness, type ReadinessFacts } from '../../../lambda/readiness/judge';
import { createLocalItems } from '../../../lambda/shared/local-items';
import { type FakeAnswer, fakeAws } from '../support/fake-aws';
import { fakeDynamodb } from '../support/fake-dynamodb';
import { fakeQuery, type QueryAnswer } from '../support/fake-query';
import { recordedTelemetry } from '../support/fakes';
import { DR, LOCATIONS, PRIMARY, WITNESS } from '../support/registers';

const NOW = Date.UTC(2026, 10, 24, 3, 51);
const ARN = `arn:aws:rds:${DR}:123456789012:cluster:trading-dr-dev`;
const OTHER_ARN = `arn:aws:rds:${PRIMARY}:123456789012:cluster:trading-primary-dev`;
const POLICY = { ownClusterArn: ARN, fleetFloor: 4, now: NOW };

const known = <T>(value: T): Fact<T> => ({ known: true, value });
const unknown = { known: false, why: 'time-out' } as const;
const WHOLE = { status: 'available', engineVersion: '17.4', memberArns: [OTHER_ARN, ARN] };
const PART = { status: 'available', engineVersion: '17.4' };
const READY: ReadinessFacts = {
  globalCluster: known(WHOLE),
  cluster: known(PART),
  availableInstances: known(2),
  secret: known('present'),
  registers: { answered: 3, all: 3, majority: 2 },
  code: { here: known({ health: 'a', ledger: 'b' }), there: known({ health: 'a', ledger: 'b' }) },
  fleetMaximum: known(6),
  lag: { kind: 'follows', calculatedAt: NOW - 5_000, lagMs: 300 },
};

describe('readiness', () => {
  test.each<[string, Partial<ReadinessFacts>, string[], string[]]>([
    ['nothing is wrong', {}, [], []],
    ['the region writes itself', { lag: { kind: 'writes' } }, [], []],
    ['there is no fleet to grow', { fleetMaximum: known('none') }, [], []],
    ['a patch differs, which a failover takes', { cluster: known({ ...PART, engineVersion: '17.4.2' }) }, [], []],
    ['there is no global cluster', { globalCluster: known('absent') }, ['there is no global cluster'], []],
    [
      'the cluster has left the global cluster',
      { globalCluster: known({ ...WHOLE, memberArns: [OTHER_ARN] }) },
      ['the cluster here is no member of the global cluster'],
      [],
    ],
    ['there is no cluster', { cluster: known('absent') }, ['there is no cluster here'], []],
    ['the cluster is stopped', { cluster: known({ ...PART, status: 'stopped' }) }, ['the cluster here is stopped'], []],
    [
      'the cluster has no instance',
      { availableInstances: known(0) },
      ['the cluster here has no available instance'],
      [],
    ],
    [
      'the minor versions differ',
      { cluster: known({ ...PART, engineVersion: '17.5' }) },
      ['the cluster here has engine version 17.5 and the global cluster 17.4'],
      [],
    ],
    [
      'the secret is not here',
      { secret: known('absent') },
      ['the database secret is not here, or is to be deleted'],
      [],
    ],
    [
      'no majority answers',
      { registers: { answered: 1, all: 3, majority: 2 } },
      ['1 of 3 registers answer, which is no majority'],
      [],
    ],
    ['one register is silent', { registers: { answered: 2, all: 3, majority: 2 } }, [], ['2 of 3 registers answer']],
    [
      'the global cluster is at work',
      { globalCluster: known({ ...WHOLE, status: 'modifying' }) },
      [],
      ['the global cluster is modifying'],
    ],
    [
      'code differs, or is missing',
      {
        code: {
          here: known({ health: 'a', ledger: 'b', probe: 'absent' }),
          there: known({ health: 'a', ledger: 'c', probe: 'absent' }),
        },
      },
      [],
      ['ledger has other code here than in the other region', 'probe has other code here than in the other region'],
    ],
    [
      'the other region is silent',
      { code: { ...READY.code, there: unknown } },
      [],
      ['the code of the functions in the other region is not known: time-out'],
    ],
    [
      'the fleet may not grow enough',
      { fleetMaximum: known(3) },
      [],
      ['the fleet here may grow to 3, and a failover raises it to 4'],
    ],
    ['the fleet is gone', { fleetMaximum: known('absent') }, [], ['there is no fleet here']],
    ['the lag is not known', { lag: { kind: 'unknown', why: 'x' } }, [], ['the replication lag is not known: x']],
    [
      'the lag stands still',
      { lag: { kind: 'follows', calculatedAt: NOW - 90_001, lagMs: 1 } },
      [],
      ['the replication lag is not known: it was calculated 90001 ms ago'],
    ],
  ])('%s', (_, change, blockers, warnings) => {
    expect(judgeReadiness({ ...READY, ...change }, POLICY)).toEqual({ at: NOW, blockers, warnings });
  });

  test('what cannot be asked never blocks, and is always named', () => {
    const asked = ['globalCluster', 'cluster', 'availableInstances', 'secret', 'fleetMaximum'] as const;
    fc.assert(
      fc.property(fc.subarray([...asked]), (silent) => {
        const facts = { ...READY, ...Object.fromEntries(silent.map((name) => [name, unknown])) };
        const { blockers, warnings } = judgeReadiness(facts, POLICY);
        expect(blockers).toEqual([]);
        expect(warnings).toHaveLength(silent.length);
        for (const warning of warnings) expect(warning).toContain('is not known: time-out');
      }),
    );
  });
});

type RdsScript = Readonly<Record<string, QueryAnswer>>;
const RDS: RdsScript = {
  DescribeGlobalClusters: {
    xml: `<GlobalClusters><GlobalClusterMember><Status>available</Status><EngineVersion>17.4</EngineVersion><GlobalClusterMembers>
      <GlobalClusterMember><DBClusterArn>${OTHER_ARN}</DBClusterArn><IsWriter>true</IsWriter></GlobalClusterMember>
      <GlobalClusterMember><DBClusterArn>${ARN}</DBClusterArn></GlobalClusterMember>
      </GlobalClusterMembers></GlobalClusterMember></GlobalClusters>`,
  },
  DescribeDBClusters: {
    xml: '<DBClusters><DBCluster><Status>available</Status><EngineVersion>17.4</EngineVersion></DBCluster></DBClusters>',
  },
  DescribeDBInstances: {
    xml: `<DBInstances><DBInstance><DBInstanceStatus>rebooting</DBInstanceStatus></DBInstance>
      <DBInstance><DBInstanceStatus>available</DBInstanceStatus></DBInstance></DBInstances>`,
  },
};
const NO_SUCH = { error: 'AccessDeniedException' } as const;

/** dr's readiness with the SDK all the way; a test replaces what a service answers. */
function readiness({
  rds = {},
  here = { body: { CodeSha256: 'a' } },
  there = { body: { CodeSha256: 'a' } },
  monitor = { body: { kind: 'follows', calculatedAt: NOW, lagMs: 5 } },
  secret = { body: { Name: 'trading/database' } },
  fleet = { xml: '<AutoScalingGroups><member><MaxSize>6</MaxSize></member></AutoScalingGroups>' },
}: {
  rds?: RdsScript;
  here?: FakeAnswer;
  there?: FakeAnswer;
  monitor?: FakeAnswer;
  secret?: FakeAnswer;
  fleet?: QueryAnswer;
} = {}) {
  const stores = Object.fromEntries(LOCATIONS.map((location) => [location, fakeDynamodb()]));
  const dynamodb = (location: string) =>
    new DynamoDBClient(fakeAws(stores[location]?.answer ?? (() => NO_SUCH)).options);
  const calls = {
    rds: fakeQuery((action) => ({ ...RDS, ...rds })[action] ?? NO_SUCH),
    monitor: fakeAws(() => monitor),
    metrics: fakeAws(() => ({ body: {} })),
    code: fakeAws(() => there),
    secret: fakeAws(() => secret),
  };
  const leases = dynamodb(DR);
  const run = composeReadiness(
    {
      ENVIRONMENT_SUFFIX: 'dev',
      AWS_REGION: DR,
      REGISTER_TABLE: 'register-dev',
      LEASE_TABLE: 'lease-dev',
      PRIMARY_REGION: PRIMARY,
      DR_REGION: DR,
      WITNESS_REGION: WITNESS,
      LEASE_SECONDS: 60,
      GLOBAL_CLUSTER_ID: 'trading-dev',
      OWN_CLUSTER_ARN: ARN,
      FLEET_GROUP: 'fleet-dev',
      FLEET_FLOOR: 4,
      FUNCTION_NAMES: ['health-dev', 'ledger-dev'],
      MONITOR_FUNCTION: 'replication-monitor-dev',
      DATABASE_SECRET_ID: 'trading/database',
      METRICS_NAMESPACE: 'tap-dev',
    },
    {
      rds: new RDSClient(calls.rds.options),
      lambdaHere: new LambdaClient(fakeAws(() => here).options),
      lambdaThere: new LambdaClient(calls.code.options),
      monitor: new LambdaClient(calls.monitor.options),
      autoScaling: new AutoScalingClient(fakeQuery(() => fleet).options),
      secrets: new SecretsManagerClient(calls.secret.options),
      registers: Object.fromEntries(LOCATIONS.map((location) => [location, dynamodb(location)])),
      leases,
      cloudwatch: new CloudWatchClient(calls.metrics.options),
    },
    recordedTelemetry(),
    () => NOW,
  );
  return {
    run: () => run({ source: 'schedule' }),
    raw: run,
    calls,
    stores,
    items: createLocalItems(leases, 'lease-dev'),
  };
}

describe('a pass', () => {
  test('asks about its own cluster, fleet, code, secret, registers and lag, and leaves what it found for a run', async () => {
    const { run, items, calls } = readiness();
    const found = { at: NOW, blockers: [], warnings: [] };
    expect(await run()).toEqual(found);
    expect(await items.get('readiness')).toEqual(found);
    const asked = (action: string) => calls.rds.sent.find((parameters) => parameters.get('Action') === action);
    expect(asked('DescribeGlobalClusters')?.get('GlobalClusterIdentifier')).toBe('trading-dev');
    expect(asked('DescribeDBClusters')?.get('DBClusterIdentifier')).toBe(ARN);
    expect(asked('DescribeDBInstances')?.get('Filters.Filter.1.Name')).toBe('db-cluster-id');
    expect(asked('DescribeDBInstances')?.get('Filters.Filter.1.Values.Value.1')).toBe('trading-dr-dev');
    expect(calls.code.sent.map(({ path }) => path)).toEqual(
      ['health-dev', 'ledger-dev'].map((name) => `/2015-03-31/functions/${name}/configuration`),
    );
    expect(calls.monitor.sent).toMatchObject([
      { path: '/2015-03-31/functions/replication-monitor-dev/invocations', body: { action: 'sample' } },
    ]);
    expect(calls.metrics.sent[0]?.body).toMatchObject({
      Namespace: 'tap-dev',
      MetricData: [
        { MetricName: 'ReadinessFailures', Dimensions: [{ Name: 'service', Value: 'readiness' }], Value: 0 },
      ],
    });
  });

  test('finds what certainly stands in the way', async () => {
    const { run, stores, calls } = readiness({
      rds: {
        DescribeGlobalClusters: { error: 'GlobalClusterNotFoundFault' },
        DescribeDBClusters: { error: 'DBClusterNotFoundFault' },
        DescribeDBInstances: {
          xml: '<DBInstances><DBInstance><DBInstanceStatus>creating</DBInstanceStatus></DBInstance></DBInstances>',
        },
      },
      secret: { error: 'ResourceNotFoundException' },
      here: { error: 'ResourceNotFoundException', status: 404 },
      fleet: { xml: '<AutoScalingGroups></AutoScalingGroups>' },
    });
    for (const location of [PRIMARY, WITNESS]) Object.assign(stores[location]?.state ?? {}, { down: true });
    expect(await run()).toEqual({
      at: NOW,
      blockers: [
        'there is no global cluster',
        'there is no cluster here',
        'the cluster here has no available instance',
        'the database secret is not here, or is to be deleted',
        '1 of 3 registers answer, which is no majority',
      ],
      warnings: [
        'health-dev has other code here than in the other region',
        'ledger-dev has other code here than in the other region',
        'there is no fleet here',
      ],
    });
    expect(JSON.stringify(calls.metrics.sent[0]?.body)).toContain('"Value":8');
  });

  test('blocks nothing because AWS does not say', async () => {
    const empty = { xml: '<DBClusters><DBCluster></DBCluster></DBClusters>' };
    const { run } = readiness({
      rds: { DescribeGlobalClusters: NO_SUCH, DescribeDBClusters: empty, DescribeDBInstances: NO_SUCH },
      secret: NO_SUCH,
      here: NO_SUCH,
      there: NO_SUCH,
      fleet: NO_SUCH,
      monitor: { body: { kind: 'nonsense' } },
    });
    const { blockers, warnings } = await run();
    expect(blockers).toEqual([]);
    expect(warnings).toHaveLength(7);
    for (const warning of warnings) expect(warning).toContain('is not known');
  });

  test('counts a secret that waits for its deletion as gone', async () => {
    const { run } = readiness({ secret: { body: { DeletedDate: 1_795_000_000 } } });
    expect((await run()).blockers).toEqual(['the database secret is not here, or is to be deleted']);
  });

  test('fails when a run could not read what it found, after it has published it', async () => {
    const { run, stores, calls } = readiness();
    Object.assign(stores[DR]?.state ?? {}, { down: true });
    await expect(run()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(calls.metrics.sent).toHaveLength(1);
  });

  test('is for the schedule alone', async () => {
    await expect(readiness().raw({})).rejects.toMatchObject({ name: 'MalformedError' });
  });
});
