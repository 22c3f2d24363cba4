import { PRIMARY, WITNESS } from '../support/registers';
import { json, query, type Script, SILENT } from './support/script';
import { published, readiness } from './support/services';

describe('what AWS says, or does not say,', () => {
  test('certainly stands in the way', async () => {
    const { run, stores, sent } = readiness({
      query: {
        DescribeGlobalClusters: { error: 'GlobalClusterNotFoundFault' },
        DescribeDBClusters: { error: 'DBClusterNotFoundFault' },
      },
      json: { DescribeSecret: { error: 'ResourceNotFoundException' } },
    });
    for (const location of [PRIMARY, WITNESS]) Object.assign(stores[location]?.state ?? {}, { down: true });
    expect((await run()).blockers).toEqual([
      'there is no global cluster',
      'the database cluster here does not exist',
      'the database secret is not here, or is to be deleted',
      '1 of 3 registers answer, which is no majority',
    ]);
    expect(JSON.stringify(sent.metrics.sent[0]?.body)).toContain('"ReadinessFailures"');
  });

  test('blocks nothing by being silent, and names every silence', async () => {
    const silence = Object.fromEntries(
      [
        'DescribeGlobalClusters',
        'DescribeDBClusters',
        'there:DescribeDBClusters',
        'DescribeDBInstances',
        'there:DescribeDBInstances',
        'DescribeAutoScalingGroups',
        'ListSubscriptionsByTopic',
      ].map((action) => [action, SILENT]),
    );
    const nothing = Object.fromEntries(
      [
        'configuration',
        'there:configuration',
        'policy',
        'event-source-mappings',
        'account-settings',
        'DescribeSecret',
        'there:DescribeSecret',
        'DescribeAlarms',
        'DescribeTable',
        'DescribeContinuousBackups',
        'GetQueueAttributes',
      ].map((operation) => [operation, SILENT]),
    );
    const pass = readiness({
      query: silence,
      json: { ...nothing, monitor: { body: { kind: 'nonsense' } } },
      replication: { error: 'AccessDenied' },
    });
    const { blockers, warnings } = await pass.run();
    expect(blockers).toEqual([]);
    // Registers and DNS answer; a lease that nobody has renewed is one more thing that is not known.
    expect(warnings.filter((warning) => warning.includes('is not known'))).toHaveLength(20);
    expect(published(pass)).toMatchObject({ ReadinessScore: 100, ReadinessRegressions: 0, ReadinessFailures: 21 });
  });

  test.each<[string, Partial<Script>]>([
    ['a cluster without a state', query('DescribeDBClusters', '<DBClusters><DBCluster></DBCluster></DBClusters>')],
    ['a function without code', json('configuration', {})],
    ['a consumer without a state', json('event-source-mappings', {})],
    ['an account without limits', json('account-settings', {})],
    ['a policy that is none', json('policy', { Policy: 'nonsense' })],
    ['a secret without a current version', json('DescribeSecret', { VersionIdsToStages: {} })],
    ['an alarm without a state', json('DescribeAlarms', { CompositeAlarms: [{ AlarmName: 'failover-trigger-dev' }] })],
    ['a table without a status', json('DescribeTable', { Table: {} })],
    ['backups without a status', json('DescribeContinuousBackups', {})],
    ['a queue without a count', json('GetQueueAttributes', { Attributes: {} })],
    [
      'a group without sizes',
      query(
        'DescribeAutoScalingGroups',
        '<AutoScalingGroups><member><MinSize>1</MinSize></member></AutoScalingGroups>',
      ),
    ],
    [
      'an instance without a status',
      query('DescribeDBInstances', '<DBInstances><DBInstance></DBInstance></DBInstances>'),
    ],
  ])('half an answer is none: %s', async (_, change) => {
    const { checks = [], blockers } = await readiness(change).run();
    expect(blockers).toEqual([]);
    expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(checks.filter(({ state }) => state === 'unknown').length).toBeGreaterThan(1);
  });
});
