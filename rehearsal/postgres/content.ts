import { knownStep } from '../../lambda/schema-migrator/migrate';
import { MIGRATIONS } from '../../lambda/schema-migrator/migrations';
import { NotModelledError } from '../aws/service';
import { numeric } from './values';

/** One row: its columns in the table's order, as text. */
export type Row = readonly (string | null)[];

export type EffectTable = 'order_effects' | 'payment_effects';

/** One change that a transaction makes durable. */
export type Write =
  | { readonly table: EffectTable; readonly key: string; readonly row: Row }
  | { readonly table: 'writer_epoch'; readonly epoch: number };

/** What a database holds after our migrations (lambda/schema-migrator/migrations.ts). */
export class Content {
  private epochs = 1;
  readonly order_effects = new Map<string, Row>();
  readonly payment_effects = new Map<string, Row>();

  get epoch(): number {
    return this.epochs;
  }

  apply(writes: readonly Write[]): void {
    for (const write of writes) {
      if (write.table === 'writer_epoch') this.epochs = write.epoch;
      else this[write.table].set(write.key, write.row);
    }
  }

  /** What it holds, for a database that begins with the same. */
  copy(): Content {
    const copy = new Content();
    copy.epochs = this.epochs;
    for (const [key, row] of this.order_effects) copy.order_effects.set(key, row);
    for (const [key, row] of this.payment_effects) copy.payment_effects.set(key, row);
    return copy;
  }
}

/** Column names in the order of the tables. */
export const COLUMNS = {
  order_effects: [
    'order_id',
    'verdict',
    'reason',
    'epoch',
    'region',
    'symbol',
    'side',
    'quantity',
    'limit_price',
    'account',
    'received_at',
    'valid_until',
    'executed_at',
  ],
  payment_effects: [
    'payment_id',
    'verdict',
    'reasons',
    'epoch',
    'region',
    'amount',
    'currency',
    'debtor_account',
    'creditor_account',
    'reference',
    'received_at',
    'valid_until',
    'executed_at',
  ],
} as const satisfies Record<EffectTable, readonly string[]>;

/** A row of `instruments`; all of the migrations' are traded. */
export interface InstrumentRow {
  readonly symbol: string;
  readonly currency: string;
  readonly reference_price: string;
  readonly tick_size: string;
  readonly band_low: string;
  readonly band_high: string;
}

/** The version of the schema that this model knows: what is added to the migrations must be added here. */
export const SCHEMA_VERSION = 4;

/** What `schema_version` holds after the migrations: columns version, name, checksum. */
export const HISTORY: readonly Row[] = MIGRATIONS.map(knownStep).map(({ version, name, checksum }) => [
  String(version),
  name,
  checksum,
]);

/**
 * The rows that the migrations insert, read from their own text.
 * @throws NotModelledError when there is a migration that this model does not know.
 */
export function readInstruments(): ReadonlyMap<string, InstrumentRow> {
  const newest = MIGRATIONS.at(-1)?.version;
  if (newest !== SCHEMA_VERSION) throw new NotModelledError(`schema version ${newest ?? 0}`);
  const text = MIGRATIONS.map(({ sql }) => sql).join('\n');
  const rows = [...text.matchAll(/\('(\w+)', '[^']*', '([A-Z]{3})', ([\d.]+), ([\d.]+), ([\d.]+), ([\d.]+)\)/g)];
  if (rows.length === 0) throw new NotModelledError('a schema without instruments');
  const instruments = rows.map(([, symbol = '', currency = '', price = '', tick = '', low = '', high = '']) => ({
    symbol,
    currency,
    reference_price: numeric(price),
    tick_size: numeric(tick),
    band_low: numeric(low),
    band_high: numeric(high),
  }));
  // Sorted as ORDER BY symbol has it: symbols are capitals.
  instruments.sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
  return new Map(instruments.map((row) => [row.symbol, row]));
}
