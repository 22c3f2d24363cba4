import { compareNumbers } from './decimal';

/** A value as DynamoDB JSON carries it; binary as base64 text. Never changed once read: items share their values. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/** Attributes by name. Never changed once read. */
export type Item = { readonly [attribute: string]: AttributeValue };

export type TypeName = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

export function typeOf(value: AttributeValue): TypeName {
  if ('S' in value) return 'S';
  if ('N' in value) return 'N';
  if ('BOOL' in value) return 'BOOL';
  if ('M' in value) return 'M';
  if ('L' in value) return 'L';
  if ('NULL' in value) return 'NULL';
  if ('B' in value) return 'B';
  if ('SS' in value) return 'SS';
  return 'NS' in value ? 'NS' : 'BS';
}

/** What a key attribute's value is written as: a string, or a number's one spelling. */
export function keyText(value: AttributeValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if ('S' in value) return value.S;
  return 'N' in value ? value.N : undefined;
}

/**
 * The order of two values that have one: strings by their UTF-8 bytes, numbers by value, binary by unsigned bytes
 * (DynamoDB developer guide, "Data types"). Undefined when the types differ or have no order.
 */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if ('S' in one) return 'S' in other ? compareUtf8(one.S, other.S) : undefined;
  if ('N' in one) return 'N' in other ? compareNumbers(one.N, other.N) : undefined;
  if ('B' in one) return 'B' in other ? Buffer.compare(bytes(one.B), bytes(other.B)) : undefined;
  return undefined;
}

/** Whether two values are the same: numbers by value, sets without order, lists and maps by what is in them. */
export function sameValue(one: AttributeValue, other: AttributeValue): boolean {
  if ('S' in one) return 'S' in other && one.S === other.S;
  if ('N' in one) return 'N' in other && one.N === other.N;
  if ('BOOL' in one) return 'BOOL' in other && one.BOOL === other.BOOL;
  if ('NULL' in one) return 'NULL' in other;
  if ('B' in one) return 'B' in other && one.B === other.B;
  if ('L' in one) return 'L' in other && sameList(one.L, other.L);
  if ('M' in one) return 'M' in other && sameItem(one.M, other.M);
  if ('SS' in one) return 'SS' in other && sameSet(one.SS, other.SS);
  if ('NS' in one) return 'NS' in other && sameSet(one.NS, other.NS);
  return 'BS' in other && sameSet(one.BS, other.BS);
}

export function sameItem(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    const [left, right] = [one[name], other[name]];
    return left !== undefined && right !== undefined && sameValue(left, right);
  });
}

function sameList(one: readonly AttributeValue[], other: readonly AttributeValue[]): boolean {
  return (
    one.length === other.length &&
    one.every((value, index) => {
      const counterpart = other[index];
      return counterpart !== undefined && sameValue(value, counterpart);
    })
  );
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((member) => other.includes(member));
}

export function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** The order of two texts by their UTF-8 bytes, which is that of their code points: not the order of JavaScript's `<`. */
export function compareUtf8(one: string, other: string): number {
  if (one === other) return 0;
  const shorter = Math.min(one.length, other.length);
  for (let index = 0; index < shorter; index += 1) {
    const [a, b] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (a !== b) return rank(a) - rank(b);
  }
  return one.length - other.length;
}

/** A surrogate stands for a code point above all others. */
function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit;
}
