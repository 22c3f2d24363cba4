import { answered } from '../service';
import type { Answer, WireFields } from '../service';
import type { Compiled, Condition, Path } from './expressions/ast';
import { compileCondition, compileProjection } from './expressions/compile';
import { check, holds } from './expressions/evaluate';
import { pick, project } from './expressions/projection';
import { readScope, stepName } from './expressions/scope';
import type { Scope } from './expressions/scope';
import { invalid } from './invalid-request';
import { itemSize } from './item-size';
import { readKeyCondition } from './key-condition';
import type { KeyRange } from './key-condition';
import { primaryKey } from './replica';
import type { Replica } from './replica';
import { attributes, flag, optionalText, requireKey, requiredText } from './request';
import type { KeySchema, TableSchema } from './schema';
import { firstWhere } from './sorted';
import type { Order, Row } from './sorted';
import type { Item } from './value';

/** The time whose state a read of this consistency sees. */
export type View = (consistent: boolean) => number;

/** @throws InvalidRequestError */
export function getItem(replica: Replica, input: WireFields, view: View): Answer {
  const keyItem = attributes(input, 'Key');
  const projection = projectionOf(input);
  const scope = readScope(input, [projection]);
  const consistent = flag(input, 'ConsistentRead', false);
  requireKey(replica.schema, keyItem);
  const key = primaryKey(replica.schema.key, keyItem);
  const item = consistent ? replica.get(key) : replica.getAsOf(key, view(false));
  return answered(item === undefined ? {} : { Item: projection ? project(projection.body, item, scope) : item });
}

/** A page never has more, bytes (DynamoDB API reference, Query: "a single Query operation ... 1 MB of data"). */
const PAGE_BYTES = 1_048_576;

interface Query {
  readonly index: string | undefined;
  readonly hash: string;
  readonly range: KeyRange;
  readonly filter: Compiled<Condition> | undefined;
  readonly projection: Compiled<readonly Path[]> | undefined;
  readonly scope: Scope;
  readonly forward: boolean;
  readonly limit: number;
  readonly start: Row | undefined;
}

/** @throws InvalidRequestError */
export function query(replica: Replica, input: WireFields, view: View): Answer {
  const index = optionalText(input, 'IndexName');
  const schema = keySchema(replica, index);
  const consistent = flag(input, 'ConsistentRead', false);
  if (consistent && index !== undefined) {
    invalid('Consistent reads are not supported on global secondary indexes');
  }
  const read = readQuery(replica.schema, schema, index, input);
  const rows = replica.rowsAsOf(index, read.hash, view(consistent));
  const page = pageOf(rows, read, replica.order(index));
  const last = page.more ? page.last : undefined;
  return answered({
    Items: read.projection ? projected(page.items, read.projection.body, read.scope) : page.items,
    Count: page.items.length,
    ScannedCount: page.scanned,
    ...(last && { LastEvaluatedKey: pick(last.item, keyNames(replica.schema, schema)) }),
  });
}

function keySchema(replica: Replica, index: string | undefined): KeySchema {
  if (index === undefined) return replica.schema.key;
  return replica.index(index) ?? invalid(`The table does not have the specified index: ${index}`);
}

function readQuery(table: TableSchema, schema: KeySchema, index: string | undefined, input: WireFields): Query {
  const condition = compileCondition('KeyConditionExpression', requiredText(input, 'KeyConditionExpression'));
  const filterText = optionalText(input, 'FilterExpression');
  const filter = filterText === undefined ? undefined : compileCondition('FilterExpression', filterText);
  const projection = projectionOf(input);
  const scope = readScope(input, [condition, filter, projection]);
  check(condition, scope);
  if (filter) {
    check(filter, scope);
    refuseKeyInFilter(filter.body, schema, scope);
  }
  return {
    index,
    ...readKeyCondition(condition, schema, table.types, scope),
    filter,
    projection,
    scope,
    forward: flag(input, 'ScanIndexForward', true),
    limit: limitOf(input),
    start: startOf(table, schema, input),
  };
}

function projectionOf(input: WireFields): Compiled<readonly Path[]> | undefined {
  const text = optionalText(input, 'ProjectionExpression');
  return text === undefined ? undefined : compileProjection(text);
}

function limitOf(input: WireFields): number {
  const limit = input['Limit'];
  if (limit === undefined) return Infinity;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1) return limit;
  return invalid(
    `1 validation error detected: Value '${JSON.stringify(limit)}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
}

function startOf(table: TableSchema, schema: KeySchema, input: WireFields): Row | undefined {
  if (input['ExclusiveStartKey'] === undefined) return undefined;
  const item = attributes(input, 'ExclusiveStartKey');
  const names = keyNames(table, schema);
  const fits = names.every((name) => {
    const [value, type] = [item[name], table.types[name]];
    return value !== undefined && type !== undefined && type in value;
  });
  if (!fits || Object.keys(item).length !== names.length) invalid('The provided starting key is invalid');
  return { key: primaryKey(table.key, item), item };
}

/** The attributes of the table's key and of the index's. */
function keyNames(table: TableSchema, schema: KeySchema): readonly string[] {
  const names = [schema.hash, schema.range, table.key.hash, table.key.range];
  return [...new Set(names.filter((name) => name !== undefined))];
}

interface Page {
  readonly items: readonly Item[];
  readonly scanned: number;
  /** Whether reading stopped at the limit or at 1 MB: also when nothing follows, as DynamoDB cannot know. */
  readonly more: boolean;
  readonly last: Row | undefined;
}

function pageOf(rows: readonly Row[], read: Query, order: Order): Page {
  const [low, high] = span(rows, read, order);
  const items: Item[] = [];
  let [scanned, size] = [0, 0];
  let last: Row | undefined;
  const step = read.forward ? 1 : -1;
  for (let at = read.forward ? low : high - 1; at >= low && at < high; at += step) {
    const row = rows[at];
    if (row === undefined) break;
    scanned += 1;
    last = row;
    if (!read.filter || holds(read.filter.body, row.item, read.scope)) items.push(row.item);
    size += sizeOf(row.item);
    if (scanned === read.limit || size > PAGE_BYTES) return { items, scanned, more: true, last };
  }
  return { items, scanned, more: false, last };
}

/** From which row to before which one the key condition holds, beyond the row where the page before ended. */
function span(rows: readonly Row[], { range, forward, start }: Query, order: Order): [number, number] {
  const { from, beyond } = range;
  let low = from
    ? firstWhere(rows, (row) => from.reached(order.compareTo(row, from.value), order.rangeOf(row.item)))
    : 0;
  let high = beyond
    ? firstWhere(rows, (row) => beyond.reached(order.compareTo(row, beyond.value), order.rangeOf(row.item)))
    : rows.length;
  if (start && forward)
    low = Math.max(
      low,
      firstWhere(rows, (row) => order.compare(row, start) > 0),
    );
  if (start && !forward)
    high = Math.min(
      high,
      firstWhere(rows, (row) => order.compare(row, start) >= 0),
    );
  return [low, high];
}

function projected(items: readonly Item[], paths: readonly Path[], scope: Scope): readonly Item[] {
  return items.map((item) => project(paths, item, scope));
}

const sizes = new WeakMap<Item, number>();

/** Items never change: each is measured once. */
function sizeOf(item: Item): number {
  let size = sizes.get(item);
  if (size === undefined) {
    size = itemSize(item);
    sizes.set(item, size);
  }
  return size;
}

function refuseKeyInFilter(condition: Condition, { hash, range }: KeySchema, scope: Scope): void {
  const name = pathsOf(condition)
    .map((path) => stepName(path.steps[0], scope))
    .find((top) => top === hash || (range !== undefined && top === range));
  if (name === undefined) return;
  invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
}

function pathsOf(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(pathsOf);
    case 'not':
      return pathsOf(condition.part);
    case 'compare':
      return operandPaths(condition.left, condition.right);
    case 'between':
      return operandPaths(condition.operand, condition.lower, condition.upper);
    case 'in':
      return operandPaths(condition.operand, ...condition.list);
    case 'begins':
      return operandPaths(condition.path, condition.prefix);
    case 'contains':
      return operandPaths(condition.path, condition.what);
    case 'exists':
    case 'absent':
    case 'type':
      return [condition.path];
  }
}

function operandPaths(
  ...operands: readonly (Path | { readonly kind: string; readonly path?: Path })[]
): readonly Path[] {
  return operands.flatMap((operand) => {
    if ('steps' in operand) return [operand];
    return operand.path ? [operand.path] : [];
  });
}
