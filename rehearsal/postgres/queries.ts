import { COLUMNS, SCHEMA_VERSION, type EffectTable, type Row } from './content';
import { checkFailed, notNull } from './sql-error';
import { MIGRATOR_QUERIES } from './migrator-queries';
import { bool, select, TYPES, text, type Column, type Query, type Run } from './statement';
import { bigint, numeric, textArray, textArrayOut, timestamp, timestampAt } from './values';

// Every query of lambda/, each once, by its text with single spaces. What is missing here ends a run (`compile.ts`).

const EPOCH = 'writer_epoch';

const ORDER_EFFECT = [
  TYPES.text('verdict'),
  TYPES.text('reason'),
  TYPES.int8('epoch'),
  TYPES.text('region'),
  TYPES.timestamptz('executed_at'),
  TYPES.text('symbol'),
  TYPES.text('side'),
  TYPES.int8('quantity'),
  TYPES.numeric('limit_price'),
  TYPES.text('account'),
];

const PAYMENT_EFFECT = [
  TYPES.text('verdict'),
  TYPES.textArray('reasons'),
  TYPES.int8('epoch'),
  TYPES.text('region'),
  TYPES.timestamptz('executed_at'),
  TYPES.numeric('amount'),
  TYPES.text('currency'),
  TYPES.text('debtor_account'),
  TYPES.text('creditor_account'),
  TYPES.text('reference'),
];

type Check = readonly [column: number, constraint: string, holds: (value: string) => boolean];

const oneOf =
  (...allowed: readonly string[]) =>
  (value: string): boolean =>
    allowed.includes(value);

const ORDER_CHECKS: readonly Check[] = [
  [1, 'order_effects_verdict_check', oneOf('PROCESSED', 'REJECTED', 'EXPIRED')],
  [6, 'order_effects_side_check', oneOf('BUY', 'SELL')],
  [7, 'order_effects_quantity_check', (value) => value !== '0' && !value.startsWith('-')],
];

const PAYMENT_CHECKS: readonly Check[] = [
  [1, 'payment_effects_verdict_check', oneOf('VALIDATED', 'REJECTED', 'EXPIRED')],
];

const reasons = (value: string): string => textArrayOut(textArray(value));

/** Where the columns of an answer stand in a table's rows. */
function places(table: EffectTable, columns: readonly Column[]): readonly number[] {
  const names: readonly string[] = COLUMNS[table];
  return columns.map(({ name }) => names.indexOf(name));
}

function effectByKey(table: EffectTable, columns: readonly Column[]): Query {
  const indexes = places(table, columns);
  return select(columns, [text], (run, [key]) => {
    const row = key == null ? undefined : (run.transaction.own(table, key) ?? run.engine.content()[table].get(key));
    run.finish(row ? [indexes.map((index) => row[index] ?? null)] : []);
  });
}

/**
 * INSERT ... ON CONFLICT DO NOTHING RETURNING: waits for a transaction that is inserting the same key, and then does
 * nothing if that one has committed (manual, INSERT, "ON CONFLICT Clause"; 13.2.1).
 */
function insert(
  table: EffectTable,
  parameters: Query['parameters'],
  checks: readonly Check[],
  nullable: readonly number[],
  columns: readonly Column[],
): Query {
  const indexes = places(table, columns);
  return {
    kind: 'query',
    command: 'INSERT',
    writes: 'INSERT',
    columns,
    parameters,
    execute(run, values) {
      checkRow(table, values, checks, nullable);
      const { engine, transaction } = run;
      const row = [...values, timestampAt(engine.now())];
      const key = row[0] ?? '';
      const name = `${table}/${key}`;
      if (transaction.held.has(name) || engine.content()[table].has(key)) return run.finish([], 0);
      run.lock(name, 'exclusive', () => {
        if (engine.content()[table].has(key)) {
          engine.locks.releaseOne(name, transaction);
          return run.finish([], 0);
        }
        transaction.writes.push({ table, key, row });
        run.finish([indexes.map((index) => row[index] ?? null)], 1);
      });
    },
  };
}

function checkRow(table: EffectTable, values: Row, checks: readonly Check[], nullable: readonly number[]): void {
  const missing = values.findIndex((value, index) => value === null && !nullable.includes(index));
  if (missing >= 0) throw notNull(table, COLUMNS[table][missing] ?? '');
  for (const [column, constraint, holds] of checks) {
    if (!holds(values[column] ?? '')) throw checkFailed(table, constraint);
  }
}

const standing = ({ engine, transaction }: Run): number => transaction.ownEpoch() ?? engine.content().epoch;

/** Waits for whoever has changed the row, and reads what stands then (manual 13.2.1, 13.3.2). */
const shareEpoch: Query = {
  kind: 'query',
  command: 'SELECT',
  writes: 'SELECT FOR SHARE',
  columns: [TYPES.int8('epoch')],
  parameters: [],
  execute: (run) => run.lock(EPOCH, 'share', () => run.finish([[String(standing(run))]])),
};

/**
 * A row that does not match is not locked; one that matched, and no longer does after a wait, stays locked (manual
 * 13.2.1).
 */
const raiseEpoch: Query = {
  kind: 'query',
  command: 'UPDATE',
  writes: 'UPDATE',
  columns: undefined,
  parameters: [bigint],
  execute(run, [value]) {
    const epoch = value == null ? Number.NaN : Number(value);
    if (!(standing(run) < epoch)) return run.finish([], 0);
    run.lock(EPOCH, 'exclusive', () => {
      if (!(standing(run) < epoch)) return run.finish([], 0);
      run.transaction.writes.push({ table: EPOCH, epoch });
      run.finish([], 1);
    });
  },
};

const readEpoch = select([TYPES.int8('epoch')], [], (run) => run.finish([[String(standing(run))]]));

/** Which of these have a row, and under which epoch and in which region it was decided. */
function effectsAmong(table: EffectTable): Query {
  const [epoch = 0, region = 0] = places(table, [TYPES.int8('epoch'), TYPES.text('region')]);
  return select([TYPES.text('id'), TYPES.int8('epoch'), TYPES.text('region')], [text], (run, [list]) => {
    const effects = run.engine.content()[table];
    const ids = new Set(list == null ? [] : textArray(list));
    const rows: Row[] = [];
    for (const id of ids) {
      const row = id === null ? undefined : (run.transaction.own(table, id) ?? effects.get(id));
      if (id !== null && row) rows.push([id, row[epoch] ?? null, row[region] ?? null]);
    }
    run.finish(rows);
  });
}

const instrument = select(
  [TYPES.text('symbol'), TYPES.numeric('tick_size'), TYPES.numeric('band_low'), TYPES.numeric('band_high')],
  [text],
  (run, [symbol]) => {
    const row = symbol == null ? undefined : run.engine.instruments.get(symbol);
    run.finish(row ? [[row.symbol, row.tick_size, row.band_low, row.band_high]] : []);
  },
);

const instruments = select(
  [
    TYPES.text('symbol'),
    TYPES.text('currency'),
    TYPES.numeric('reference_price'),
    TYPES.numeric('band_low'),
    TYPES.numeric('band_high'),
  ],
  [],
  (run) =>
    run.finish(
      [...run.engine.instruments.values()].map((row) => [
        row.symbol,
        row.currency,
        row.reference_price,
        row.band_low,
        row.band_high,
      ]),
    ),
);

const state = select(
  [TYPES.bool('in_recovery'), TYPES.bool('read_only'), TYPES.int8('epoch'), TYPES.int4('schema_version')],
  [],
  (run) =>
    run.finish([
      [
        bool(run.engine.options.inRecovery()),
        bool(run.transaction.readOnly),
        String(standing(run)),
        String(SCHEMA_VERSION),
      ],
    ]),
);

/** The places of the columns that the look at progress goes by. */
const EXECUTED = COLUMNS.order_effects.indexOf('executed_at');
const RECEIVED = COLUMNS.order_effects.indexOf('received_at');
const REGION = COLUMNS.order_effects.indexOf('region');
const LATEST = 1_000;

/** Texts of one time zone compare as the times do. */
const moves = select([TYPES.bool('moves')], [text], (run, [region]) => {
  const since = timestampAt(run.engine.now() - 25_000);
  const latest = [...run.engine.content().order_effects.values()]
    .sort((one, other) => ((one[RECEIVED] ?? '') < (other[RECEIVED] ?? '') ? 1 : -1))
    .slice(0, LATEST);
  const found = latest.some((row) => row[REGION] === region && (row[EXECUTED] ?? '') > since);
  run.finish([[bool(found)]]);
});

const lag: Query = {
  ...select([TYPES.float8('lag_ms'), TYPES.float8('calculated_at')], [text], (run, [region]) => {
    const found = run.engine.options.globalStatus?.().filter((row) => row.region === region) ?? [];
    // Whole milliseconds, as the function gives them.
    run.finish(found.map((row) => [String(Math.round(row.rpoLagMs)), String(Math.floor(row.calculatedAt))]));
  }),
  global: true,
};

/** The queries by their text. */
export const QUERIES: ReadonlyMap<string, Query> = new Map([
  ['SELECT epoch FROM writer_epoch FOR SHARE', shareEpoch],
  ['SELECT epoch FROM writer_epoch', readEpoch],
  ['UPDATE writer_epoch SET epoch = $1 WHERE epoch < $1', raiseEpoch],
  ['SELECT order_id AS id, epoch, region FROM order_effects WHERE order_id = ANY($1)', effectsAmong('order_effects')],
  [
    'SELECT payment_id AS id, epoch, region FROM payment_effects WHERE payment_id = ANY($1)',
    effectsAmong('payment_effects'),
  ],
  [
    'SELECT verdict, reason, epoch, region, executed_at, symbol, side, quantity, limit_price, account FROM order_effects ' +
      'WHERE order_id = $1',
    effectByKey('order_effects', ORDER_EFFECT),
  ],
  [
    'INSERT INTO order_effects (order_id, verdict, reason, epoch, region, symbol, side, quantity, limit_price, account, ' +
      'received_at, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ' +
      'ON CONFLICT (order_id) DO NOTHING RETURNING verdict, reason, epoch, region, executed_at, symbol, side, quantity, ' +
      'limit_price, account',
    insert(
      'order_effects',
      [text, text, text, bigint, text, text, text, bigint, numeric, text, timestamp, timestamp],
      ORDER_CHECKS,
      [2],
      ORDER_EFFECT,
    ),
  ],
  ['SELECT symbol, tick_size, band_low, band_high FROM instruments WHERE symbol = $1 AND traded', instrument],
  [
    'INSERT INTO payment_effects (payment_id, verdict, reasons, epoch, region, amount, currency, debtor_account, ' +
      'creditor_account, reference, received_at, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ' +
      'ON CONFLICT (payment_id) DO NOTHING RETURNING verdict, reasons, epoch, region, executed_at, amount, currency, ' +
      'debtor_account, creditor_account, reference',
    insert(
      'payment_effects',
      [text, text, reasons, bigint, text, numeric, text, text, text, text, timestamp, timestamp],
      PAYMENT_CHECKS,
      [],
      PAYMENT_EFFECT,
    ),
  ],
  [
    'SELECT verdict, reasons, epoch, region, executed_at, amount, currency, debtor_account, creditor_account, reference ' +
      'FROM payment_effects WHERE payment_id = $1',
    effectByKey('payment_effects', PAYMENT_EFFECT),
  ],
  [
    'SELECT symbol, currency, reference_price, band_low, band_high FROM instruments WHERE traded ORDER BY symbol LIMIT 1000',
    instruments,
  ],
  [
    "SELECT pg_is_in_recovery() AS in_recovery, current_setting('transaction_read_only') = 'on' AS read_only, " +
      '(SELECT epoch FROM writer_epoch), (SELECT max(version) AS schema_version FROM schema_version)',
    state,
  ],
  [
    'SELECT rpo_lag_in_msec::float8 AS lag_ms, (extract(epoch FROM last_lag_calculation_time::timestamptz) * 1000)::float8 ' +
      'AS calculated_at FROM aurora_global_db_status() WHERE aws_region = $1',
    lag,
  ],
  [
    'SELECT EXISTS (SELECT FROM (SELECT region, executed_at FROM order_effects ORDER BY received_at DESC LIMIT 1000) ' +
      "AS latest WHERE region = $1 AND executed_at > clock_timestamp() - interval '25000 milliseconds') AS moves",
    moves,
  ],
  ...MIGRATOR_QUERIES,
]);
