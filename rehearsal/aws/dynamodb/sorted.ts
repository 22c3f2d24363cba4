import { compareNumbers } from './decimal';
import type { KeySchema, TableSchema } from './schema';
import { compareUtf8, keyText } from './value';
import type { Item } from './value';

/** An item in its place: `key` is the primary key in one text. */
export interface Row {
  readonly key: string;
  readonly item: Item;
}

/** The order of items of one partition of a table or an index. */
export class Order {
  private readonly compareRange: (one: string, other: string) => number;

  constructor(
    private readonly schema: KeySchema,
    types: TableSchema['types'],
  ) {
    this.compareRange = types[schema.range ?? ''] === 'N' ? compareNumbers : compareUtf8;
  }

  /** The partition that an item is listed in; undefined when it lacks a key of the index: then it is in none. */
  hashOf(item: Item): string | undefined {
    const hash = keyText(item[this.schema.hash]);
    return hash === undefined || (this.schema.range !== undefined && item[this.schema.range] === undefined)
      ? undefined
      : hash;
  }

  rangeOf(item: Item): string {
    return this.schema.range === undefined ? '' : (keyText(item[this.schema.range]) ?? '');
  }

  /** By the sort key; items of the same one, in an index, by their primary key: DynamoDB promises no order there. */
  compare(one: Row, other: Row): number {
    return this.compareRange(this.rangeOf(one.item), this.rangeOf(other.item)) || compareUtf8(one.key, other.key);
  }

  compareTo(row: Row, range: string): number {
    return this.compareRange(this.rangeOf(row.item), range);
  }
}

/** The first index for which the test holds; the test holds for all after it as well. */
export function firstWhere<T>(rows: readonly T[], test: (row: T) => boolean): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && test(row)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rows by partition, each in order: a table's primary key, or one index. */
export class Sorted<R extends Row> {
  private readonly partitions = new Map<string, R[]>();

  constructor(readonly order: Order) {}

  rows(hash: string): readonly R[] {
    return this.partitions.get(hash) ?? [];
  }

  add(row: R): void {
    const hash = this.order.hashOf(row.item);
    if (hash === undefined) return;
    const rows = this.partitions.get(hash);
    if (rows === undefined) this.partitions.set(hash, [row]);
    else rows.splice(this.placeOf(rows, row), 0, row);
  }

  /** @param row with the item that it was added with. */
  remove(row: R): void {
    const hash = this.order.hashOf(row.item);
    const rows = hash === undefined ? undefined : this.partitions.get(hash);
    if (hash === undefined || rows === undefined) return;
    rows.splice(this.placeOf(rows, row), 1);
    if (rows.length === 0) this.partitions.delete(hash);
  }

  /** Whether an item would be listed in the same place as another of its key. */
  samePlace(one: Item, other: Item): boolean {
    return this.order.hashOf(one) === this.order.hashOf(other) && this.order.rangeOf(one) === this.order.rangeOf(other);
  }

  private placeOf(rows: readonly R[], row: R): number {
    return firstWhere(rows, (other) => this.order.compare(other, row) >= 0);
  }
}
