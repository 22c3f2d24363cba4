import { NotModelledError } from '../../../rehearsal/aws/service';
import type { WireFields } from '../../../rehearsal/aws/service';
import { DR, newWorld, PRIMARY, strings } from './support';
import type { World } from './support';

const ORDER = { pk: { S: 'o1' }, sk: { S: 'ORDER' } };

function put(world: World, region: string, v: string): void {
  world.ok(region, 'PutItem', { TableName: 'orders', Item: { ...ORDER, v: { S: v } } });
}
function read(world: World, region: string, ConsistentRead = true): string | undefined {
  const { Item } = world.ok(region, 'GetItem', { TableName: 'orders', Key: ORDER, ConsistentRead });
  return (Item as { v: { S: string } } | undefined)?.v.S;
}

const later = (world: World, ms: number): Promise<void> => world.clock.run(world.clock.now() + ms);

describe('reads that are eventually consistent (DynamoDB developer guide, "DynamoDB read consistency")', () => {
  test('such a read may see the past, a strongly consistent one never does', async () => {
    const world = newWorld();
    put(world, PRIMARY, '1');
    await later(world, 10_000);
    put(world, PRIMARY, '2');
    world.dynamodb.staleReads(PRIMARY, { least: 5_000, most: 5_000 });
    await later(world, 4_000);
    expect([read(world, PRIMARY, false), read(world, PRIMARY, true)]).toEqual(['1', '2']);
    await later(world, 1_000);
    expect(read(world, PRIMARY, false)).toBe('2');
    expect(read(world, DR, false)).toBe('2');
  });

  test('a batch is consistent where it says so of the table, and else each of its items may be of the past', async () => {
    const world = newWorld();
    const items = (pk: string, v: string) => ({ pk: { S: pk }, v: { S: v } });
    const putAll = (v: string): void => {
      for (const pk of ['a', 'b']) world.ok(PRIMARY, 'PutItem', { TableName: 'lease', Item: items(pk, v) });
    };
    const batch = (asked: WireFields): unknown => {
      const Keys = [{ pk: { S: 'a' } }, { pk: { S: 'b' } }];
      const { Responses } = world.ok(PRIMARY, 'BatchGetItem', { RequestItems: { lease: { Keys, ...asked } } });
      return (Responses as { lease: { v: { S: string } }[] }).lease.map(({ v }) => v.S);
    };
    putAll('1');
    await later(world, 10_000);
    putAll('2');
    world.dynamodb.staleReads(PRIMARY, { least: 5_000, most: 5_000 });
    expect(batch({ ConsistentRead: true })).toEqual(['2', '2']);
    expect([batch({ ConsistentRead: false }), batch({})]).toEqual([
      ['1', '1'],
      ['1', '1'],
    ]);
    world.dynamodb.staleReads(PRIMARY, 10_000);
    await later(world, 5_000);
    const seen = Array.from({ length: 50 }, () => JSON.stringify(batch({})));
    expect([...new Set(seen)].sort()).toEqual(['["1","1"]', '["1","2"]', '["2","1"]', '["2","2"]']);
    // A consistency of the whole call is none: DynamoDB knows it of a table's part only, and so does the simulation.
    const whole = { RequestItems: { lease: { Keys: [{ pk: { S: 'a' } }] } }, ConsistentRead: true };
    expect(() => world.call(PRIMARY, 'BatchGetItem', whole)).toThrow(NotModelledError);
  });

  test('a query of an index sees all of the past: what is listed, where, and what was deleted since', async () => {
    const world = newWorld();
    const order = (pk: string, receivedAt: string): void => {
      const Item = strings({ pk, sk: 'ORDER', receivedMinute: 'm', receivedAt });
      world.ok(PRIMARY, 'PutItem', { TableName: 'orders', Item });
    };
    const listed = (): unknown => {
      const { Items } = world.ok(PRIMARY, 'Query', {
        TableName: 'orders',
        IndexName: 'byReceived',
        KeyConditionExpression: 'receivedMinute = :m',
        ExpressionAttributeValues: { ':m': { S: 'm' } },
      });
      return (Items as { pk: { S: string } }[]).map(({ pk }) => pk.S);
    };
    for (const [pk, at] of [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ] as const)
      order(pk, at);
    await later(world, 10_000);
    order('b', '9');
    order('d', '0');
    world.ok(PRIMARY, 'DeleteItem', { TableName: 'orders', Key: strings({ pk: 'a', sk: 'ORDER' }) });
    expect(listed()).toEqual(['d', 'c', 'b']);
    world.dynamodb.staleReads(PRIMARY, { least: 5_000, most: 5_000 });
    expect(listed()).toEqual(['a', 'b', 'c']);
    await later(world, 5_000);
    expect(listed()).toEqual(['d', 'c', 'b']);
  });

  test('how far back a read looks is drawn per read, and ends with the fault', async () => {
    const world = newWorld();
    put(world, PRIMARY, '1');
    await later(world, 10_000);
    put(world, PRIMARY, '2');
    await later(world, 5_000);
    world.dynamodb.staleReads(PRIMARY, 10_000);
    const seen = new Set(Array.from({ length: 50 }, () => read(world, PRIMARY, false)));
    expect([...seen].sort()).toEqual(['1', '2']);
    world.dynamodb.staleReads(PRIMARY, 0);
    expect(new Set(Array.from({ length: 50 }, () => read(world, PRIMARY, false)))).toEqual(new Set(['2']));
    expect(() => world.dynamodb.staleReads(PRIMARY, 60_001)).toThrow(RangeError);
  });

  test('the past is kept for a minute, through any number of writes', async () => {
    const world = newWorld();
    for (let second = 0; second < 1_000; second += 1) {
      put(world, PRIMARY, String(second));
      await later(world, 1_000);
    }
    for (const back of [500, 30_500, 59_500]) {
      world.dynamodb.staleReads(PRIMARY, { least: back, most: back });
      expect(read(world, PRIMARY, false)).toBe(String(999 - Math.floor(back / 1_000)));
    }
  });
});
