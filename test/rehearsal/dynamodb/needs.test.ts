import { NotModelledError } from '../../../rehearsal/aws/service';
import type { Need, WireFields } from '../../../rehearsal/aws/service';
import {
  ACCOUNT,
  callOf,
  DR,
  everyTable,
  journalTable,
  keyArn,
  newWorld,
  ordersTable,
  PRIMARY,
  rolePolicy,
  strings,
  table,
  tableArn,
  WITNESS,
} from './support';

const BY_KEY = rolePolicy({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: '*',
  Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['lease'] } },
});

const witness = table('register', WITNESS, { serverSideEncryption: { enabled: true } });
const world = newWorld({ resources: [...everyTable().filter(({ region }) => region !== WITNESS), witness, BY_KEY] });
const needs = (region: string, operation: string, input: WireFields): readonly Need[] =>
  world.dynamodb.needs(callOf(region, operation, input));

const decrypt = (region: string, name: string): Need => ({
  action: 'kms:Decrypt',
  resource: keyArn(region),
  context: {
    'kms:ViaService': [`dynamodb.${region}.amazonaws.com`],
    'kms:EncryptionContext:aws:dynamodb:tableName': [name],
    'kms:EncryptionContext:aws:dynamodb:subscriberId': [ACCOUNT],
  },
});

describe('what a call needs (Service Authorization Reference, DynamoDB)', () => {
  test.each<[string, WireFields]>([
    ['GetItem', { Key: strings({ pk: 'lease' }) }],
    ['DeleteItem', { Key: strings({ pk: 'lease' }) }],
    ['UpdateItem', { Key: strings({ pk: 'lease' }), UpdateExpression: 'REMOVE v' }],
    ['PutItem', { Item: strings({ pk: 'lease', v: '1' }) }],
    ['BatchGetItem', { RequestItems: { lease: { Keys: [strings({ pk: 'lease' })] } } }],
    ['Query', { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'lease' } } }],
  ])('%s needs itself on the table, with the partition key', (operation, input) => {
    expect(needs(PRIMARY, operation, { TableName: 'lease', ...input })).toEqual([
      {
        action: `dynamodb:${operation}`,
        resource: tableArn(PRIMARY, 'lease'),
        context: { 'dynamodb:LeadingKeys': ['lease'] },
      },
      decrypt(PRIMARY, 'lease'),
    ]);
  });

  test('a batch needs itself once, with the partition key of every item, because a policy has to cover them all', () => {
    const asked = { Keys: ['lease', 'freeze', 'sweep'].map((pk) => strings({ pk })), ConsistentRead: true };
    const [need, ...rest] = needs(PRIMARY, 'BatchGetItem', { RequestItems: { lease: asked } });
    expect(need).toEqual({
      action: 'dynamodb:BatchGetItem',
      resource: tableArn(PRIMARY, 'lease'),
      context: { 'dynamodb:LeadingKeys': ['lease', 'freeze', 'sweep'] },
    });
    expect(rest).toEqual([decrypt(PRIMARY, 'lease')]);
  });

  test('a query of an index needs the index, not the table', () => {
    const input = {
      TableName: 'orders',
      IndexName: 'byReceived',
      KeyConditionExpression: 'receivedMinute = :m AND receivedAt > :a',
      FilterExpression: 'v = :v',
      ExpressionAttributeValues: { ':m': { S: 'minute' }, ':a': { S: 'a' }, ':v': { S: 'v' } },
    };
    expect(needs(DR, 'Query', input)).toEqual([
      {
        action: 'dynamodb:Query',
        resource: `${tableArn(DR, 'orders')}/index/byReceived`,
        context: { 'dynamodb:LeadingKeys': ['minute'] },
      },
      decrypt(DR, 'orders'),
    ]);
  });

  test('a replica is encrypted with the key of its own region', () => {
    const [, key] = needs(DR, 'GetItem', { TableName: 'orders', Key: strings({ pk: 'o', sk: 'ORDER' }) });
    expect(key).toEqual(decrypt(DR, 'orders'));
  });

  test('a table under the key that AWS manages needs no right to a key', () => {
    expect(needs(WITNESS, 'GetItem', { TableName: 'register', Key: strings({ pk: 'register' }) })).toHaveLength(1);
  });

  test('a table that is not there is asked about as well: access is denied before it is not found', () => {
    expect(needs(WITNESS, 'GetItem', { TableName: 'lease', Key: strings({ pk: 'lease' }) })).toEqual([
      { action: 'dynamodb:GetItem', resource: tableArn(WITNESS, 'lease') },
    ]);
  });

  test('a request that will be refused names no partition key', () => {
    const [need] = needs(PRIMARY, 'Query', { TableName: 'lease', KeyConditionExpression: 'pk =' });
    expect(need).toEqual({ action: 'dynamodb:Query', resource: tableArn(PRIMARY, 'lease') });
  });

  test('the partition key is not looked for when no policy asks for it', () => {
    const { dynamodb } = newWorld();
    const [need] = dynamodb.needs(callOf(PRIMARY, 'GetItem', { TableName: 'lease', Key: strings({ pk: 'lease' }) }));
    expect(need).toEqual({ action: 'dynamodb:GetItem', resource: tableArn(PRIMARY, 'lease') });
  });
});

describe('what the simulation does not have ends the run before it begins', () => {
  test.each([
    ['provisioned capacity', [table('t', PRIMARY, { billingMode: 'PROVISIONED' })]],
    ['a local secondary index', [table('t', PRIMARY, { localSecondaryIndexes: [{ name: 'l' }] })]],
    ['a binary key', [table('t', PRIMARY, { attributes: [{ name: 'pk', type: 'B' }] })]],
    [
      'an index without all attributes',
      [table('t', PRIMARY, { globalSecondaryIndexes: [{ name: 'i', hashKey: 'pk', projectionType: 'KEYS_ONLY' }] })],
    ],
    ['a strong replica', [table('t', PRIMARY, { replicas: [{ regionName: DR, consistencyMode: 'STRONG' }] })]],
    [
      'a condition on attributes',
      [
        journalTable(PRIMARY),
        rolePolicy({ Condition: { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk'] } } }),
      ],
    ],
  ])('%s', (_what, resources) => {
    expect(() => newWorld({ resources })).toThrow(NotModelledError);
  });

  test('a table of the judge that there is not', () => {
    expect(() => newWorld({ resources: [ordersTable()] }).dynamodb.items(WITNESS, 'orders')).toThrow(
      'there is no table orders in eu-west-1',
    );
  });
});
