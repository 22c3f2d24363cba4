import { bytes } from './value';
import type { AttributeValue, Item } from './value';

/** What a list or a map costs beside what is in it, and each of its members. */
const COLLECTION_BYTES = 3;
const MEMBER_BYTES = 1;

/**
 * The size of an item in bytes: names and values as UTF-8 (DynamoDB developer guide, "DynamoDB item sizes and formats"; the guide
 * calls a number's size approximate: half a byte per digit and one more).
 */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueSize(value);
  return size;
}

function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('B' in value) return bytes(value.B).length;
  if ('SS' in value) return sum(value.SS, (text) => Buffer.byteLength(text));
  if ('NS' in value) return sum(value.NS, numberSize);
  if ('BS' in value) return sum(value.BS, (text) => bytes(text).length);
  if ('L' in value) return COLLECTION_BYTES + sum(value.L, (member) => MEMBER_BYTES + valueSize(member));
  return COLLECTION_BYTES + itemSize(value.M) + MEMBER_BYTES * Object.keys(value.M).length;
}

function numberSize(text: string): number {
  return Math.ceil(text.replace(/[-.]/g, '').length / 2) + 1;
}

function sum<T>(list: readonly T[], size: (one: T) => number): number {
  return list.reduce((total, one) => total + size(one), 0);
}
