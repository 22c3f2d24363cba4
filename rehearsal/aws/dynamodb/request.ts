import type { Call, Wire, WireFields } from '../service';
import { notModelled } from '../service';
import { invalid } from './invalid-request';
import { isFields, readItem } from './read-value';
import { itemSize } from './item-size';
import type { TableSchema } from './schema';
import { keyText, typeOf } from './value';
import type { AttributeValue, Item } from './value';

/** Input fields that are modelled; whatever else comes ends the run. */
const COMMON = ['TableName', 'ExpressionAttributeNames', 'ReturnConsumedCapacity'];
const WRITE = [
  ...COMMON,
  'ConditionExpression',
  'ExpressionAttributeValues',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
];
const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  BatchGetItem: new Set(['RequestItems', 'ReturnConsumedCapacity']),
  DescribeContinuousBackups: new Set(['TableName']),
  DescribeTable: new Set(['TableName']),
  GetItem: new Set([...COMMON, 'Key', 'ConsistentRead', 'ProjectionExpression']),
  PutItem: new Set([...WRITE, 'Item']),
  UpdateItem: new Set([...WRITE, 'Key', 'UpdateExpression']),
  DeleteItem: new Set([...WRITE, 'Key']),
  Query: new Set([
    ...COMMON,
    'ConsistentRead',
    'ExclusiveStartKey',
    'ExpressionAttributeValues',
    'FilterExpression',
    'IndexName',
    'KeyConditionExpression',
    'Limit',
    'ProjectionExpression',
    'ScanIndexForward',
  ]),
};

/** @throws NotModelledError for an operation or an input field that the simulation does not have. */
export function requireModelled(call: Call): void {
  const fields = FIELDS[call.operation] ?? notModelled(call);
  for (const name in call.input) {
    if (!fields.has(name)) notModelled(call, name);
  }
  for (const name of ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics']) {
    if ((call.input[name] ?? 'NONE') !== 'NONE') notModelled(call, name);
  }
}

/** @throws InvalidRequestError when it is there and no text. */
export function optionalText(input: WireFields, name: string): string | undefined {
  const value = input[name];
  return value === undefined || typeof value === 'string' ? value : invalid(`${name} is not a string`);
}

/** @throws InvalidRequestError when it is no text. */
export function requiredText(input: WireFields, name: string): string {
  return optionalText(input, name) ?? missing(name);
}

/** @throws InvalidRequestError when it is there and neither true nor false. */
export function flag(input: WireFields, name: string, otherwise: boolean): boolean {
  const value = input[name] ?? otherwise;
  return typeof value === 'boolean' ? value : invalid(`${name} is not a boolean`);
}

/** @throws InvalidRequestError when it is no set of attributes. */
export function attributes(input: WireFields, name: string): Item {
  const value: Wire = input[name];
  return isFields(value) ? readItem(value) : missing(name);
}

function missing(name: string): never {
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return invalid(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** @throws InvalidRequestError when the attributes are not the key's, all of them and no others. */
export function requireKey(schema: TableSchema, key: Item): void {
  const names = keyNames(schema);
  const given = Object.keys(key);
  if (given.length !== names.length || names.some((name) => !hasType(schema, name, key[name]))) {
    invalid('The provided key element does not match the schema');
  }
  for (const name of names) refuseEmpty(name, key[name]);
}

/** The largest item, bytes (DynamoDB developer guide, "Quotas"). */
const MOST_ITEM_BYTES = 400 * 1_024;

/** @throws InvalidRequestError when an item lacks its key, has a key of another type, or is too large. */
export function requireItem(schema: TableSchema, item: Item, tooLarge: string): void {
  for (const name of keyNames(schema)) {
    const value = item[name];
    if (value === undefined) {
      return invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    }
    if (!hasType(schema, name, value)) {
      invalid(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${schema.types[name] ?? ''} actual: ${typeOf(value)}`,
      );
    }
    refuseEmpty(name, value);
  }
  for (const index of schema.indexes) {
    requireIndexKey(schema, index.name, index.hash, item[index.hash]);
    if (index.range !== undefined) requireIndexKey(schema, index.name, index.range, item[index.range]);
  }
  if (mayBeLarge(item) && itemSize(item) > MOST_ITEM_BYTES) invalid(tooLarge);
}

function requireIndexKey(schema: TableSchema, index: string, name: string, value: AttributeValue | undefined): void {
  if (value === undefined) return;
  if (!hasType(schema, name, value)) {
    invalid(
      `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${schema.types[name] ?? ''} Actual: ${typeOf(value)} IndexName: ${index}`,
    );
  }
  if (keyText(value) === '') {
    invalid(
      `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index}, IndexKey: ${name}`,
    );
  }
}

function keyNames({ key: { hash, range } }: TableSchema): readonly string[] {
  return range === undefined ? [hash] : [hash, range];
}

function hasType(schema: TableSchema, name: string, value: AttributeValue | undefined): boolean {
  const type = schema.types[name];
  return value !== undefined && type !== undefined && type in value;
}

function refuseEmpty(name: string, value: AttributeValue | undefined): void {
  if (keyText(value) !== '') return;
  invalid(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
  );
}

/** Cheap and never wrong when it says no: a unit of text takes at most three bytes, and nothing else takes more than a number. */
function mayBeLarge(item: Item): boolean {
  return unitsOf(item) * 3 > MOST_ITEM_BYTES;
}

const MOST_OTHER_UNITS = 40;

function unitsOf(item: Item): number {
  let units = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) units += name.length + valueUnits(value);
  }
  return units;
}

function valueUnits(value: AttributeValue): number {
  if ('S' in value) return value.S.length;
  if ('B' in value) return value.B.length;
  if ('M' in value) return MOST_OTHER_UNITS + unitsOf(value.M);
  return 'N' in value || 'BOOL' in value || 'NULL' in value ? MOST_OTHER_UNITS : MOST_ITEM_BYTES;
}
