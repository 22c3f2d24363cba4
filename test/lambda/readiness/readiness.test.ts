import { checksAt } from '../../../lambda/readiness/checks/checks';
import { DR } from '../support/registers';
import { NOW, ORCHESTRATOR_ARN, OWN_ARN } from './support/ready';
import { published, readiness } from './support/services';

const SCHEDULED = checksAt('scheduled').map(({ id }) => id);

describe('a pass', () => {
  test('asks about everything that it has checks for, and leaves what it found for a run', async () => {
    const pass = readiness();
    await pass.renew();
    const found = await pass.run();
    expect(found).toMatchObject({ at: NOW, blockers: [], warnings: [] });
    expect(found.checks?.map(({ id, state }) => [id, state])).toEqual(SCHEDULED.map((id) => [id, 'ok']));
    expect(await pass.items.get('readiness')).toEqual(found);
    expect(published(pass)).toEqual({
      ReadinessFailures: 0,
      ReadinessScore: 100,
      ReadinessUnknown: 0,
      ReadinessRegressions: 0,
    });
  });

  test('tells which check has found what stands in the way, for a run to weigh against what it sees itself', async () => {
    const { run, stores } = readiness();
    const others = Object.keys(stores).filter((location) => location !== DR);
    for (const location of others) Object.assign(stores[location]?.state ?? {}, { down: true });
    const { blockers, failed } = await run();
    expect(blockers).toEqual(['1 of 3 registers answer, which is no majority']);
    expect(failed).toEqual([{ id: 'registers-majority', found: blockers }]);
  });

  test('asks each by its own name', async () => {
    const { run, sent, asked } = readiness();
    await run();
    const of = (action: string) => sent.rds.sent.find((parameters) => parameters.get('Action') === action);
    expect(of('DescribeGlobalClusters')?.get('GlobalClusterIdentifier')).toBe('trading-dev');
    expect(of('DescribeDBClusters')?.get('DBClusterIdentifier')).toBe(OWN_ARN);
    expect(of('DescribeDBInstances')?.get('Filters.Filter.1.Name')).toBe('db-cluster-id');
    expect(of('DescribeDBInstances')?.get('Filters.Filter.1.Values.Value.1')).toBe('trading-dr-dev');
    const thereFilter = sent.rdsThere.sent.find((one) => one.get('Action') === 'DescribeDBInstances');
    expect(thereFilter?.get('Filters.Filter.1.Values.Value.1')).toBe('trading-primary-dev');
    expect(sent.lambdaThere.sent.map(({ path }) => path)).toEqual(
      ['health-dev', 'ledger-dev'].map((name) => `/2015-03-31/functions/${name}/configuration`),
    );
    const here = sent.lambda.sent.map(({ path }) => decodeURIComponent(path));
    expect(here).toContain(`/2015-03-31/functions/${ORCHESTRATOR_ARN}/policy`);
    expect(here).toContain('/2015-03-31/event-source-mappings/c-1');
    expect(sent.monitor.sent).toMatchObject([
      { path: '/2015-03-31/functions/replication-monitor-dev/invocations', body: { action: 'sample' } },
    ]);
    expect(sent.alarms.sent.map(({ body }) => body['AlarmNames'])).toEqual([
      [
        'failover-trigger-dev',
        'maintenance-dev',
        'canary-stopped-dev',
        'parameters-old-dev',
        'probe-stopped-dev',
        'failover-active-dev',
      ],
    ]);
    expect(sent.topics.sent[0]?.get('TopicArn')).toBe(`arn:aws:sns:${DR}:123456789012:alerts-dev`);
    expect(sent.tables.sent.map(({ operation, body }) => [operation, body['TableName']])).toEqual([
      ['DescribeTable', 'orders-dev'],
      ['DescribeContinuousBackups', 'orders-dev'],
      ['DescribeContinuousBackups', 'journal-dev'],
    ]);
    expect(asked.sort()).toEqual(['vantage-dr', 'vantage-primary']);
  });

  test('in primary asks nobody about a trigger that calls an orchestrator, nor about what only dr has', async () => {
    const { run, sent } = readiness(
      {},
      {
        ORCHESTRATOR_ARN: undefined,
        PROBE_ALARM: undefined,
        TRAFFIC_ALARM: undefined,
      },
    );
    expect((await run()).warnings).toEqual(['the active region has never renewed its lease']);
    expect(sent.lambda.sent.filter(({ path }) => path.endsWith('/policy'))).toEqual([]);
    expect(sent.alarms.sent[0]?.body['AlarmNames']).toHaveLength(4);
  });

  test('tells people what is wrong, why it matters and what to do', async () => {
    const { run, warned } = readiness({ dns: { 'vantage-dr': ['down'] } });
    await run();
    const line = warned.find(({ message }) => message === 'this region is not ready to take over');
    expect(line?.fields).toMatchObject({
      failed: [
        {
          id: 'checkers-reach-region',
          severity: 'warning',
          found: ['Route 53’s checkers say of this region: down'],
          why: expect.stringContaining('DNS does not lead clients here'),
          fix: expect.stringContaining('npx tap status'),
        },
      ],
    });
  });
});

describe('what it remembers', () => {
  test('tells what has become worse since the last look', async () => {
    const pass = readiness();
    await pass.run();
    pass.clock.at += 300_000;
    Object.assign(pass.script.dns, { 'vantage-dr': ['down'] });
    Object.assign(pass.script.json, { monitor: { body: { kind: 'follows', calculatedAt: pass.clock.at, lagMs: 5 } } });
    const { checks = [] } = await pass.run();
    expect(checks.find(({ id }) => id === 'checkers-reach-region')).toEqual({
      id: 'checkers-reach-region',
      state: 'failed',
      since: NOW + 300_000,
      okAt: NOW,
    });
    expect(published(pass)['ReadinessRegressions']).toBe(1);
    expect(published(pass)['ReadinessScore']).toBeLessThan(100);
  });

  test('an item of the version before is read, and nothing counts as worse', async () => {
    const pass = readiness({ dns: { 'vantage-dr': ['down'] } });
    await pass.items.put('readiness', { at: NOW - 300_000, blockers: [], warnings: ['x'] });
    await pass.run();
    expect(published(pass)['ReadinessRegressions']).toBe(0);
  });
});

test('fails when a run could not read what it found, after it has published it', async () => {
  const { run, stores, sent } = readiness();
  Object.assign(stores[DR]?.state ?? {}, { down: true });
  await expect(run()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(sent.metrics.sent).toHaveLength(1);
});

test('is for the schedule alone', async () => {
  await expect(readiness().raw({})).rejects.toMatchObject({ name: 'MalformedError' });
});
