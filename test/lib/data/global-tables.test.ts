import { GlobalTables } from '../../../lib/data/global-tables';
import { DecisionTable } from '../../../lib/data/decision-table';
import { evaluate, type Graph } from '../../support/evaluate';
import { ACCOUNT_ID, KEYS, namesOf, twoRegions } from '../foundation/two-regions';

const TABLE = 'aws:dynamodb/table:Table';
const TAG = 'aws:dynamodb/tag:Tag';
const DR_TAGS = { Environment: 'dev', Region: 'eu-central-2', 'DR-Role': 'dr' };

const evaluated = (workloads: { readonly trading: boolean; readonly payments: boolean }) =>
  evaluate(() => {
    const { tables } = new GlobalTables(
      'tables',
      {
        environmentSuffix: 'test',
        regions: twoRegions(),
        accountId: ACCOUNT_ID,
        keys: KEYS,
        drTags: DR_TAGS,
        ...workloads,
      },
      {},
    );
    return { primary: tables.primary.orders?.arn, dr: tables.dr.orders?.arn, name: tables.dr.orders?.name };
  });

describe('global tables', () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await evaluated({ trading: true, payments: true });
  });

  test.each([
    ['trading', { trading: true, payments: false }, ['tables-orders', 'tables-sessions']],
    ['payments', { trading: false, payments: true }, ['tables-transactions']],
    ['both', { trading: true, payments: true }, ['tables-orders', 'tables-sessions', 'tables-transactions']],
  ])('a workload brings its own tables: %s', async (_, workloads, names) => {
    expect(namesOf(await evaluated(workloads), TABLE)).toEqual(names);
  });

  test('each table has a replica in dr with backups of its own: point-in-time recovery is not replicated', () => {
    for (const { inputs, region } of graph.all(TABLE)) {
      expect(region).toBe('eu-central-1');
      expect(inputs['pointInTimeRecovery']).toEqual({ enabled: true });
      expect(inputs['replicas']).toMatchObject([{ regionName: 'eu-central-2', pointInTimeRecovery: true }]);
    }
  });

  test('each copy is encrypted with the key of its own region: a lost key turns a replica into a lone table', () => {
    for (const { inputs } of graph.all(TABLE)) {
      expect(inputs['serverSideEncryption']).toEqual({ enabled: true, kmsKeyArn: KEYS.primary.keyArn });
      expect(inputs['replicas']).toMatchObject([{ kmsKeyArn: KEYS.dr.keyArn }]);
    }
  });

  test('tables are on demand, with the streams that replication needs', () => {
    for (const { inputs } of graph.all(TABLE)) {
      expect(inputs).toMatchObject({
        billingMode: 'PAY_PER_REQUEST',
        streamEnabled: true,
        streamViewType: 'NEW_AND_OLD_IMAGES',
      });
    }
  });

  test.each(['orders', 'transactions'])(
    '%s holds items and their results, and finds what came in in a minute',
    (table) => {
      const { inputs } = graph.one(TABLE, `tables-${table}`);
      expect([inputs['hashKey'], inputs['rangeKey']]).toEqual(['pk', 'sk']);
      expect(inputs['globalSecondaryIndexes']).toEqual([
        { name: 'byReceived', hashKey: 'receivedMinute', rangeKey: 'receivedAt', projectionType: 'ALL' },
      ]);
      expect(inputs['attributes']).toEqual(
        ['pk', 'sk', 'receivedMinute', 'receivedAt'].map((name) => ({ name, type: 'S' })),
      );
    },
  );

  test('sessions expire by themselves', () => {
    expect(graph.one(TABLE, 'tables-sessions').inputs).toMatchObject({
      hashKey: 'pk',
      attributes: [{ name: 'pk', type: 'S' }],
      ttl: { attributeName: 'expiresAt', enabled: true },
    });
  });

  test("a replica carries dr's tags, not a copy of primary's", () => {
    for (const table of ['orders', 'sessions', 'transactions']) {
      const tags = graph.all(TAG).filter(({ name }) => name.startsWith(`tables-${table}-`));
      expect(graph.one(TABLE, `tables-${table}`).inputs['replicas']).toMatchObject([{ propagateTags: false }]);
      expect(Object.fromEntries(tags.map(({ inputs }) => [inputs['key'], inputs['value']]))).toEqual(DR_TAGS);
      for (const tag of tags) {
        expect(tag.region).toBe('eu-central-2');
        expect(tag.inputs['resourceArn']).toBe(`arn:aws:dynamodb:eu-central-2:123456789012:table/${table}-test`);
        expect(graph.dependsOn(tag, graph.one(TABLE, `tables-${table}`))).toBe(true);
      }
    }
  });

  test('both regions use one name, and each the ARN of its own copy', () => {
    expect(graph.outputs).toEqual({
      primary: 'arn:aws:dynamodb:eu-central-1:123456789012:table/orders-test',
      dr: 'arn:aws:dynamodb:eu-central-2:123456789012:table/orders-test',
      name: 'orders-test',
    });
  });

  test('nothing protects a table or its replica from a destroy, which waits for the replica to go first', () => {
    for (const { inputs, options } of graph.all(TABLE)) {
      expect(inputs['deletionProtectionEnabled']).toBe(false);
      expect(inputs['replicas']).not.toMatchObject([{ deletionProtectionEnabled: true }]);
      expect(options).toMatchObject({ protect: false, retainOnDelete: false, customTimeouts: { delete: '30m' } });
    }
  });
});

describe('the lease table', () => {
  test('is a plain table of its region: in a global one a healed partition would undo a failover', async () => {
    const graph = await evaluate(() => {
      const { dr } = twoRegions();
      new DecisionTable(
        'lease-dr',
        { environmentSuffix: 'test', resource: 'lease', keyArn: KEYS.dr.keyArn },
        { provider: dr.provider },
      );
    });
    const table = graph.one(TABLE, 'lease-dr-table');
    expect(table.region).toBe('eu-central-2');
    expect(table.inputs).not.toHaveProperty('replicas');
    expect(table.inputs).toMatchObject({
      name: 'lease-test',
      hashKey: 'pk',
      serverSideEncryption: { enabled: true, kmsKeyArn: KEYS.dr.keyArn },
      // A restored lease would let a region write that has lost the right to.
      pointInTimeRecovery: { enabled: false },
    });
  });
});
