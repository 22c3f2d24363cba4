import type { WireFields } from '../../../rehearsal/aws/service';
import { DR, newWorld, PRIMARY, strings } from './support';
import type { World } from './support';

let world: World;
beforeEach(() => {
  world = newWorld();
});

const put = (input: object): unknown => world.ok(PRIMARY, 'PutItem', { TableName: 'lease', ...input });
const get = (pk: string): unknown =>
  world.ok(PRIMARY, 'GetItem', { TableName: 'lease', Key: { pk: { S: pk } }, ConsistentRead: true });
const refusal = (operation: string, input: object): string =>
  world.error(PRIMARY, operation, { TableName: 'lease', ...input });
const update = (input: object): unknown =>
  world.ok(PRIMARY, 'UpdateItem', { TableName: 'lease', Key: { pk: { S: 'a' } }, ...input });

describe('items (DynamoDB API reference, GetItem, PutItem, UpdateItem, DeleteItem)', () => {
  test('an item is replaced as a whole by a put and comes back as it was put', () => {
    put({ Item: { pk: { S: 'a' }, old: { BOOL: true } } });
    const item = {
      pk: { S: 'a' },
      list: { L: [{ N: '1' }, { NULL: true }] },
      map: { M: { inner: { S: 'x' } } },
      set: { SS: ['x', 'y'] },
      binary: { B: 'AQID' },
    };
    expect(put({ Item: item })).toEqual({});
    expect(get('a')).toEqual({ Item: item });
  });

  describe('a batch', () => {
    const read = (asked: WireFields): unknown => world.ok(PRIMARY, 'BatchGetItem', { RequestItems: { lease: asked } });
    const refused = (asked: WireFields): string =>
      world.error(PRIMARY, 'BatchGetItem', { RequestItems: { lease: asked } });
    const keys = (...names: readonly string[]) => names.map((pk) => strings({ pk }));

    test('a batch reads what is there, of up to a hundred keys, each once', () => {
      put({ Item: strings({ pk: 'a', v: '1' }) });
      put({ Item: strings({ pk: 'b', v: '2' }) });
      const many = Array.from({ length: 98 }, (_, index) => `nobody-${index}`);
      expect(read({ Keys: keys('a', ...many, 'b'), ProjectionExpression: 'pk' })).toEqual({
        Responses: { lease: keys('a', 'b') },
        UnprocessedKeys: {},
      });
      expect(refused({ Keys: keys('a', 'b', 'c', ...many) })).toContain('Too many items requested');
      expect(refused({ Keys: keys('a', 'b', 'a') })).toContain('contains duplicates');
      expect(refused({ Keys: [] })).toContain('required');
    });

    test('of several tables, or with what is not modelled, ends the run', () => {
      const two = { RequestItems: { lease: { Keys: keys('a') }, orders: { Keys: keys('a') } } };
      expect(() => world.call(PRIMARY, 'BatchGetItem', two)).toThrow('a batch of several tables');
      expect(() => read({ Keys: keys('a'), AttributesToGet: ['v'] })).toThrow('AttributesToGet');
    });
  });

  test('an item that is not there is an answer without Item', () => expect(get('nobody')).toEqual({}));

  test('a put answers the item that it replaced when asked for ALL_OLD, and nothing when there was none', () => {
    expect(put({ Item: strings({ pk: 'a', v: '1' }), ReturnValues: 'ALL_OLD' })).toEqual({});
    expect(put({ Item: strings({ pk: 'a', v: '2' }), ReturnValues: 'ALL_OLD' })).toEqual({
      Attributes: strings({ pk: 'a', v: '1' }),
    });
  });

  test('a failed condition writes nothing, and brings the item along only when asked', () => {
    put({ Item: strings({ pk: 'a', v: '1' }) });
    const again = {
      TableName: 'lease',
      Item: strings({ pk: 'a', v: '2' }),
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    expect(world.call(PRIMARY, 'PutItem', again)).toEqual({
      ok: false,
      error: { code: 'ConditionalCheckFailedException', message: 'The conditional request failed', status: 400 },
    });
    expect(world.call(PRIMARY, 'PutItem', { ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toMatchObject({
      error: { code: 'ConditionalCheckFailedException', fields: { Item: strings({ pk: 'a', v: '1' }) } },
    });
    expect(get('a')).toEqual({ Item: strings({ pk: 'a', v: '1' }) });
  });

  test('a failed condition on an absent item has no item to bring along', () => {
    const input = {
      TableName: 'lease',
      Item: strings({ pk: 'a' }),
      ConditionExpression: 'attribute_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    const answer = world.call(PRIMARY, 'PutItem', input);
    expect(answer.ok ? answer : answer.error.fields).toBeUndefined();
  });

  test('an update makes the item when it is absent, with its key', () => {
    update({ UpdateExpression: 'SET v = :v', ExpressionAttributeValues: { ':v': { N: '1' } } });
    expect(get('a')).toEqual({ Item: { pk: { S: 'a' }, v: { N: '1' } } });
  });

  test('an update reads every right side from the item as it was before', () => {
    put({ Item: { pk: { S: 'a' }, x: { N: '1' }, y: { N: '2' } } });
    update({ UpdateExpression: 'SET x = y, y = x' });
    expect(get('a')).toEqual({ Item: { pk: { S: 'a' }, x: { N: '2' }, y: { N: '1' } } });
  });

  test('SET counts, fills in what is absent, appends; REMOVE and ADD in any order and case', () => {
    put({ Item: { pk: { S: 'a' }, n: { N: '40' }, gone: { S: 'x' }, list: { L: [{ S: '1' }] } } });
    update({
      UpdateExpression:
        'remove gone ADD hits :one SET n = n + :two, begun = if_not_exists(begun, :two), #l = list_append(#l, :more), m = if_not_exists(m, :zero) - :one',
      ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':two': { N: '2' },
        ':zero': { N: '0' },
        ':more': { L: [{ S: '2' }] },
      },
    });
    expect(get('a')).toEqual({
      Item: {
        pk: { S: 'a' },
        n: { N: '42' },
        begun: { N: '2' },
        hits: { N: '1' },
        m: { N: '-1' },
        list: { L: [{ S: '1' }, { S: '2' }] },
      },
    });
  });

  test('an update reaches into a map, and refuses a map that is not there', () => {
    put({ Item: { pk: { S: 'a' }, doc: { M: { kept: { S: 'k' } } } } });
    const one = { ExpressionAttributeValues: { ':v': { S: 'v' } } };
    update({ UpdateExpression: 'SET doc.part = :v', ...one });
    expect(get('a')).toEqual({
      Item: { pk: { S: 'a' }, doc: { M: { kept: { S: 'k' }, part: { S: 'v' } } } },
    });
    expect(refusal('UpdateItem', { Key: { pk: { S: 'a' } }, UpdateExpression: 'SET absent.part = :v', ...one })).toBe(
      'ValidationException: The document path provided in the update expression is invalid for update',
    );
  });

  test.each([
    ['ALL_OLD', { pk: { S: 'a' }, v: { N: '1' }, other: { S: 'o' } }],
    ['ALL_NEW', { pk: { S: 'a' }, v: { N: '2' }, other: { S: 'o' } }],
    ['UPDATED_OLD', { v: { N: '1' } }],
    ['UPDATED_NEW', { v: { N: '2' } }],
  ])('an update answers %s as asked', (ReturnValues, Attributes) => {
    put({ Item: { pk: { S: 'a' }, v: { N: '1' }, other: { S: 'o' } } });
    const input = { UpdateExpression: 'SET v = v + :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    expect(update({ ...input, ReturnValues })).toEqual({ Attributes });
    expect(update(input)).toEqual({});
  });

  test('a delete is idempotent, and answers what it took away', () => {
    put({ Item: strings({ pk: 'a', v: '1' }) });
    const input = { TableName: 'lease', Key: { pk: { S: 'a' } }, ReturnValues: 'ALL_OLD' };
    expect(world.ok(PRIMARY, 'DeleteItem', input)).toEqual({ Attributes: strings({ pk: 'a', v: '1' }) });
    expect(world.ok(PRIMARY, 'DeleteItem', input)).toEqual({});
    expect(get('a')).toEqual({});
  });

  test('a projection takes only what it names', () => {
    put({ Item: strings({ pk: 'a', v: '1', region: 'r' }) });
    const input = { TableName: 'lease', Key: { pk: { S: 'a' } }, ProjectionExpression: 'v, #region, absent' };
    expect(world.ok(PRIMARY, 'GetItem', { ...input, ExpressionAttributeNames: { '#region': 'region' } })).toEqual({
      Item: strings({ v: '1', region: 'r' }),
    });
  });

  test('tables of one name in two regions without replicas are two tables', () => {
    put({ Item: strings({ pk: 'a' }) });
    expect(world.ok(DR, 'GetItem', { TableName: 'lease', Key: { pk: { S: 'a' } } })).toEqual({});
  });
});
