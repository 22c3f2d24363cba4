import * as fc from 'fast-check';
import type { ItemReplicated, ItemWritten } from '../../../rehearsal/aws/dynamodb/dynamodb';
import { drawDynamoDbNature } from '../../../rehearsal/aws/dynamodb/nature';
import { publishReplicationLatency } from '../../../rehearsal/aws/dynamodb/replication-metrics';
import type { MetricDatum } from '../../../rehearsal/aws/ports';
import { Random } from '../../../rehearsal/kernel/random';
import { DR, newWorld, ordersTable, PRIMARY, START, strings } from './support';
import type { World } from './support';

const ORDERS = { TableName: 'orders' };
const ORDER = { pk: { S: 'o1' }, sk: { S: 'ORDER' } };

function put(world: World, region: string, v: string, key: string = ORDER.pk.S): void {
  world.ok(region, 'PutItem', { TableName: 'orders', Item: strings({ pk: key, sk: 'ORDER', v }) });
}

function read(world: World, region: string, ConsistentRead = true): string | undefined {
  const { Item } = world.ok(region, 'GetItem', { TableName: 'orders', Key: ORDER, ConsistentRead });
  return (Item as { v: { S: string } } | undefined)?.v.S;
}

const later = (world: World, ms: number): Promise<void> => world.clock.run(world.clock.now() + ms);

function contents(world: World, region: string): readonly string[] {
  return [...world.dynamodb.items(region, 'orders')].map((item) => JSON.stringify(item)).sort();
}

describe('global tables (DynamoDB developer guide, "Global tables: how it works", version 2019.11.21)', () => {
  test('a write is in the other region after its lag, and not before, however consistent the read', async () => {
    const world = newWorld();
    put(world, PRIMARY, '1');
    expect(read(world, PRIMARY)).toBe('1');
    await later(world, 499);
    expect(read(world, DR)).toBeUndefined();
    await later(world, 1);
    expect(read(world, DR)).toBe('1');
  });

  test('a delete is replicated, and an older write does not bring the item back', async () => {
    const world = newWorld();
    put(world, PRIMARY, '1');
    await later(world, 500);
    world.dynamodb.setLag(PRIMARY, DR, 10_000);
    put(world, PRIMARY, '2');
    await later(world, 1_000);
    world.ok(DR, 'DeleteItem', { TableName: 'orders', Key: ORDER });
    await later(world, 20_000);
    expect([read(world, PRIMARY), read(world, DR)]).toEqual([undefined, undefined]);
  });

  test('the last writer wins in both regions, whichever write arrives first', async () => {
    const world = newWorld();
    put(world, PRIMARY, 'first');
    await later(world, 100);
    put(world, DR, 'last');
    await later(world, 1_000);
    expect([read(world, PRIMARY), read(world, DR)]).toEqual(['last', 'last']);
  });

  test('a region whose clock is ahead wins against a later write of the other', async () => {
    const world = newWorld();
    world.dynamodb.setSkew(PRIMARY, 2_000);
    put(world, PRIMARY, 'ahead');
    await later(world, 100);
    put(world, DR, 'later in truth');
    await later(world, 1_000);
    expect([read(world, PRIMARY), read(world, DR)]).toEqual(['ahead', 'ahead']);
  });

  test('a write that has seen another one is later than it, whatever the clocks say', async () => {
    const world = newWorld();
    world.dynamodb.setSkew(PRIMARY, 2_000);
    put(world, PRIMARY, 'ahead');
    await later(world, 500);
    put(world, DR, 'knows the other');
    await later(world, 1_000);
    expect([read(world, PRIMARY), read(world, DR)]).toEqual(['knows the other', 'knows the other']);
  });

  test('a condition is about this region only: both regions may create one item, and one of the two is lost', async () => {
    const world = newWorld();
    const create = (v: string): object => ({
      TableName: 'orders',
      Item: strings({ pk: 'o1', sk: 'ORDER', v }),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    world.ok(PRIMARY, 'PutItem', { ...create('primary') });
    world.ok(DR, 'PutItem', { ...create('dr') });
    await later(world, 1_000);
    expect(read(world, PRIMARY)).toBe(read(world, DR));
  });

  test('an isolated region loses nothing: what it had not sent appears when it is back, in order, and late', async () => {
    const world = newWorld();
    const seen: ItemReplicated[] = [];
    world.dynamodb.onReplicated((one) => seen.push(one));
    put(world, PRIMARY, 'on its way', 'o1');
    await later(world, 300);
    world.dynamodb.isolate(PRIMARY);
    put(world, PRIMARY, 'written in isolation', 'o2');
    put(world, DR, 'meanwhile', 'o3');
    await later(world, 600_000);
    expect(seen).toEqual([]);
    expect([...world.dynamodb.pending(PRIMARY, DR)].map(({ item }) => item?.['pk'])).toEqual([
      { S: 'o1' },
      { S: 'o2' },
    ]);
    world.dynamodb.rejoin(PRIMARY);
    await later(world, 1_000);
    expect(seen.map(({ from, item, writtenAt, at }) => [from, item?.['pk'], writtenAt - START, at - START])).toEqual(
      [
        [DR, { S: 'o3' }, 300, 601_300],
        [PRIMARY, { S: 'o1' }, 0, 601_300],
        [PRIMARY, { S: 'o2' }, 300, 601_300],
      ].sort((one, other) => (one[0] === other[0] ? 0 : one[0] === PRIMARY ? -1 : 1)),
    );
    expect([...world.dynamodb.pending(PRIMARY, DR)]).toEqual([]);
    expect(contents(world, PRIMARY)).toEqual(contents(world, DR));
  });

  test('what was held follows in the order of writing, not in that of its lags', async () => {
    const world = newWorld();
    const seen: unknown[] = [];
    world.dynamodb.onReplicated(({ item }) => seen.push(item?.['pk']));
    world.dynamodb.isolate(DR);
    world.dynamodb.setLag(PRIMARY, DR, 10_000);
    put(world, PRIMARY, 'slow', 'o1');
    world.dynamodb.setLag(PRIMARY, DR, { least: 1, most: 2 });
    put(world, PRIMARY, 'fast', 'o2');
    await later(world, 20_000);
    world.dynamodb.rejoin(DR);
    await later(world, 1_000);
    expect(seen).toEqual([{ S: 'o1' }, { S: 'o2' }]);
  });

  test('replication frozen in one direction goes on in the other', async () => {
    const world = newWorld();
    world.dynamodb.freezeReplication(PRIMARY, DR);
    put(world, PRIMARY, 'stays', 'o1');
    put(world, DR, 'arrives', 'o2');
    await later(world, 60_000);
    expect(contents(world, PRIMARY)).toHaveLength(2);
    expect(contents(world, DR)).toHaveLength(1);
    world.dynamodb.thaw(PRIMARY, DR);
    await later(world, 1_000);
    expect(contents(world, DR)).toHaveLength(2);
  });

  test('a link that closes again before what was held arrives holds it again', async () => {
    const world = newWorld();
    world.dynamodb.freezeReplication(PRIMARY, DR);
    put(world, PRIMARY, '1');
    await later(world, 1_000);
    world.dynamodb.thaw(PRIMARY, DR);
    world.dynamodb.isolate(DR);
    await later(world, 10_000);
    expect(read(world, DR)).toBeUndefined();
    world.dynamodb.rejoin(DR);
    await later(world, 1_000);
    expect(read(world, DR)).toBe('1');
  });

  test('a regional table is never replicated', async () => {
    const world = newWorld();
    world.ok(PRIMARY, 'PutItem', { TableName: 'register', Item: strings({ pk: 'register' }) });
    await later(world, 600_000);
    expect([...world.dynamodb.items(DR, 'register')]).toEqual([]);
  });

  test('the judge is told of every write, and of each arrival whether it counted', async () => {
    const world = newWorld();
    const written: ItemWritten[] = [];
    const arrived: ItemReplicated[] = [];
    world.dynamodb.onWrite((one) => written.push(one));
    world.dynamodb.onReplicated((one) => arrived.push(one));
    put(world, PRIMARY, '1');
    put(world, DR, '2');
    await later(world, 1_000);
    expect(written.map(({ region, table, before, at }) => ({ region, table, before, at }))).toEqual([
      { region: PRIMARY, table: 'orders', before: undefined, at: START },
      { region: DR, table: 'orders', before: undefined, at: START },
    ]);
    expect(arrived.map(({ to, applied, writtenAt, at }) => ({ to, applied, lag: at - writtenAt }))).toEqual([
      { to: DR, applied: false, lag: 500 },
      { to: PRIMARY, applied: true, lag: 500 },
    ]);
  });

  test('both regions end with the same content, the last write of each item, whatever the order and the faults', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('write' as const),
        region: fc.constantFrom(PRIMARY, DR),
        key: fc.constantFrom('a', 'b', 'c'),
        deletes: fc.boolean(),
        wait: fc.integer({ min: 1, max: 2_000 }),
      }),
      fc.record({
        kind: fc.constantFrom('isolate' as const, 'rejoin' as const, 'freeze' as const, 'thaw' as const),
        region: fc.constantFrom(PRIMARY, DR),
        wait: fc.integer({ min: 0, max: 2_000 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.string(),
        fc.constantFrom(0, -3_000, 3_000),
        async (steps, seed, skew) => {
          const world = newWorld({ seed, nature: { replicationLagMs: { least: 1, most: 5_000 } } });
          const { dynamodb } = world;
          dynamodb.setSkew(DR, skew);
          const last = new Map<string, string | undefined>();
          for (const [index, one] of steps.entries()) {
            const other = one.region === PRIMARY ? DR : PRIMARY;
            if (one.kind === 'write') {
              const Key = strings({ pk: one.key, sk: 'ORDER' });
              if (!one.deletes) {
                put(world, one.region, String(index), one.key);
                last.set(one.key, String(index));
              } else if (
                'Attributes' in world.ok(one.region, 'DeleteItem', { ...ORDERS, Key, ReturnValues: 'ALL_OLD' })
              ) {
                // Deleting what this region does not have writes nothing.
                last.set(one.key, undefined);
              }
            } else if (one.kind === 'isolate') dynamodb.isolate(one.region);
            else if (one.kind === 'rejoin') dynamodb.rejoin(one.region);
            else if (one.kind === 'freeze') dynamodb.freezeReplication(one.region, other);
            else dynamodb.thaw(one.region, other);
            await later(world, one.wait);
          }
          for (const region of [PRIMARY, DR]) dynamodb.rejoin(region);
          dynamodb.thaw(PRIMARY, DR);
          dynamodb.thaw(DR, PRIMARY);
          await later(world, 20_000);
          const expected = [...last].flatMap(([pk, v]) =>
            v === undefined ? [] : [JSON.stringify(strings({ pk, sk: 'ORDER', v }))],
          );
          expect(contents(world, PRIMARY)).toEqual(contents(world, DR));
          // With a clock that is wrong, both agree on something, not on the last write in truth.
          if (skew === 0) expect(contents(world, DR)).toEqual(expected.sort());
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('nature', () => {
  test('most writes reach the other region within a second, none takes two', () => {
    for (let run = 0; run < 200; run += 1) {
      const { replicationLagMs, readLagMs } = drawDynamoDbNature(new Random(`run ${run}`));
      expect(replicationLagMs.least).toBeGreaterThanOrEqual(50);
      expect(replicationLagMs.most).toBeLessThanOrEqual(2_000);
      expect(readLagMs.most).toBeLessThanOrEqual(50);
    }
  });

  test('the same seed gives the same lags', async () => {
    const lags = async (): Promise<readonly number[]> => {
      const world = newWorld({ seed: 'same', nature: { replicationLagMs: { least: 1, most: 5_000 } } });
      const seen: number[] = [];
      world.dynamodb.onReplicated(({ at }) => seen.push(at));
      for (let index = 0; index < 20; index += 1) put(world, PRIMARY, 'v', String(index));
      await later(world, 10_000);
      return seen;
    };
    expect(await lags()).toEqual(await lags());
  });
});

describe('replication is measured (DynamoDB developer guide, "DynamoDB metrics and dimensions", ReplicationLatency)', () => {
  test('in the source region, by table and receiving region, and only for writes', async () => {
    const world = newWorld({ resources: [ordersTable()] });
    const published: [string, MetricDatum][] = [];
    publishReplicationLatency(world.dynamodb, { put: (region, datum) => published.push([region, datum]) });
    await later(world, 60_000);
    put(world, DR, '1');
    await later(world, 1_000);
    expect(published).toEqual([
      [
        DR,
        {
          namespace: 'AWS/DynamoDB',
          name: 'ReplicationLatency',
          dimensions: { TableName: 'orders', ReceivingRegion: PRIMARY },
          value: 500,
          at: START + 60_500,
          resolution: 60,
        },
      ],
    ]);
  });
});
