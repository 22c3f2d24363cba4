import { isRefusedContent } from '../shared/database-errors';
import { DatabaseUnavailableError, DeadlineError, MalformedError } from '../shared/errors';
import { type FencedOutcome, type FencedPorts, fencedTransaction } from '../shared/fenced-write';
import type { ItemStore } from '../shared/item-store';
import { resultSortKey } from '../shared/order-items';
import type { ReplicatedObjects } from '../shared/replicated-objects';
import type { Telemetry } from '../shared/telemetry';
import { CONTENT_REFUSED, decidePayment, type ReceivedPayment, samePayment, storable } from './decide';
import { type PaymentEffect, settlePayment } from './effects';

/** What settling a payment touches. */
export interface SettlePorts extends FencedPorts {
  readonly items: ItemStore;
  readonly receipts: ReplicatedObjects;
  readonly telemetry: Telemetry;
}

type Transacted = FencedOutcome<Awaited<ReturnType<typeof settlePayment>>>;

/** Why a payment has no verdict yet. */
export type Unsettled = Exclude<Transacted, { kind: 'committed' }> | { readonly kind: 'unavailable' };

/** What became of a payment, whoever asked for it. */
export type SettleOutcome =
  | { readonly kind: 'settled'; readonly effect: PaymentEffect }
  /** The row is of another payment: both regions took one id before they knew of each other. */
  | { readonly kind: 'other-content' }
  | Unsettled;

/**
 * Gives a recorded payment its one effect, then its result item and its receipt. Everything may be repeated: the row decides,
 * and the item, and the receipt's name, come from it.
 *
 * @param limitMs the longest that the transaction may take, in milliseconds.
 * @throws AWS's errors of the result item: the row stands then, and a repetition writes the item.
 */
export async function settle(ports: SettlePorts, payment: ReceivedPayment, limitMs: number): Promise<SettleOutcome> {
  const outcome = await transact(ports, payment, limitMs);
  if (outcome.kind !== 'committed') return outcome;
  const { effect, own } = outcome.value;
  const { paymentId } = payment;
  // Whoever asks: the item says of the id what the row says, with the row's content.
  await writeResult(ports, paymentId, effect);
  if (!samePayment(effect.content, storable(payment))) {
    ports.telemetry.count('NeedsPerson');
    ports.telemetry.error(
      'two payments were accepted under one id, and the other one has its effect: this one is never settled',
      new MalformedError(`the row of payment ${paymentId} has other content`),
      { paymentId, epoch: effect.epoch, region: effect.region },
    );
    return { kind: 'other-content' };
  }
  if (own) ports.telemetry.count('PaymentsSettled');
  await writeReceipt(ports, payment, effect);
  return { kind: 'settled', effect };
}

async function transact(
  ports: SettlePorts,
  payment: ReceivedPayment,
  limitMs: number,
): Promise<Extract<Transacted, { kind: 'committed' }> | Unsettled> {
  const { telemetry } = ports;
  const { paymentId } = payment;
  try {
    const outcome = await decided(ports, payment, limitMs);
    if (outcome.kind === 'committed') return outcome;
    telemetry.count(outcome.kind === 'late' ? 'LateCommits' : 'FencedPayments');
    telemetry.warn('the payment is recorded and waits', { paymentId, ...outcome });
    return outcome;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError || error instanceof DeadlineError)) throw error;
    telemetry.error('the payment is recorded and waits for the database', error, { paymentId });
    return { kind: 'unavailable' };
  }
}

/** A payment that the database does not take as it is is rejected: without a row it would hold up every sweep, and with it a switchover. */
async function decided(ports: SettlePorts, payment: ReceivedPayment, limitMs: number): Promise<Transacted> {
  const { region, now, telemetry } = ports;
  const until = now() + limitMs;
  try {
    return await fencedTransaction(ports, limitMs, (tx, epoch) =>
      settlePayment(tx, payment, decidePayment(payment, now()), { epoch, region }),
    );
  } catch (error) {
    if (!isRefusedContent(error)) throw error;
    const { paymentId } = payment;
    telemetry.error('the database does not take the payment as it is: it is rejected', error, { paymentId });
    const outcome = await fencedTransaction(ports, until - now(), (tx, epoch) =>
      settlePayment(tx, storable(payment), CONTENT_REFUSED, { epoch, region }),
    );
    if (outcome.kind === 'committed' && outcome.value.own) telemetry.count('NeedsPerson');
    return outcome;
  }
}

/** The item comes from the effect, so that a repetition writes the same item or finds it. */
async function writeResult({ items }: SettlePorts, paymentId: string, effect: PaymentEffect): Promise<void> {
  await items.putOnce({ pk: paymentId, sk: resultSortKey(effect.epoch, effect.region), ...effect });
}

/** The verdict is committed, so a receipt that fails does not fail the payment: the next post of it writes it again. */
async function writeReceipt(ports: SettlePorts, payment: ReceivedPayment, effect: PaymentEffect): Promise<void> {
  const { verdict, reasons, epoch, region, settledAt } = effect;
  try {
    await ports.receipts.put({
      name: `receipts/${payment.paymentId}-${epoch}.json`,
      body: Buffer.from(JSON.stringify({ ...payment, result: { verdict, reasons, epoch, region, settledAt } })),
      contentType: 'application/json',
    });
  } catch (error) {
    ports.telemetry.count('ReceiptFailed');
    ports.telemetry.error('the receipt is not written', error, { paymentId: payment.paymentId, epoch });
  }
}
