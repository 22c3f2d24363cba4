import { NotModelledError } from '../../service';
import { invalid } from '../invalid-request';
import { bytes, compareValues, sameValue, typeOf } from '../value';
import type { AttributeValue, Item } from '../value';
import type { Comparator, Compiled, Condition, Operand, Path } from './ast';
import { literal, refValue, requireType, valueAt } from './scope';
import type { Scope } from './scope';

const ORDERED = ['S', 'N', 'B'];
const PREFIXES = ['S', 'B'];

/** Whether an item meets a condition. An item that does not exist has no attributes. */
export function holds(condition: Condition, item: Item, scope: Scope): boolean {
  switch (condition.kind) {
    case 'compare':
      return compared(condition.comparator, read(condition.left, item, scope), read(condition.right, item, scope));
    case 'between': {
      const value = read(condition.operand, item, scope);
      return (
        compared('>=', value, read(condition.lower, item, scope)) &&
        compared('<=', value, read(condition.upper, item, scope))
      );
    }
    case 'in': {
      const value = read(condition.operand, item, scope);
      return condition.list.some((one) => compared('=', value, read(one, item, scope)));
    }
    case 'exists':
      return valueAt(condition.path, item, scope) !== undefined;
    case 'absent':
      return valueAt(condition.path, item, scope) === undefined;
    case 'type':
      return isOfType(valueAt(condition.path, item, scope), refValue(condition.type, scope));
    case 'begins':
      return beginsWith(valueAt(condition.path, item, scope), read(condition.prefix, item, scope));
    case 'contains':
      return contains(valueAt(condition.path, item, scope), read(condition.what, item, scope));
    case 'and':
      return condition.parts.every((part) => holds(part, item, scope));
    case 'or':
      return condition.parts.some((part) => holds(part, item, scope));
    case 'not':
      return !holds(condition.part, item, scope);
  }
}

/**
 * What DynamoDB refuses before it looks at an item: types of the request's own values, and BETWEEN the wrong way round.
 *
 * @throws InvalidRequestError
 */
export function check({ name, body }: Compiled<Condition>, scope: Scope): void {
  checkPart(name, body, scope);
}

function checkPart(name: string, condition: Condition, scope: Scope): void {
  switch (condition.kind) {
    case 'compare':
      if (condition.comparator === '=' || condition.comparator === '<>') return;
      requireType(name, condition.comparator, literal(condition.left, scope), ORDERED);
      requireType(name, condition.comparator, literal(condition.right, scope), ORDERED);
      return;
    case 'between':
      checkBounds(name, literal(condition.lower, scope), literal(condition.upper, scope));
      return;
    case 'begins':
      requireType(name, 'begins_with', literal(condition.prefix, scope), PREFIXES);
      return;
    case 'type':
      requireType(name, 'attribute_type', refValue(condition.type, scope), ['S']);
      return;
    case 'and':
    case 'or':
      for (const part of condition.parts) checkPart(name, part, scope);
      return;
    case 'not':
      checkPart(name, condition.part, scope);
      return;
    case 'in':
    case 'exists':
    case 'absent':
    case 'contains':
      return;
  }
}

function checkBounds(name: string, lower: AttributeValue | undefined, upper: AttributeValue | undefined): void {
  requireType(name, 'BETWEEN', lower, ORDERED);
  requireType(name, 'BETWEEN', upper, ORDERED);
  if (lower === undefined || upper === undefined) return;
  const order = compareValues(lower, upper);
  const bounds = `lower bound operand: ${shown(lower)}, upper bound operand: ${shown(upper)}`;
  if (order === undefined) {
    invalid(`Invalid ${name}: The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if (order > 0) {
    invalid(
      `Invalid ${name}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
  }
}

function shown(value: AttributeValue): string {
  return `AttributeValue: {${Object.entries(value)
    .map(([type, content]) => `${type}:${String(content)}`)
    .join()}}`;
}

function read(operand: Operand, item: Item, scope: Scope): AttributeValue | undefined {
  if (operand.kind === 'value') return refValue(operand, scope);
  return operand.kind === 'path' ? valueAt(operand, item, scope) : sizeAt(operand.path, item, scope);
}

/** Nothing equals what is not there, and nothing is above or below it. */
function compared(
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  const both = left !== undefined && right !== undefined;
  if (comparator === '=') return both && sameValue(left, right);
  if (comparator === '<>') return !(both && sameValue(left, right));
  const order = both ? compareValues(left, right) : undefined;
  if (order === undefined) return false;
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

const TYPES = ['S', 'SS', 'N', 'NS', 'B', 'BS', 'BOOL', 'NULL', 'L', 'M'];

function isOfType(value: AttributeValue | undefined, wanted: AttributeValue): boolean {
  const type = 'S' in wanted ? wanted.S : '';
  if (!TYPES.includes(type)) {
    invalid(
      `Invalid ConditionExpression: Invalid attribute type name found; type: ${type}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    );
  }
  return value !== undefined && typeOf(value) === type;
}

function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (value === undefined || prefix === undefined) return false;
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  if ('B' in value) return 'B' in prefix && isPrefix(bytes(prefix.B), bytes(value.B));
  // The guide does not say whether this is false or an error, and emulators differ.
  return unknown(`begins_with() of an attribute of type ${typeOf(value)}`);
}

function unknown(what: string): never {
  throw new NotModelledError(`dynamodb: ${what} is not modelled`);
}

function isPrefix(prefix: Buffer, whole: Buffer): boolean {
  return whole.subarray(0, prefix.length).equals(prefix);
}

function contains(value: AttributeValue | undefined, what: AttributeValue | undefined): boolean {
  if (value === undefined || what === undefined) return false;
  if ('S' in value) return 'S' in what && value.S.includes(what.S);
  if ('SS' in value) return 'S' in what && value.SS.includes(what.S);
  if ('NS' in value) return 'N' in what && value.NS.includes(what.N);
  if ('BS' in value) return 'B' in what && value.BS.includes(what.B);
  if ('B' in value) return 'B' in what && bytes(value.B).includes(bytes(what.B));
  return 'L' in value && value.L.some((member) => sameValue(member, what));
}

function sizeAt(path: Path, item: Item, scope: Scope): AttributeValue | undefined {
  const value = valueAt(path, item, scope);
  return value && { N: String(sizeOf(value)) };
}

const PLAIN = /^\p{ASCII}*$/u;

function sizeOf(value: AttributeValue): number {
  // The guide says the string's length, and does not say of what: bytes or characters.
  if ('S' in value) return PLAIN.test(value.S) ? value.S.length : unknown('size() of a string beyond ASCII');
  if ('B' in value) return bytes(value.B).length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  return 'M' in value ? Object.keys(value.M).length : unknown(`size() of an attribute of type ${typeOf(value)}`);
}
