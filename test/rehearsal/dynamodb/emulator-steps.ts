import type {
  AttributeValue,
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';

/** One request, as both are sent it. */
export type Step =
  | { readonly kind: 'put'; readonly input: PutItemCommandInput }
  | { readonly kind: 'update'; readonly input: UpdateItemCommandInput }
  | { readonly kind: 'get'; readonly input: GetItemCommandInput }
  | { readonly kind: 'delete'; readonly input: DeleteItemCommandInput }
  | { readonly kind: 'query'; readonly input: QueryCommandInput };

export type Item = Record<string, AttributeValue>;

export const TableName = 'orders';
const MINUTE = '2026-11-24T03:51';
const key: fc.Arbitrary<Item> = fc.record({
  pk: fc.constantFrom('a', 'b').map(S),
  sk: fc.constantFrom('ORDER', 'RESULT#1', 'é').map(S),
});
const second = fc.integer({ min: 0, max: 9 }).map((digit) => S(`${MINUTE}:0${digit}.000Z`));
const number: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.integer({ min: -3, max: 12 }).map((one) => ({ N: String(one) })),
  fc.constantFrom('9007199254740993', '9007199254740992', '1.50', '0.1').map((one) => ({ N: one })),
);
const anything = fc.oneof<fc.Arbitrary<AttributeValue>[]>(
  number,
  fc.constantFrom('', 'x', 'xy', 'é').map(S),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true }),
  fc.constant({ L: [{ S: 'x' }, { N: '1' }] }),
  fc.constant({ SS: ['x', 'y'] }),
);

function S(text: string): { S: string } {
  return { S: text };
}

/** Conditions as our functions send them, and some more. */
const condition = fc.oneof(
  fc.constantFrom(
    {},
    { ConditionExpression: 'attribute_not_exists(pk)' },
    { ConditionExpression: 'attribute_exists(v)' },
  ),
  number.chain((value) =>
    fc
      .constantFrom(
        'v = :v',
        'v <> :v',
        'v < :v',
        'NOT v >= :v',
        'attribute_not_exists(pk) OR v < :v OR (v = :v AND attribute_exists(w))',
        'v BETWEEN :v AND :v OR w IN (:v)',
        'size(t) > :v',
      )
      .map((ConditionExpression) => ({ ConditionExpression, ExpressionAttributeValues: { ':v': value } })),
  ),
  fc.constantFrom('begins_with(t, :x)', 'contains(t, :x)', 'w = :x', 'contains(w, :x)').map((ConditionExpression) => ({
    ConditionExpression,
    ExpressionAttributeValues: { ':x': S('x') },
  })),
);
const returning = fc.constantFrom({}, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const });

const put: fc.Arbitrary<Step> = fc
  .record({
    key,
    condition,
    returning,
    v: number,
    t: fc.constantFrom('', 'x', 'xy', 'ax'),
    w: fc.option(anything, { nil: undefined }),
    at: second,
    all: fc.boolean(),
  })
  .map(({ key: keys, condition: when, returning: failure, v, t, w, at, all }) => ({
    kind: 'put',
    input: {
      TableName,
      Item: { ...keys, v, ...(t !== '' && { t: S(t) }), ...(w && { w }), receivedMinute: S(MINUTE), receivedAt: at },
      ...when,
      ...failure,
      ...(all && { ReturnValues: 'ALL_OLD' }),
    },
  }));

const change = number.chain((one) =>
  fc
    .constantFrom(
      'SET v = :u',
      'SET v = v + :u',
      'SET v = v - :u',
      'SET n = if_not_exists(n, :u), v = :u',
      'ADD hits :u',
      'SET v = :u REMOVE w',
      'SET v = hits, hits = :u',
      'REMOVE receivedAt SET v = :u',
    )
    .map((UpdateExpression) => ({ UpdateExpression, values: { ':u': one } })),
);

const update: fc.Arbitrary<Step> = fc
  .record({
    key,
    change,
    condition,
    returning,
    ReturnValues: fc.constantFrom('NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_NEW', 'UPDATED_OLD'),
  })
  .map(({ key: Key, change: { UpdateExpression, values }, condition: when, returning: failure, ReturnValues }) => ({
    kind: 'update',
    input: {
      TableName,
      Key,
      UpdateExpression,
      ReturnValues,
      ...when,
      ...failure,
      ExpressionAttributeValues: {
        ...('ExpressionAttributeValues' in when && when.ExpressionAttributeValues),
        ...values,
      },
    },
  }));

const get: fc.Arbitrary<Step> = key.map((Key) => ({ kind: 'get', input: { TableName, Key, ConsistentRead: true } }));

const remove: fc.Arbitrary<Step> = fc.record({ key, condition }).map(({ key: Key, condition: when }) => ({
  kind: 'delete',
  input: { TableName, Key, ...when, ReturnValues: 'ALL_OLD' },
}));

const forward = fc.constantFrom(true, false);
const byKey: fc.Arbitrary<Step> = fc
  .record({
    test: fc.constantFrom('', ' AND begins_with(sk, :s)', ' AND sk > :s', ' AND sk BETWEEN :s AND :s'),
    ScanIndexForward: forward,
  })
  .map(({ test, ScanIndexForward }) => ({
    kind: 'query',
    input: {
      TableName,
      KeyConditionExpression: `pk = :p${test}`,
      ExpressionAttributeValues: { ':p': S('a'), ...(test !== '' && { ':s': S('RESULT#') }) },
      ScanIndexForward,
      ConsistentRead: true,
    },
  }));
const byIndex: fc.Arbitrary<Step> = fc.record({ from: second, filtered: fc.boolean() }).map(({ from, filtered }) => ({
  kind: 'query',
  input: {
    TableName,
    IndexName: 'byReceived',
    KeyConditionExpression: 'receivedMinute = :m AND receivedAt >= :from',
    ExpressionAttributeValues: { ':m': S(MINUTE), ':from': from, ...(filtered && { ':one': { N: '1' } }) },
    ...(filtered && { FilterExpression: 'v > :one', ProjectionExpression: 'pk, sk, v' }),
  },
}));

/** A sequence of requests against one small table, most of which meet an item. */
export const steps = fc.array(fc.oneof(put, put, update, update, get, remove, byKey, byIndex), {
  minLength: 30,
  maxLength: 60,
});
