import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLocalItems, type LocalItems } from '../../../lambda/shared/local-items';
import { type FakeAnswer, fakeAws, type SentRequest } from './fake-aws';

/** A value as DynamoDB's wire has it: one of `S`, `N`, `BOOL`, `L`, `M`. */
type Value = Readonly<Record<string, unknown>>;
type StoredItem = Readonly<Record<string, Value>>;

/**
 * Tables of one region with partition keys `pk`: GetItem, BatchGetItem, PutItem and UpdateItem with `SET`, and the conditions that
 * our code uses. What it does not know is an error, not a yes.
 */
export function fakeDynamodb() {
  const items = new Map<string, StoredItem>();
  const state = { down: false };

  const answer = ({ operation, body }: SentRequest): FakeAnswer => {
    // Not retried by the SDK, so that a test does not wait.
    if (state.down) return { error: 'AccessDeniedException' };
    if (operation === 'BatchGetItem') return { body: { Responses: batchOf(body, items), UnprocessedKeys: {} } };
    const key = keyOf(body['TableName'], body['Key'] ?? body['Item']);
    const item = items.get(key);
    if (operation === 'GetItem') return { body: item ? { Item: item } : {} };
    const condition = body['ConditionExpression'];
    if (typeof condition === 'string' && !holds(condition, item, body)) {
      return { error: 'ConditionalCheckFailedException' };
    }
    if (operation === 'PutItem') items.set(key, recordOf(body['Item']));
    else if (operation === 'UpdateItem') items.set(key, { ...recordOf(body['Key']), ...item, ...assigned(body) });
    else return { error: `Unexpected${operation}` };
    return { body: {} };
  };
  return { items, state, answer, item: (table: string, pk: string) => items.get(`${table} ${pk}`) };
}

function recordOf(value: unknown): StoredItem {
  return JSON.parse(JSON.stringify(value ?? {}));
}

function keyOf(table: unknown, key: unknown): string {
  return `${String(table)} ${String(recordOf(key)['pk']?.['S'])}`;
}

/** Items that are not there are left out. */
function batchOf(body: Readonly<Record<string, unknown>>, items: ReadonlyMap<string, StoredItem>) {
  const asked: Record<string, { readonly Keys: readonly StoredItem[] }> = JSON.parse(
    JSON.stringify(body['RequestItems'] ?? {}),
  );
  return Object.fromEntries(
    Object.entries(asked).map(([table, { Keys }]) => [
      table,
      Keys.flatMap((key) => items.get(keyOf(table, key)) ?? []),
    ]),
  );
}

function assigned(body: Readonly<Record<string, unknown>>): StoredItem {
  const values = recordOf(body['ExpressionAttributeValues']);
  const parts = String(body['UpdateExpression']).replace(/^SET /, '').split(', ');
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', value = ''] = part.split(' = ');
      return [name, values[value] ?? {}];
    }),
  );
}

/** Reads `a OR (b AND c)` with comparisons and `attribute_not_exists(name)`. */
function holds(condition: string, item: StoredItem | undefined, body: Readonly<Record<string, unknown>>): boolean {
  const names: Record<string, string> = JSON.parse(JSON.stringify(body['ExpressionAttributeNames'] ?? {}));
  const values = recordOf(body['ExpressionAttributeValues']);
  const tokens = condition.match(/attribute_not_exists\(\w+\)|[()]|<=|>=|[<>=]|[#:]?\w+/g) ?? [];
  let next = 0;

  const any = (): boolean => {
    let value = all();
    while (tokens[next] === 'OR') {
      next += 1;
      value = all() || value;
    }
    return value;
  };
  const all = (): boolean => {
    let value = one();
    while (tokens[next] === 'AND') {
      next += 1;
      value = one() && value;
    }
    return value;
  };
  const one = (): boolean => {
    const token = tokens[next++] ?? '';
    if (token === '(') {
      const value = any();
      next += 1;
      return value;
    }
    const absent = /^attribute_not_exists\((\w+)\)$/.exec(token);
    if (absent) return item?.[absent[1] ?? ''] === undefined;
    const operator = tokens[next++] ?? '';
    const found = plain(item?.[names[token] ?? token]);
    return compare(found, operator, plain(values[tokens[next++] ?? '']));
  };
  return any();
}

function plain(value: Value | undefined): unknown {
  return value && 'N' in value ? Number(value['N']) : (value?.['S'] ?? value?.['BOOL']);
}

function compare(one: unknown, operator: string, other: unknown): boolean {
  if (one === undefined || typeof one !== typeof other) return false;
  if (operator === '=') return one === other;
  if (typeof one !== 'number' || typeof other !== 'number') throw new Error(`cannot compare with ${operator}`);
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  throw new Error(`${operator} is not known here`);
}

/** The local items of a region, over a table in memory. */
export function memoryLocalItems(): LocalItems {
  const { options } = fakeAws(fakeDynamodb().answer);
  return createLocalItems(new DynamoDBClient(options), 'lease-dev');
}
