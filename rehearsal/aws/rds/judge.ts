import { COLUMNS, type Content, type EffectTable, type Write } from '../../postgres/content';
import type { Commit } from './volume';

/** One row as whoever judges a run sees it. */
export interface Effect {
  readonly kind: 'order' | 'payment';
  /** The order's or the payment's id. */
  readonly id: string;
  /** The column `epoch`. */
  readonly epoch: number;
  /** The column `region`. */
  readonly region: string;
  readonly verdict: string;
}

/** An epoch that was installed. */
export interface InstalledEpoch {
  readonly kind: 'epoch';
  readonly epoch: number;
}

/** One change that was committed, and when. True times, milliseconds since 1970. */
export interface Committed {
  readonly at: number;
  /** When the client's code had the answer; undefined when it never did. */
  readonly acknowledgedAt: number | undefined;
  /** The region of the cluster that committed it. */
  readonly writer: string;
  readonly cluster: string;
  readonly what: Effect | InstalledEpoch;
}

const KINDS = { order_effects: 'order', payment_effects: 'payment' } as const satisfies Record<EffectTable, string>;

export function committedOf({ at, acknowledgedAt, region, cluster, writes }: Commit): readonly Committed[] {
  return writes.map((write) => ({ at, acknowledgedAt, writer: region, cluster, what: effectOf(write) }));
}

/** All effects of a content. */
export function effectsOf(content: Content): readonly Effect[] {
  const tables: readonly EffectTable[] = ['order_effects', 'payment_effects'];
  return tables.flatMap((table) => [...content[table]].map(([key, row]) => read(table, key, row)));
}

function effectOf(write: Write): Effect | InstalledEpoch {
  if (write.table === 'writer_epoch') return { kind: 'epoch', epoch: write.epoch };
  return read(write.table, write.key, write.row);
}

function read(table: EffectTable, id: string, row: readonly (string | null)[]): Effect {
  const names: readonly string[] = COLUMNS[table];
  const column = (name: string): string => row[names.indexOf(name)] ?? '';
  return {
    kind: KINDS[table],
    id,
    epoch: Number(column('epoch')),
    region: column('region'),
    verdict: column('verdict'),
  };
}
