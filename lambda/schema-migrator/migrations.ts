/** One step of the schema's history. What has been released never changes: the database keeps its checksum. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** The schema's history, in order. A change is a new step at the end. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'writer epoch',
    sql: `
      CREATE TABLE writer_epoch (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        epoch bigint NOT NULL CHECK (epoch >= 1)
      );
      INSERT INTO writer_epoch (epoch) VALUES (1);`,
  },
  {
    version: 2,
    name: 'instruments',
    sql: `
      CREATE TABLE instruments (
        symbol text PRIMARY KEY,
        name text NOT NULL,
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        reference_price numeric(20, 8) NOT NULL CHECK (reference_price > 0),
        tick_size numeric(20, 8) NOT NULL CHECK (tick_size > 0),
        band_low numeric(20, 8) NOT NULL CHECK (band_low > 0),
        band_high numeric(20, 8) NOT NULL CHECK (band_high >= band_low),
        traded boolean NOT NULL DEFAULT true
      );
      INSERT INTO instruments (symbol, name, currency, reference_price, tick_size, band_low, band_high) VALUES
        ('SAP', 'SAP SE', 'EUR', 230.00, 0.02, 115.00, 345.00),
        ('SIE', 'Siemens AG', 'EUR', 220.00, 0.02, 110.00, 330.00),
        ('ALV', 'Allianz SE', 'EUR', 350.00, 0.10, 175.00, 525.00),
        ('NESN', 'Nestle SA', 'CHF', 85.00, 0.02, 42.50, 127.50),
        ('NOVN', 'Novartis AG', 'CHF', 100.00, 0.02, 50.00, 150.00),
        ('ACME', 'Acme Corporation', 'USD', 100.00, 0.01, 50.00, 150.00);`,
  },
  {
    version: 3,
    name: 'order effects',
    sql: `
      CREATE TABLE order_effects (
        order_id text PRIMARY KEY,
        verdict text NOT NULL CHECK (verdict IN ('PROCESSED', 'REJECTED', 'EXPIRED')),
        reason text,
        epoch bigint NOT NULL,
        region text NOT NULL,
        symbol text NOT NULL,
        side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
        quantity bigint NOT NULL CHECK (quantity > 0),
        limit_price numeric(20, 8) NOT NULL,
        account text NOT NULL,
        received_at timestamptz NOT NULL,
        valid_until timestamptz NOT NULL,
        executed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX order_effects_by_receipt ON order_effects (received_at);`,
  },
  {
    version: 4,
    name: 'payment effects',
    sql: `
      CREATE TABLE payment_effects (
        payment_id text PRIMARY KEY,
        verdict text NOT NULL CHECK (verdict IN ('VALIDATED', 'REJECTED', 'EXPIRED')),
        reasons text[] NOT NULL DEFAULT '{}',
        epoch bigint NOT NULL,
        region text NOT NULL,
        amount numeric(20, 8) NOT NULL,
        currency text NOT NULL,
        debtor_account text NOT NULL,
        creditor_account text NOT NULL,
        reference text NOT NULL DEFAULT '',
        received_at timestamptz NOT NULL,
        valid_until timestamptz NOT NULL,
        executed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX payment_effects_by_receipt ON payment_effects (received_at);`,
  },
];
