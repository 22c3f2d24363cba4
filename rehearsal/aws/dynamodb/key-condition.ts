import { NotModelledError } from '../service';
import type { Comparator, Compiled, Condition, Operand, Path } from './expressions/ast';
import { refValue, stepName } from './expressions/scope';
import type { Scope } from './expressions/scope';
import { invalid } from './invalid-request';
import type { KeySchema, TableSchema } from './schema';
import { keyText } from './value';

/** What a query asks of the sort key: rows from the first for which `from` holds to the first for which `beyond` holds. */
export interface KeyRange {
  /** Both are told how a row's sort key compares with a bound's, and the sort key itself. */
  readonly from: Bound | undefined;
  readonly beyond: Bound | undefined;
}

export interface Bound {
  readonly value: string;
  /** Whether the bound is reached when the comparison with the value is this, or the sort key this. */
  reached(order: number, range: string): boolean;
}

export interface KeyCondition {
  readonly hash: string;
  readonly range: KeyRange;
}

const EVERYTHING: KeyRange = { from: undefined, beyond: undefined };

/**
 * Reads a key condition for a table or an index: equality on the partition key, and at most one test of the sort key
 * (DynamoDB developer guide, "Key condition expressions for the Query operation").
 *
 * @throws InvalidRequestError for any other condition.
 */
export function readKeyCondition(
  { body }: Compiled<Condition>,
  { hash, range }: KeySchema,
  types: TableSchema['types'],
  scope: Scope,
): KeyCondition {
  let partition: string | undefined;
  let sort: KeyRange | undefined;
  const text = (operand: Operand, name: string): string => keyValue(operand, name, types, scope);
  for (const test of parts(body)) {
    const name = subject(test, scope);
    if (name === hash && partition === undefined && test.kind === 'compare' && test.comparator === '=') {
      partition = text(test.right, hash);
    } else if (name === range && sort === undefined) {
      sort = keyRange(test, (operand) => text(operand, name));
    } else if (name === hash) {
      invalid('Query key condition not supported');
    } else {
      invalid(`Query condition missed key schema element: ${partition === undefined ? hash : (range ?? hash)}`);
    }
  }
  if (partition === undefined) return invalid(`Query condition missed key schema element: ${hash}`);
  return { hash: partition, range: sort ?? EVERYTHING };
}

function parts(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.parts.flatMap(parts) : [condition];
}

function subject(test: Condition, scope: Scope): string {
  switch (test.kind) {
    case 'compare':
      return attribute(test.left, scope);
    case 'between':
      return attribute(test.operand, scope);
    case 'begins':
      return attribute(test.path, scope);
    case 'or':
      return invalid('Invalid operator used in KeyConditionExpression: OR');
    case 'not':
      return invalid('Invalid operator used in KeyConditionExpression: NOT');
    case 'and':
    case 'in':
    case 'exists':
    case 'absent':
    case 'type':
    case 'contains':
      return invalid('Query key condition not supported');
  }
}

function attribute(operand: Operand, scope: Scope): string {
  if (operand.kind === 'value') throw new NotModelledError('dynamodb Query: a value left of its key is not modelled');
  const path: Path | undefined = operand.kind === 'path' ? operand : undefined;
  if (path?.steps.length !== 1) return invalid('Invalid KeyConditionExpression: a key is a top-level attribute');
  return stepName(path.steps[0], scope) ?? '';
}

function keyValue(operand: Operand, name: string, types: TableSchema['types'], scope: Scope): string {
  if (operand.kind !== 'value') {
    return invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  }
  const value = refValue(operand, scope);
  const text = types[name] !== undefined && types[name] in value ? keyText(value) : undefined;
  if (text === undefined) {
    invalid('One or more parameter values were invalid: Condition parameter type does not match schema type');
  }
  if (text === '') {
    invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    );
  }
  return text;
}

const AT: Record<'reached' | 'passed', (order: number) => boolean> = {
  reached: (order) => order >= 0,
  passed: (order) => order > 0,
};

function keyRange(test: Condition, text: (operand: Operand) => string): KeyRange {
  if (test.kind === 'between') {
    return {
      from: { value: text(test.lower), reached: AT.reached },
      beyond: { value: text(test.upper), reached: AT.passed },
    };
  }
  if (test.kind === 'begins') {
    const value = text(test.prefix);
    return {
      from: { value, reached: AT.reached },
      beyond: { value, reached: (order, range) => order > 0 && !range.startsWith(value) },
    };
  }
  if (test.kind === 'compare') return compareRange(test.comparator, text(test.right));
  return invalid('Query key condition not supported');
}

function compareRange(comparator: Comparator, value: string): KeyRange {
  const at = { value, reached: AT.reached };
  const after = { value, reached: AT.passed };
  switch (comparator) {
    case '=':
      return { from: at, beyond: after };
    case '<':
      return { from: undefined, beyond: at };
    case '<=':
      return { from: undefined, beyond: after };
    case '>':
      return { from: after, beyond: undefined };
    case '>=':
      return { from: at, beyond: undefined };
    case '<>':
      return invalid('Unsupported operator on KeyCondition: operator: <>');
  }
}
