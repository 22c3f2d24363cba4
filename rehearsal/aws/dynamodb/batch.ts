import { answered, notModelled } from '../service';
import type { Answer, Call, WireFields } from '../service';
import { invalid } from './invalid-request';
import { isFields } from './read-value';
import { getItem, type View } from './reads';
import type { Replica } from './replica';

/** The most keys of one request (DynamoDB API reference, BatchGetItem). */
const MOST_KEYS = 100;

/** Fields of what is asked of one table. */
const FIELDS: ReadonlySet<string> = new Set([
  'ConsistentRead',
  'ExpressionAttributeNames',
  'Keys',
  'ProjectionExpression',
]);

/** What a BatchGetItem asks of its one table. */
export interface Batch {
  readonly table: string;
  /** Everything but the keys. */
  readonly rest: WireFields;
  readonly keys: readonly WireFields[];
}

/** The tables that a call is about: one, but in a batch. */
export function tablesOf({ operation, input }: Call): readonly string[] {
  const { TableName: name, RequestItems: tables } = input;
  if (operation === 'BatchGetItem') return isFields(tables) ? Object.keys(tables) : [];
  return typeof name === 'string' ? [name] : [];
}

/**
 * @throws InvalidRequestError for a request that DynamoDB refuses for its form; NotModelledError for several tables in one, and
 * for fields that the simulation does not have.
 */
export function readBatch(call: Call): Batch {
  const { RequestItems: tables } = call.input;
  const [first, second] = isFields(tables) ? Object.entries(tables) : [];
  if (!first) return invalid('The batch get request list for a table cannot be null or empty');
  if (second) return notModelled(call, 'a batch of several tables');
  const [table, asked] = first;
  if (!isFields(asked)) return invalid('The batch get request list for a table cannot be null or empty');
  for (const name in asked) if (!FIELDS.has(name)) notModelled(call, name);
  const { Keys: given, ...rest } = asked;
  const keys = Array.isArray(given) ? given.filter(isFields) : [];
  if (keys.length === 0) return invalid('The list of keys in BatchGetItem is required');
  if (keys.length > MOST_KEYS) return invalid('Too many items requested for the BatchGetItem call');
  if (new Set(keys.map((key) => JSON.stringify(key))).size < keys.length) {
    return invalid('Provided list of item keys contains duplicates');
  }
  return { table, rest, keys };
}

/** Items that are not there are left out. @throws InvalidRequestError */
export function batchGetItem(replica: Replica, { table, keys, rest }: Batch, view: View): Answer {
  const items: WireFields[] = [];
  for (const Key of keys) {
    const answer = getItem(replica, { ...rest, Key }, view);
    const item = answer.ok ? answer.output['Item'] : undefined;
    if (isFields(item)) items.push(item);
  }
  return answered({ Responses: { [table]: items }, UnprocessedKeys: {} });
}
