import * as z from 'zod/mini';
import type { Row, Transaction } from '../shared/database';
import { canonicalDecimal } from '../shared/decimal';
import { MalformedError } from '../shared/errors';
import type { OrderContent, OrderVerdict, ReceivedOrder } from '../shared/order';
import { parseStored } from '../shared/stored';
import type { Instrument, OrderDecision } from './decide';

/** The one row that says what became of an order, with the content that it was decided on. */
export interface OrderEffect {
  readonly content: OrderContent;
  readonly verdict: OrderVerdict;
  readonly reason?: string;
  /** Epoch and region that the order was decided under. */
  readonly epoch: number;
  readonly region: string;
  /** ISO 8601. */
  readonly settledAt: string;
}

const effectRow = z.object({
  verdict: z.enum(['PROCESSED', 'REJECTED', 'EXPIRED']),
  reason: z.nullable(z.string()),
  epoch: z.pipe(z.string(), z.transform(Number)),
  region: z.string(),
  executed_at: z.date(),
  symbol: z.string(),
  side: z.enum(['BUY', 'SELL']),
  quantity: z.pipe(z.string(), z.transform(Number)),
  limit_price: z.string(),
  account: z.string(),
});

const instrumentRow = z.object({
  symbol: z.string(),
  tick_size: z.string(),
  band_low: z.string(),
  band_high: z.string(),
});

const EFFECT_COLUMNS = 'verdict, reason, epoch, region, executed_at, symbol, side, quantity, limit_price, account';

/** The effect that an order has, if it has one. */
async function findEffect(tx: Transaction, orderId: string): Promise<OrderEffect | undefined> {
  const [row] = await tx.query(`SELECT ${EFFECT_COLUMNS} FROM order_effects WHERE order_id = $1`, [orderId]);
  return row && effectOf(row);
}

/** The reference data of a symbol; only of instruments that are traded. */
export async function findInstrument(tx: Transaction, symbol: string): Promise<Instrument | undefined> {
  const [row] = await tx.query(
    'SELECT symbol, tick_size, band_low, band_high FROM instruments WHERE symbol = $1 AND traded',
    [symbol],
  );
  if (!row) return undefined;
  const { tick_size, band_low, band_high } = parseStored(instrumentRow, row, `the row of instrument ${symbol}`);
  return { symbol, tickSize: tick_size, bandLow: band_low, bandHigh: band_high };
}

/**
 * Executes an order once: the primary key decides between two that try. Waits for the other one's transaction and then
 * answers with the effect that stands, whoever wrote it.
 */
export async function insertEffect(
  tx: Transaction,
  order: ReceivedOrder,
  decision: OrderDecision,
  epoch: number,
  region: string,
): Promise<{ readonly effect: OrderEffect; readonly own: boolean }> {
  const [row] = await tx.query(
    `INSERT INTO order_effects
       (order_id, verdict, reason, epoch, region, symbol, side, quantity, limit_price, account, received_at, valid_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (order_id) DO NOTHING RETURNING ${EFFECT_COLUMNS}`,
    [
      order.orderId,
      decision.verdict,
      decision.reason ?? null,
      epoch,
      region,
      order.symbol,
      order.side,
      order.quantity,
      order.limitPrice,
      order.account,
      order.receivedAt,
      order.validUntil,
    ],
  );
  if (row) return { effect: effectOf(row), own: true };
  const standing = await findEffect(tx, order.orderId);
  if (!standing) throw new MalformedError(`order ${order.orderId} conflicts with an effect that cannot be read`);
  return { effect: standing, own: false };
}

function effectOf(row: Row): OrderEffect {
  const found = parseStored(effectRow, row, 'the effect of an order');
  const { symbol, side, quantity, account, verdict, reason, epoch, region, executed_at } = found;
  return {
    content: { symbol, side, quantity, limitPrice: canonicalDecimal(found.limit_price), account },
    verdict,
    ...(reason !== null && { reason }),
    epoch,
    region,
    settledAt: executed_at.toISOString(),
  };
}
