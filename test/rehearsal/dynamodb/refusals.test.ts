import { NotModelledError } from '../../../rehearsal/aws/service';
import { newWorld, PRIMARY, strings } from './support';

const world = newWorld();
const refusal = (operation: string, input: object): string =>
  world.error(PRIMARY, operation, { TableName: 'lease', ...input });

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
