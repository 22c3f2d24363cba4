import * as fc from 'fast-check';
import type { WireFields } from '../../../rehearsal/aws/service';
import { newWorld, PRIMARY, strings } from './support';
import type { World } from './support';

let world: World;
beforeEach(() => {
  world = newWorld();
});

function order(id: string, receivedAt: string, more: Readonly<Record<string, string>> = {}): void {
  const receivedMinute = receivedAt.slice(0, 'yyyy-mm-ddThh:mm'.length);
  const Item = strings({ pk: id, sk: 'ORDER', orderId: id, receivedAt, receivedMinute, ...more });
  world.ok(PRIMARY, 'PutItem', { TableName: 'orders', Item });
}

const MINUTE = '2026-11-24T03:51';
const at = (second: number): string => `${MINUTE}:${String(second).padStart(2, '0')}.000Z`;

const byReceived = (input: WireFields = {}): WireFields => ({
  TableName: 'orders',
  IndexName: 'byReceived',
  KeyConditionExpression: 'receivedMinute = :minute',
  ...input,
  ExpressionAttributeValues: { ':minute': { S: MINUTE }, ...Object(input['ExpressionAttributeValues']) },
});

function ids(output: WireFields): unknown {
  return Array.isArray(output['Items']) && output['Items'].map((item: { pk: { S: string } }) => item.pk.S);
}

describe('queries (DynamoDB API reference, Query; developer guide, "Querying tables")', () => {
  test('items of one partition come in the order of the sort key, or backwards', () => {
    for (const second of [30, 10, 20]) order(`o${second}`, at(second));
    order('other', '2026-11-24T03:52:00.000Z');
    expect(ids(world.ok(PRIMARY, 'Query', byReceived()))).toEqual(['o10', 'o20', 'o30']);
    expect(ids(world.ok(PRIMARY, 'Query', byReceived({ ScanIndexForward: false })))).toEqual(['o30', 'o20', 'o10']);
  });

  test('a sort key that is a number is in the order of numbers', () => {
    for (const n of ['10', '9', '-1', '100', '9.5']) {
      world.ok(PRIMARY, 'PutItem', { TableName: 'scores', Item: { pk: { S: 'p' }, n: { N: n } } });
    }
    const { Items } = world.ok(PRIMARY, 'Query', {
      TableName: 'scores',
      KeyConditionExpression: 'pk = :p AND n > :n',
      ExpressionAttributeValues: { ':p': { S: 'p' }, ':n': { N: '9.0' } },
    });
    expect(Items).toEqual(['9.5', '10', '100'].map((n) => ({ pk: { S: 'p' }, n: { N: n } })));
  });

  test.each<[string, WireFields, readonly string[]]>([
    ['receivedAt BETWEEN :a AND :b', { ':a': { S: at(10) }, ':b': { S: at(20) } }, ['o10', 'o20']],
    ['receivedAt = :a', { ':a': { S: at(20) } }, ['o20']],
    ['receivedAt < :a', { ':a': { S: at(20) } }, ['o10']],
    ['receivedAt <= :a', { ':a': { S: at(20) } }, ['o10', 'o20']],
    ['receivedAt > :a', { ':a': { S: at(20) } }, ['o30']],
    ['receivedAt >= :a', { ':a': { S: at(20) } }, ['o20', 'o30']],
    ['begins_with(receivedAt, :a)', { ':a': { S: `${MINUTE}:2` } }, ['o20']],
  ])('the sort key is narrowed by %s', (test, values, expected) => {
    for (const second of [10, 20, 30]) order(`o${second}`, at(second));
    const input = byReceived({
      KeyConditionExpression: `receivedMinute = :minute AND ${test}`,
      ExpressionAttributeValues: values,
    });
    expect(ids(world.ok(PRIMARY, 'Query', input))).toEqual(expected);
  });

  test('a limit counts what is read, before the filter; the last key read tells where to go on', () => {
    for (const second of [10, 20, 30]) order(`o${second}`, at(second), { region: second === 20 ? 'b' : 'a' });
    const input = byReceived({
      FilterExpression: '#region = :region',
      ProjectionExpression: 'pk',
      ExpressionAttributeNames: { '#region': 'region' },
      ExpressionAttributeValues: { ':region': { S: 'a' } },
      Limit: 2,
    });
    const first = world.ok(PRIMARY, 'Query', input);
    expect(first).toEqual({
      Items: [{ pk: { S: 'o10' } }],
      Count: 1,
      ScannedCount: 2,
      LastEvaluatedKey: strings({ pk: 'o20', sk: 'ORDER', receivedMinute: MINUTE, receivedAt: at(20) }),
    });
    expect(world.ok(PRIMARY, 'Query', { ...input, ExclusiveStartKey: first['LastEvaluatedKey'] })).toEqual({
      Items: [{ pk: { S: 'o30' } }],
      Count: 1,
      ScannedCount: 1,
    });
  });

  test('a page that is full to the limit has a last key even when nothing follows', () => {
    order('o10', at(10));
    expect(world.ok(PRIMARY, 'Query', byReceived({ Limit: 1 }))).toHaveProperty('LastEvaluatedKey');
    expect(world.ok(PRIMARY, 'Query', byReceived({ Limit: 2 }))).not.toHaveProperty('LastEvaluatedKey');
  });

  test('a page ends after 1 MB', () => {
    for (const second of [10, 20, 30, 40]) order(`o${second}`, at(second), { text: 'x'.repeat(390_000) });
    const page = world.ok(PRIMARY, 'Query', byReceived());
    expect(ids(page)).toEqual(['o10', 'o20', 'o30']);
    expect(ids(world.ok(PRIMARY, 'Query', byReceived({ ExclusiveStartKey: page['LastEvaluatedKey'] })))).toEqual([
      'o40',
    ]);
  });

  test('pages of any size, forwards and backwards, give every item once and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (seconds, Limit, ScanIndexForward) => {
          world = newWorld();
          seconds.forEach((second, index) => order(`o${index}`, at(second)));
          const all = ids(world.ok(PRIMARY, 'Query', byReceived({ ScanIndexForward })));
          const paged: unknown[] = [];
          let start: WireFields = {};
          for (let pages = 0; pages <= seconds.length; pages += 1) {
            const page = world.ok(PRIMARY, 'Query', byReceived({ Limit, ScanIndexForward, ...start }));
            paged.push(...(ids(page) as unknown[]));
            if (page['LastEvaluatedKey'] === undefined) break;
            start = { ExclusiveStartKey: page['LastEvaluatedKey'] };
          }
          expect(paged).toEqual(all);
          expect(paged).toHaveLength(seconds.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('an index follows the item: listed again under its new key, gone with the item', () => {
    order('o', at(10));
    order('o', at(40));
    expect(ids(world.ok(PRIMARY, 'Query', byReceived()))).toEqual(['o']);
    expect(world.ok(PRIMARY, 'Query', byReceived())).toMatchObject({ Items: [{ receivedAt: { S: at(40) } }] });
    world.ok(PRIMARY, 'DeleteItem', { TableName: 'orders', Key: strings({ pk: 'o', sk: 'ORDER' }) });
    expect(ids(world.ok(PRIMARY, 'Query', byReceived()))).toEqual([]);
  });

  test('an item without the keys of an index is not listed there', () => {
    world.ok(PRIMARY, 'PutItem', {
      TableName: 'orders',
      Item: strings({ pk: 'o', sk: 'RESULT', receivedMinute: MINUTE }),
    });
    expect(ids(world.ok(PRIMARY, 'Query', byReceived()))).toEqual([]);
  });

  test.each<[string, WireFields, string]>([
    [
      'a consistent read of an index',
      { ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
    ['an index that there is not', { IndexName: 'byName' }, 'The table does not have the specified index: byName'],
    [
      'no condition on the partition key',
      { KeyConditionExpression: 'receivedAt = :minute' },
      'Query condition missed key schema element: receivedMinute',
    ],
    [
      'an attribute that is no key',
      { KeyConditionExpression: 'receivedMinute = :minute AND pk = :minute' },
      'Query condition missed key schema element: receivedAt',
    ],
    [
      'OR',
      { KeyConditionExpression: 'receivedMinute = :minute OR receivedMinute = :minute' },
      'Invalid operator used in KeyConditionExpression: OR',
    ],
    [
      'a partition key of another type',
      { ExpressionAttributeValues: { ':minute': { N: '1' } } },
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'a filter on a key',
      { FilterExpression: 'receivedAt = :minute' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: receivedAt',
    ],
    [
      'a limit of nothing',
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    ['a start that is no key', { ExclusiveStartKey: strings({ pk: 'o' }) }, 'The provided starting key is invalid'],
  ])('%s is refused', (_why, input, message) => {
    expect(world.error(PRIMARY, 'Query', byReceived(input))).toBe(`ValidationException: ${message}`);
  });
});
