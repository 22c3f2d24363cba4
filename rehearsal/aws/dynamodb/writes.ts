import { answered, NotModelledError, refused } from '../service';
import type { Answer, WireFields } from '../service';
import { compileCondition, compileUpdate } from './expressions/compile';
import type { Compiled, Condition } from './expressions/ast';
import { check, holds } from './expressions/evaluate';
import { pick } from './expressions/projection';
import { readScope } from './expressions/scope';
import type { Scope } from './expressions/scope';
import { applyUpdate, updatedPaths } from './expressions/update';
import { invalid } from './invalid-request';
import { primaryKey } from './replica';
import { attributes, optionalText, requireItem, requireKey, requiredText } from './request';
import type { TableSchema } from './schema';
import type { Item } from './value';

/** What a write request comes to. */
export interface Decision {
  readonly answer: Answer;
  /** What to write; nothing when the condition failed. */
  readonly write?: { readonly key: string; readonly item: Item | undefined };
}

/** The item of a key, as it is now. */
type Current = (key: string) => Item | undefined;

const NO_ITEM: Item = {};

/** @throws InvalidRequestError */
export function decidePut(schema: TableSchema, input: WireFields, current: Current): Decision {
  const item = attributes(input, 'Item');
  const condition = conditionOf(input);
  const scope = readScope(input, [condition]);
  if (condition) check(condition, scope);
  const returning = returnValues(input, ['NONE', 'ALL_OLD']);
  requireItem(schema, item, 'Item size has exceeded the maximum allowed size');
  const key = primaryKey(schema.key, item);
  const before = current(key);
  if (!meets(before, condition, scope)) return failed(input, before);
  return { answer: returned(returning === 'ALL_OLD' ? before : undefined), write: { key, item } };
}

/** @throws InvalidRequestError */
export function decideDelete(schema: TableSchema, input: WireFields, current: Current): Decision {
  const keyItem = attributes(input, 'Key');
  const condition = conditionOf(input);
  const scope = readScope(input, [condition]);
  if (condition) check(condition, scope);
  const returning = returnValues(input, ['NONE', 'ALL_OLD']);
  requireKey(schema, keyItem);
  const key = primaryKey(schema.key, keyItem);
  const before = current(key);
  if (!meets(before, condition, scope)) return failed(input, before);
  const answer = returned(returning === 'ALL_OLD' ? before : undefined);
  return before === undefined ? { answer } : { answer, write: { key, item: undefined } };
}

/** @throws InvalidRequestError */
export function decideUpdate(schema: TableSchema, input: WireFields, current: Current): Decision {
  const keyItem = attributes(input, 'Key');
  const text = optionalText(input, 'UpdateExpression');
  const update = text === undefined ? undefined : compileUpdate(text);
  const condition = conditionOf(input);
  const scope = readScope(input, [update, condition]);
  if (condition) check(condition, scope);
  const returning = returnValues(input, ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']);
  requireKey(schema, keyItem);
  const paths = update ? updatedPaths(update.body, scope) : [];
  refuseKeyUpdate(schema, paths);
  const key = primaryKey(schema.key, keyItem);
  const before = current(key);
  if (!meets(before, condition, scope)) return failed(input, before);
  const from = before ?? keyItem;
  const item = update ? applyUpdate(update.body, from, scope) : from;
  requireItem(schema, item, 'Item size to update has exceeded the maximum allowed size');
  return { answer: returned(chosen(returning, paths, before, item)), write: { key, item } };
}

function conditionOf(input: WireFields): Compiled<Condition> | undefined {
  const text = optionalText(input, 'ConditionExpression');
  return text === undefined ? undefined : compileCondition('ConditionExpression', text);
}

function meets(item: Item | undefined, condition: Compiled<Condition> | undefined, scope: Scope): boolean {
  return condition === undefined || holds(condition.body, item ?? NO_ITEM, scope);
}

/** The item comes along when the caller asked for it and there is one. */
function failed(input: WireFields, before: Item | undefined): Decision {
  const wanted = optionalText(input, 'ReturnValuesOnConditionCheckFailure') ?? 'NONE';
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD') invalid('Return values set to invalid value');
  const fields = wanted === 'ALL_OLD' && before !== undefined ? { Item: before } : undefined;
  return { answer: refused('ConditionalCheckFailedException', 'The conditional request failed', 400, fields) };
}

function returned(item: Item | undefined): Answer {
  return answered(item === undefined || Object.keys(item).length === 0 ? {} : { Attributes: item });
}

function returnValues(input: WireFields, allowed: readonly string[]): string {
  if (input['ReturnValues'] === undefined) return 'NONE';
  const wanted = requiredText(input, 'ReturnValues');
  return allowed.includes(wanted) ? wanted : invalid('Return values set to invalid value');
}

function refuseKeyUpdate({ key }: TableSchema, paths: readonly (readonly string[])[]): void {
  const name = paths.map(([top]) => top).find((top) => top === key.hash || top === key.range);
  if (name === undefined) return;
  invalid(
    `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
  );
}

function chosen(
  returning: string,
  paths: readonly (readonly string[])[],
  before: Item | undefined,
  after: Item,
): Item | undefined {
  if (returning === 'NONE') return undefined;
  if (returning === 'ALL_OLD') return before;
  if (returning === 'ALL_NEW') return after;
  if (paths.some((path) => path.length > 1)) {
    throw new NotModelledError(`dynamodb UpdateItem: ${returning} of a path into a document is not modelled`);
  }
  const names = paths.map(([top = '']) => top);
  return pick(returning === 'UPDATED_OLD' ? (before ?? NO_ITEM) : after, names);
}
