import * as z from 'zod/mini';
import type { Row, Transaction } from '../shared/database';
import { canonicalDecimal } from '../shared/decimal';
import { MalformedError } from '../shared/errors';
import { parseStored } from '../shared/stored';
import type { PaymentContent, PaymentDecision, PaymentVerdict, ReceivedPayment } from './decide';

/** The one row that says what became of a payment, with the content that it was decided on. */
export interface PaymentEffect {
  readonly content: PaymentContent;
  readonly verdict: PaymentVerdict;
  readonly reasons: readonly string[];
  /** Epoch and region that the payment was decided under. */
  readonly epoch: number;
  readonly region: string;
  /** ISO 8601. */
  readonly settledAt: string;
}

const effectRow = z.object({
  verdict: z.enum(['VALIDATED', 'REJECTED', 'EXPIRED']),
  reasons: z.array(z.string()),
  epoch: z.pipe(z.string(), z.transform(Number)),
  region: z.string(),
  executed_at: z.date(),
  amount: z.string(),
  currency: z.string(),
  debtor_account: z.string(),
  creditor_account: z.string(),
  reference: z.string(),
});

const COLUMNS =
  'verdict, reasons, epoch, region, executed_at, amount, currency, debtor_account, creditor_account, reference';

/**
 * Gives a payment its one effect: this decision, or else what stands. The primary key decides between two that try; the
 * one that comes second waits for the first one's transaction and answers with its effect.
 */
export async function settlePayment(
  tx: Transaction,
  payment: ReceivedPayment,
  { verdict, reasons }: PaymentDecision,
  place: { readonly epoch: number; readonly region: string },
): Promise<{ readonly effect: PaymentEffect; readonly own: boolean }> {
  const [row] = await tx.query(
    `INSERT INTO payment_effects (payment_id, verdict, reasons, epoch, region,
       amount, currency, debtor_account, creditor_account, reference, received_at, valid_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (payment_id) DO NOTHING RETURNING ${COLUMNS}`,
    [
      payment.paymentId,
      verdict,
      reasons,
      place.epoch,
      place.region,
      payment.amount,
      payment.currency,
      payment.debtorAccount,
      payment.creditorAccount,
      payment.reference,
      payment.receivedAt,
      payment.validUntil,
    ],
  );
  if (row) return { effect: effectOf(row), own: true };
  const standing = await findEffect(tx, payment.paymentId);
  if (!standing) throw new MalformedError(`payment ${payment.paymentId} conflicts with an effect that cannot be read`);
  return { effect: standing, own: false };
}

async function findEffect(tx: Transaction, paymentId: string): Promise<PaymentEffect | undefined> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM payment_effects WHERE payment_id = $1`, [paymentId]);
  return row && effectOf(row);
}

function effectOf(row: Row): PaymentEffect {
  const found = parseStored(effectRow, row, 'the effect of a payment');
  return {
    content: {
      amount: canonicalDecimal(found.amount),
      currency: found.currency,
      debtorAccount: found.debtor_account,
      creditorAccount: found.creditor_account,
      reference: found.reference,
    },
    verdict: found.verdict,
    reasons: found.reasons,
    epoch: found.epoch,
    region: found.region,
    settledAt: found.executed_at.toISOString(),
  };
}
