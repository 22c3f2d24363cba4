import type { Wire, WireFields } from '../service';
import { canonicalNumber } from './decimal';
import { invalid } from './invalid-request';
import type { AttributeValue, Item } from './value';

const TYPES = 'S, N, B, SS, NS, BS, L, M, BOOL, NULL';

/**
 * Attributes as they came off the wire; numbers in their one spelling.
 *
 * @throws InvalidRequestError for a value of no type or more than one, an empty set, a set with a member twice, no number.
 */
export function readItem(fields: WireFields): Item {
  const item: { [attribute: string]: AttributeValue } = {};
  for (const name in fields) item[name] = readValue(fields[name]);
  return item;
}

function readValue(wire: Wire): AttributeValue {
  if (!isFields(wire)) invalid(`Supplied AttributeValue is empty, must contain exactly one of the supported datatypes`);
  let read: AttributeValue | undefined;
  for (const type in wire) {
    if (read !== undefined) {
      invalid(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    read = readTyped(type, wire[type]);
  }
  return read ?? invalid(`Supplied AttributeValue is empty, must contain exactly one of the supported datatypes`);
}

function readTyped(type: string, wire: Wire): AttributeValue {
  switch (type) {
    case 'S':
      return { S: text(wire, type) };
    case 'N':
      return { N: canonicalNumber(text(wire, type)) };
    case 'BOOL':
      return { BOOL: typeof wire === 'boolean' ? wire : malformed(type) };
    case 'NULL':
      if (wire !== true)
        invalid('One or more parameter values were invalid: Null attribute value types must have the value of true');
      return { NULL: true };
    case 'M':
      return { M: readItem(isFields(wire) ? wire : malformed(type)) };
    case 'L':
      return { L: list(wire, type).map(readValue) };
    case 'B':
      return { B: binary(wire, type) };
    case 'SS':
      return { SS: set(list(wire, type).map((one) => text(one, type))) };
    case 'NS':
      return { NS: set(list(wire, type).map((one) => canonicalNumber(text(one, type)))) };
    case 'BS':
      return { BS: set(list(wire, type).map((one) => binary(one, type))) };
    default:
      return malformed(type);
  }
}

function text(wire: Wire, type: string): string {
  return typeof wire === 'string' ? wire : malformed(type);
}

/** Base64, as the JSON protocol has it; bytes when somebody has decoded them already. */
function binary(wire: Wire, type: string): string {
  return wire instanceof Uint8Array ? Buffer.from(wire).toString('base64') : text(wire, type);
}

function list(wire: Wire, type: string): readonly Wire[] {
  return isList(wire) ? wire : malformed(type);
}

function set(members: readonly string[]): readonly string[] {
  if (members.length === 0) {
    invalid('One or more parameter values were invalid: An string set  may not be empty');
  }
  if (new Set(members).size < members.length) {
    invalid(`One or more parameter values were invalid: Input collection [${members.join(', ')}] contains duplicates.`);
  }
  return members;
}

function malformed(type: string): never {
  return invalid(`the value of type ${type} is malformed; the types are ${TYPES}`);
}

export function isFields(wire: Wire): wire is WireFields {
  return typeof wire === 'object' && wire !== null && !isList(wire) && !isLeaf(wire);
}

function isList(wire: Wire): wire is readonly Wire[] {
  return Array.isArray(wire);
}

function isLeaf(wire: object): wire is Date | Uint8Array {
  return wire instanceof Date || wire instanceof Uint8Array;
}
