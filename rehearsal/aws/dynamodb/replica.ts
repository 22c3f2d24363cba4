import { firstWhere, Order, Sorted } from './sorted';
import type { Row } from './sorted';
import type { IndexSchema, ReplicaSchema, TableSchema } from './schema';
import { keyText } from './value';
import type { Item } from './value';

/** What an item was from some time on; undefined: it was not there. */
export interface Version {
  readonly item: Item | undefined;
  /** True time from which this replica has had it, milliseconds since 1970. */
  readonly appliedAt: number;
  /** The item timestamp by which the last writer wins: the writing region's clock. */
  readonly stamp: number;
  /** The region that wrote it. */
  readonly origin: string;
  previous: Version | undefined;
}

class Entry implements Row {
  item: Item;
  /** How many versions may follow until the old ones are let go of: the work is spread over the writes. */
  room = 0;
  constructor(
    readonly key: string,
    public version: Version,
    item: Item,
  ) {
    this.item = item;
  }
}

/** How far back an eventually consistent read can look, milliseconds. */
export const HISTORY_MS = 60_000;

/** Fewer changes than these are kept, however old. */
const LEAST_CHANGES = 256;

/** Between two writes of one item by one clock; a binary fraction, so that adding it is exact. */
const TICK_MS = 1 / 1024;

/** One table in one region: its items now and a little while back. */
export class Replica {
  private readonly entries = new Map<string, Entry>();
  private readonly primary: Sorted<Entry>;
  private readonly indexes = new Map<string, Sorted<Entry>>();
  /** Entries in the order of their changes, as far back as reads look. */
  private readonly changes: { readonly at: number; readonly entry: Entry }[] = [];
  /** How many of them there may be until the old ones are let go of. */
  private mostChanges = LEAST_CHANGES;

  constructor(
    readonly schema: TableSchema,
    readonly place: ReplicaSchema,
  ) {
    this.primary = new Sorted(new Order(schema.key, schema.types));
    for (const index of schema.indexes) {
      this.indexes.set(index.name, new Sorted(new Order(index, schema.types)));
    }
  }

  index(name: string): IndexSchema | undefined {
    return this.schema.indexes.find((index) => index.name === name);
  }

  order(index: string | undefined): Order {
    return this.sorted(index).order;
  }

  /** The item of a key, now. */
  get(key: string): Item | undefined {
    return this.entries.get(key)?.version.item;
  }

  /** The item of a key as it was then; at most `HISTORY_MS` ago. */
  getAsOf(key: string, time: number): Item | undefined {
    return versionAt(this.entries.get(key)?.version, time)?.item;
  }

  /** The items of one partition, in order, as they were then. Not to be kept: it changes with the next write. */
  rowsAsOf(index: string | undefined, hash: string, time: number): readonly Row[] {
    const sorted = this.sorted(index);
    const rows = sorted.rows(hash);
    const changed = this.changedAfter(time);
    if (changed.size === 0) return rows;
    const then: Row[] = rows.filter((row) => !changed.has(row));
    for (const { key, version } of changed) {
      const item = versionAt(version, time)?.item;
      if (item !== undefined && sorted.order.hashOf(item) === hash) then.push({ key, item });
    }
    return then.sort((one, other) => sorted.order.compare(one, other));
  }

  *items(): IterableIterator<Item> {
    for (const { version } of this.entries.values()) if (version.item !== undefined) yield version.item;
  }

  /**
   * A write of this region. It is later than everything it replaces, whatever the clock says: so all replicas agree in the end.
   *
   * @param clock what this region's clock shows; `now` is the true time.
   */
  write(key: string, item: Item | undefined, now: number, clock: number): Version {
    const before = this.entries.get(key)?.version;
    const stamp = before === undefined ? clock : Math.max(clock, before.stamp + TICK_MS);
    const version = { item, appliedAt: now, stamp, origin: this.place.region, previous: before };
    this.apply(key, version);
    return version;
  }

  /** A write of another region arrives: it counts if it is later than what is here. */
  merge(key: string, { item, stamp, origin }: Version, now: number): boolean {
    const before = this.entries.get(key)?.version;
    if (before && (before.stamp > stamp || (before.stamp === stamp && before.origin >= origin))) return false;
    this.apply(key, { item, appliedAt: now, stamp, origin, previous: before });
    return true;
  }

  private sorted(index: string | undefined): Sorted<Entry> {
    return (index === undefined ? undefined : this.indexes.get(index)) ?? this.primary;
  }

  private apply(key: string, version: Version): void {
    const entry = this.entries.get(key) ?? this.enter(key, version);
    entry.room -= 1;
    if (entry.room < 0) entry.room = forget(version, version.appliedAt - HISTORY_MS);
    const before = entry.version === version ? undefined : entry.version.item;
    this.list(this.primary, entry, before, version.item);
    for (const sorted of this.indexes.values()) this.list(sorted, entry, before, version.item);
    entry.version = version;
    if (version.item !== undefined) entry.item = version.item;
    this.remember(entry, version.appliedAt);
  }

  private enter(key: string, version: Version): Entry {
    const entry = new Entry(key, version, version.item ?? {});
    this.entries.set(key, entry);
    return entry;
  }

  private list(sorted: Sorted<Entry>, entry: Entry, before: Item | undefined, after: Item | undefined): void {
    if (before !== undefined && after !== undefined && sorted.samePlace(before, after)) return;
    if (before !== undefined) {
      entry.item = before;
      sorted.remove(entry);
    }
    if (after !== undefined) {
      entry.item = after;
      sorted.add(entry);
    }
  }

  private remember(entry: Entry, at: number): void {
    this.changes.push({ at, entry });
    if (this.changes.length < this.mostChanges) return;
    this.changes.splice(
      0,
      firstWhere(this.changes, (change) => change.at > at - HISTORY_MS),
    );
    this.mostChanges = Math.max(LEAST_CHANGES, 2 * this.changes.length);
  }

  private changedAfter(time: number): ReadonlySet<Entry> {
    const changed = new Set<Entry>();
    for (let index = this.changes.length - 1; index >= 0; index -= 1) {
      const change = this.changes[index];
      if (change === undefined || change.at <= time) break;
      changed.add(change.entry);
    }
    return changed;
  }
}

function versionAt(version: Version | undefined, time: number): Version | undefined {
  let found = version;
  while (found !== undefined && found.appliedAt > time) found = found.previous;
  return found;
}

/** Lets go of what was replaced before a time, and tells how many versions are left. */
function forget(version: Version, time: number): number {
  let left = 1;
  let kept = version;
  while (kept.appliedAt > time && kept.previous !== undefined) {
    kept = kept.previous;
    left += 1;
  }
  kept.previous = undefined;
  return left;
}

/** A primary key in one text; the length keeps two keys apart whatever is in them. */
export function primaryKey({ hash, range }: TableSchema['key'], item: Item): string {
  const first = keyText(item[hash]) ?? '';
  return range === undefined ? first : `${first.length}:${first}${keyText(item[range]) ?? ''}`;
}
