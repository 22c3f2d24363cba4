import type { WireFields } from '../../service';
import { invalid } from '../invalid-request';
import { isFields, readItem } from '../read-value';
import { typeOf } from '../value';
import type { AttributeValue, Item } from '../value';
import type { Compiled, Operand, Path, Step, ValueRef } from './ast';

/** What a request puts in the place of its expressions' placeholders. */
export interface Scope {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

const NOTHING: Readonly<Record<string, never>> = {};

/**
 * Reads a request's placeholders for the expressions it carries.
 *
 * @throws InvalidRequestError when one is used and not given, given and not used, or no placeholder.
 */
export function readScope(input: WireFields, expressions: readonly (Compiled<unknown> | undefined)[]): Scope {
  const { names, values } = readPlaceholders(input);
  let usedNames = 0;
  let usedValues = 0;
  const single = expressions.filter((one) => one !== undefined);
  for (const { name, aliases, refs } of single) {
    for (const alias of aliases) {
      if (names[alias] === undefined) {
        invalid(
          `Invalid ${name}: An expression attribute name used in the document path is not defined; attribute name: ${alias}`,
        );
      }
    }
    for (const ref of refs) {
      if (values[ref] === undefined) {
        invalid(
          `Invalid ${name}: An expression attribute value used in expression is not defined; attribute value: ${ref}`,
        );
      }
    }
    usedNames += aliases.length;
    usedValues += refs.length;
  }
  // Two expressions may use the same placeholder: only then is it worth looking which one is left over.
  if (usedNames !== count(names)) refuseUnused('ExpressionAttributeNames', names, single, 'aliases');
  if (usedValues !== count(values)) refuseUnused('ExpressionAttributeValues', values, single, 'refs');
  return { names, values };
}

/** As `readScope`, for a request that is not carried out yet: nobody asks whether all are used. */
export function readPlaceholders(input: WireFields): Scope {
  return { names: readNames(input), values: readValues(input) };
}

function readNames(input: WireFields): Readonly<Record<string, string>> {
  const wire = input['ExpressionAttributeNames'];
  if (wire === undefined) return NOTHING;
  const names: Record<string, string> = {};
  if (!isFields(wire)) return invalid('ExpressionAttributeNames is malformed');
  for (const alias in wire) {
    const name = wire[alias];
    if (!alias.startsWith('#') || typeof name !== 'string') {
      return invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${alias}"`);
    }
    names[alias] = name;
  }
  if (count(names) === 0) invalid('ExpressionAttributeNames must not be empty');
  return names;
}

function readValues(input: WireFields): Item {
  const wire = input['ExpressionAttributeValues'];
  if (wire === undefined) return NOTHING;
  if (!isFields(wire)) return invalid('ExpressionAttributeValues is malformed');
  const values = readItem(wire);
  if (count(values) === 0) invalid('ExpressionAttributeValues must not be empty');
  for (const ref in values) {
    if (!ref.startsWith(':')) invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${ref}"`);
  }
  return values;
}

function count(fields: object): number {
  let number = 0;
  for (const _name in fields) number += 1;
  return number;
}

function refuseUnused(
  parameter: string,
  given: object,
  expressions: readonly Compiled<unknown>[],
  kind: 'aliases' | 'refs',
): void {
  if (expressions.length === 0) {
    invalid(`${parameter} can only be specified when using expressions`);
  }
  const used = new Set(expressions.flatMap((expression) => expression[kind]));
  const unused = Object.keys(given).filter((key) => !used.has(key));
  if (unused.length > 0) invalid(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
}

/** The attribute's name that a step stands for; undefined for a list index. */
export function stepName(step: Step, scope: Scope): string | undefined {
  if (step.kind === 'name') return step.name;
  return step.kind === 'alias' ? scope.names[step.alias] : undefined;
}

export function topName(path: Path, scope: Scope): string {
  return stepName(path.steps[0], scope) ?? invalid('a document path begins with an attribute');
}

/** The value at a path, undefined where there is none. */
export function valueAt(path: Path, item: Item, scope: Scope): AttributeValue | undefined {
  let value: AttributeValue | undefined = item[topName(path, scope)];
  for (let index = 1; index < path.steps.length && value !== undefined; index += 1) {
    const step = path.steps[index];
    if (step === undefined) return undefined;
    value = step.kind === 'index' ? memberOf(value, step.index) : attributeOf(value, stepName(step, scope));
  }
  return value;
}

function memberOf(value: AttributeValue, index: number): AttributeValue | undefined {
  return 'L' in value ? value.L[index] : undefined;
}

function attributeOf(value: AttributeValue, name: string | undefined): AttributeValue | undefined {
  return 'M' in value && name !== undefined ? value.M[name] : undefined;
}

export function refValue(ref: ValueRef, scope: Scope): AttributeValue {
  return scope.values[ref.ref] ?? invalid(`no value for ${ref.ref}`);
}

/** The value that an operand names in the request itself, before any item is looked at. */
export function literal(operand: Operand, scope: Scope): AttributeValue | undefined {
  return operand.kind === 'value' ? refValue(operand, scope) : undefined;
}

/** @throws InvalidRequestError when the request's own value has a type that the operator does not take. */
export function requireType(
  expression: string,
  operator: string,
  value: AttributeValue | undefined,
  allowed: readonly string[],
): void {
  if (value === undefined) return;
  const type = typeOf(value);
  if (allowed.includes(type)) return;
  invalid(
    `Invalid ${expression}: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}
