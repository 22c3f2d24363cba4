import fc from 'fast-check';
import { insertEffect, findInstrument } from '../../../lambda/order-processor/effects';
import type { OrderDecision } from '../../../lambda/order-processor/decide';
import { createTradingData } from '../../../lambda/health/trading-data';
import { migrate } from '../../../lambda/schema-migrator/migrate';
import { MIGRATIONS } from '../../../lambda/schema-migrator/migrations';
import { CONTENT_REFUSED } from '../../../lambda/payment-validator/decide';
import { settlePayment } from '../../../lambda/payment-validator/effects';
import { findEffects } from '../../../lambda/shared/effects';
import type { Database, Transaction } from '../../../lambda/shared/database';

/** One thing that a session does. What can be, is done by the handlers' own code. */
export interface Operation {
  readonly name: string;
  run(tx: Transaction): Promise<unknown>;
}

const sql = (name: string, text: string, values?: readonly unknown[]): Operation => ({
  name,
  run: (tx) => tx.query(text, values),
});

/** Long enough to matter to nobody here. */
const LIMIT_MS = 300_000;

export const begin = (readOnly = false, ms = LIMIT_MS): Operation =>
  sql(
    `BEGIN${readOnly ? ' READ ONLY' : ''}`,
    `BEGIN ${readOnly ? 'READ ONLY' : ''};
    SELECT set_config(name, '${ms}', true) FROM pg_settings
    WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`,
  );

export const commit = sql('COMMIT', 'COMMIT');
export const rollBack = sql('ROLLBACK', 'ROLLBACK');
export const shareEpoch = sql('lock the epoch', 'SELECT epoch FROM writer_epoch FOR SHARE');
export const readEpoch = sql('read the epoch', 'SELECT epoch FROM writer_epoch');
export const raiseEpoch = (epoch: unknown): Operation =>
  sql(`raise the epoch to ${String(epoch)}`, 'UPDATE writer_epoch SET epoch = $1 WHERE epoch < $1', [epoch]);

export const readState = sql(
  'read the state',
  `SELECT pg_is_in_recovery() AS in_recovery, current_setting('transaction_read_only') = 'on' AS read_only,
        (SELECT epoch FROM writer_epoch), (SELECT max(version) AS schema_version FROM schema_version)`,
);

const RECEIVED = '2026-11-24T03:51:00.250Z';

const ORDER = {
  orderId: 'o1',
  symbol: 'SAP',
  side: 'BUY' as const,
  quantity: 10,
  limitPrice: '230.5',
  account: 'DE-1',
  receivedAt: RECEIVED,
  validUntil: '2026-11-24T04:06:00.25+00:00',
};

type Order = Parameters<typeof insertEffect>[1];

/** What is wrong with an order, or not. */
const ORDERS: Readonly<Record<string, Partial<Record<keyof Order, unknown>>>> = {
  'as it should be': {},
  'of one more decimal': { limitPrice: '0.123456785' },
  'of many digits': { limitPrice: '000123456789012.5', quantity: 9_007_199_254_740_991 },
  'with a negative price': { limitPrice: '-0.000000004' },
  'of nothing': { quantity: 0 },
  'of less than nothing': { quantity: -3 },
  'of a half': { quantity: '1.5' },
  'of too many': { quantity: '9223372036854775808' },
  'at too much': { limitPrice: '1234567890123' },
  'at a word': { limitPrice: 'much' },
  'of nobody': { account: null },
  'without side': { side: 'HOLD' },
  'with no character': { account: 'a\0b' },
  'of a symbol that is none': { symbol: '\0' },
  'with half a character': { account: 'a\ud800b' },
  'with quotes': { account: `"it's" \\ {a,b}`, symbol: 'ÄÖÜ €' },
};

const decision = (verdict: OrderDecision['verdict'], reason?: string): OrderDecision =>
  ({ verdict, ...(reason !== undefined && { reason }) }) as OrderDecision;

export function insertOrder(
  orderId: string,
  form = 'as it should be',
  verdict: OrderDecision['verdict'] = 'PROCESSED',
) {
  const order: unknown = { ...ORDER, orderId, ...ORDERS[form] };
  return {
    name: `insert order ${orderId} ${form}, ${verdict}`,
    run: (tx: Transaction) =>
      insertEffect(
        tx,
        order as Order,
        decision(verdict, verdict === 'REJECTED' ? 'no "such" {symbol}' : undefined),
        3,
        'r',
      ),
  };
}

const EFFECT =
  'SELECT verdict, reason, epoch, region, executed_at, symbol, side, quantity, limit_price, account FROM order_effects WHERE order_id = $1';

const PAYMENT_REASONS: readonly (readonly string[])[] = [
  [],
  ['AMOUNT'],
  ['a "b"', 'c\\d', '', 'null', 'x,y', '{z}', ' '],
];

/** What decides a payment is not what is tested: its reasons are put in by hand. */
function insertPayment(paymentId: string, reasons: readonly string[]): Operation {
  return {
    name: `insert payment ${paymentId} for ${JSON.stringify(reasons)}`,
    run: (tx) =>
      settlePayment(
        {
          query: (text, values) => {
            const changed =
              values && text.startsWith('INSERT') ? values.map((value, i) => (i === 2 ? reasons : value)) : values;
            return tx.query(text, changed);
          },
        },
        {
          paymentId,
          amount: '10.5',
          currency: 'EUR',
          debtorAccount: 'DE89370400440532013000',
          creditorAccount: 'DE75512108001245126199',
          reference: 'r',
          receivedAt: RECEIVED,
          validUntil: RECEIVED,
        } as Parameters<typeof settlePayment>[1],
        CONTENT_REFUSED,
        { epoch: 2, region: 'r' },
      ),
  };
}

/** `createTradingData` on a transaction that is already open. */
const tradingData: Operation = {
  name: 'read the trading data',
  run: (tx) => {
    const database: Database = { transaction: (_limits, work) => work(tx), close: async () => undefined };
    return createTradingData(database, () => 0).sample();
  },
};

const unstorable = sql('read an order that cannot be', EFFECT, ['\0']);
const unstorableIds = sql(
  'effects of ids of which one cannot be',
  'SELECT order_id AS id, epoch, region FROM order_effects WHERE order_id = ANY($1)',
  [['o1', '\0']],
);

const instrument = (symbol: string): Operation => ({
  name: `find ${symbol}`,
  run: (tx) => findInstrument(tx, symbol),
});

const withoutEffect = (ids: readonly string[]): Operation => ({
  name: `effects of the orders ${JSON.stringify(ids)}`,
  run: (tx) => findEffects(tx, 'orders', ids),
});

/** The migrator's step on a transaction that is open already, or outside of any. */
export const migration: Operation = {
  name: 'migrate',
  run: (tx) => {
    const database: Database = { transaction: (_limits, work) => work(tx), close: async () => undefined };
    return migrate({ database, telemetry: { info: () => undefined }, now: () => 0 }, MIGRATIONS);
  },
};

/** Two numbers, so that sessions can wait for each other. */
const advisoryLock = (key: unknown): Operation =>
  sql(`lock the number ${String(key)}`, 'SELECT pg_advisory_xact_lock($1)', [key]);

const paymentsWithEffect = (ids: readonly string[]): Operation => ({
  name: `effects of the payments ${JSON.stringify(ids)}`,
  run: (tx) => findEffects(tx, 'payments', ids),
});

const orderIds = fc.constantFrom('o1', 'o2');

/** What a session may do next, weighted so that transactions meet. */
export const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(begin()) },
  { weight: 1, arbitrary: fc.constant(begin(true)) },
  { weight: 5, arbitrary: fc.constant(commit) },
  { weight: 2, arbitrary: fc.constant(rollBack) },
  { weight: 5, arbitrary: fc.constant(shareEpoch) },
  { weight: 2, arbitrary: fc.constant(readEpoch) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }).map(raiseEpoch) },
  { weight: 1, arbitrary: fc.constantFrom(null, 'x', '1e3').map(raiseEpoch) },
  { weight: 7, arbitrary: orderIds.map((id) => insertOrder(id)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        orderIds,
        fc.constantFrom(...Object.keys(ORDERS)),
        fc.constantFrom('PROCESSED', 'REJECTED', 'EXPIRED', 'x'),
      )
      .map(([id, form, verdict]) => insertOrder(id, form, verdict as OrderDecision['verdict'])),
  },
  { weight: 3, arbitrary: orderIds.map((id) => sql(`read order ${id}`, EFFECT, [id])) },
  { weight: 2, arbitrary: fc.subarray(['o1', 'o2', 'o3']).map(withoutEffect) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('p1', 'p2'), fc.constantFrom(...PAYMENT_REASONS))
      .map(([id, reasons]) => insertPayment(id, reasons)),
  },
  { weight: 1, arbitrary: fc.constantFrom('SAP', 'NESN', 'NONE').map(instrument) },
  { weight: 2, arbitrary: fc.subarray(['p1', 'p2', 'p3']).map(paymentsWithEffect) },
  { weight: 1, arbitrary: fc.constantFrom(tradingData, readState, unstorable, unstorableIds) },
  { weight: 2, arbitrary: fc.constant(migration) },
  { weight: 2, arbitrary: fc.constantFrom(1, '126879464713569', null, 'x').map(advisoryLock) },
);
