import { NotModelledError } from '../../../rehearsal/aws/service';
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

describe('what is refused (DynamoDB API reference, "Common Errors", and the messages that users report)', () => {
  const key = { Key: { pk: { S: 'a' } } };
  const values = { ExpressionAttributeValues: { ':v': { S: 'v' } } };

  test('a table that is not in this region is not found', () => {
    expect(world.error('eu-west-1', 'GetItem', { TableName: 'lease', ...key })).toBe(
      'ResourceNotFoundException: Requested resource not found',
    );
  });

  test.each<[string, string, object, string]>([
    [
      'a key of another type',
      'GetItem',
      { Key: { pk: { N: '1' } } },
      'The provided key element does not match the schema',
    ],
    [
      'a key too many',
      'GetItem',
      { Key: strings({ pk: 'a', sk: 'b' }) },
      'The provided key element does not match the schema',
    ],
    [
      'an item without its key',
      'PutItem',
      { Item: strings({ v: '1' }) },
      'One or more parameter values were invalid: Missing the key pk in the item',
    ],
    [
      'an item whose key has another type',
      'PutItem',
      { Item: { pk: { N: '1' } } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      'an empty key',
      'PutItem',
      { Item: { pk: { S: '' } } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'an update of the key',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET pk = :v', ...values },
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
    [
      'a reserved word as a name',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET region = :v', ...values },
      'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: region',
    ],
    [
      'a value that is not given',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET v = :w' },
      'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w',
    ],
    [
      'a name that is not given',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET #v = :v', ...values },
      'Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #v',
    ],
    [
      'a value that is not used',
      'UpdateItem',
      { ...key, UpdateExpression: 'REMOVE v', ...values },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
    ],
    [
      'values without an expression',
      'PutItem',
      { Item: strings({ pk: 'a' }), ...values },
      'ExpressionAttributeValues can only be specified when using expressions',
    ],
    [
      'an attribute that is read and not there',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET v = w' },
      'The provided expression refers to an attribute that does not exist in the item',
    ],
    [
      'arithmetic with a text',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET v = :v + :v', ...values },
      'An operand in the update expression has an incorrect data type',
    ],
    [
      'two paths that overlap',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET v = :v, v = :v', ...values },
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [v], path two: [v]',
    ],
    [
      'a clause twice',
      'UpdateItem',
      { ...key, UpdateExpression: 'SET v = :v SET w = :v', ...values },
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      'a syntax error',
      'PutItem',
      { Item: strings({ pk: 'a' }), ConditionExpression: 'v =' },
      'Invalid ConditionExpression: Syntax error; token: "<EOF>"',
    ],
    [
      'ALL_NEW of a put',
      'PutItem',
      { Item: strings({ pk: 'a' }), ReturnValues: 'ALL_NEW' },
      'Return values set to invalid value',
    ],
    [
      'an item of more than 400 KB',
      'PutItem',
      { Item: strings({ pk: 'a', v: 'x'.repeat(410_000) }) },
      'Item size has exceeded the maximum allowed size',
    ],
    [
      'a number that is none',
      'PutItem',
      { Item: { pk: { S: 'a' }, v: { N: 'one' } } },
      'The parameter cannot be converted to a numeric value: one',
    ],
    [
      'a number of 39 digits',
      'PutItem',
      { Item: { pk: { S: 'a' }, v: { N: '1'.repeat(39) } } },
      'Attempting to store more than 38 significant digits in a Number',
    ],
    [
      'an empty set',
      'PutItem',
      { Item: { pk: { S: 'a' }, v: { SS: [] } } },
      'One or more parameter values were invalid: An string set  may not be empty',
    ],
  ])('%s', (_why, operation, input, message) => {
    expect(refusal(operation, input)).toBe(`ValidationException: ${message}`);
  });

  test.each<[string, string, object]>([
    ['an operation that no handler sends', 'Scan', {}],
    ['legacy conditions', 'PutItem', { Item: strings({ pk: 'a' }), Expected: {} }],
    ['consumed capacity', 'GetItem', { ...key, ReturnConsumedCapacity: 'TOTAL' }],
    ['DELETE from a set', 'UpdateItem', { ...key, UpdateExpression: 'DELETE v :v', ...values }],
    ['a table by its ARN', 'GetItem', { ...key, TableName: 'arn:aws:dynamodb:eu-central-1:1:table/lease' }],
  ])('%s ends the run instead of being guessed', (_why, operation, input) => {
    expect(() => world.call(PRIMARY, operation, { TableName: 'lease', ...input })).toThrow(NotModelledError);
  });
});

describe('indexes', () => {
  test('an index key of another type, or empty, is refused; without it the item is just not listed', () => {
    const order = { pk: { S: 'o' }, sk: { S: 'ORDER' } };
    const refused = (more: object): string =>
      world.error(PRIMARY, 'PutItem', { TableName: 'orders', Item: { ...order, ...more } });
    expect(refused({ receivedAt: { N: '1' } })).toBe(
      'ValidationException: One or more parameter values were invalid: Type mismatch for Index Key receivedAt Expected: S Actual: N IndexName: byReceived',
    );
    expect(refused({ receivedAt: { S: '' } })).toContain('IndexName: byReceived, IndexKey: receivedAt');
    expect(refused({ receivedAt: { S: '2026' } })).toBe('no error');
  });
});
