import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { DatabaseUnavailableError, DeadlineError } from '../shared/errors';
import { type FencedOutcome, type FencedPorts, fencedTransaction } from '../shared/fenced-write';
import { badRequest, type HttpRequest, type HttpResponse, json, parseBody, type Route } from '../shared/http';
import type { Item, ItemStore } from '../shared/item-store';
import type { WriterState } from '../shared/may-write';
import { isResultKey, latestResult, PAYMENT_SK, receivedMinute, resultSortKey } from '../shared/order-items';
import type { ReplicatedObjects } from '../shared/replicated-objects';
import { parseStored } from '../shared/stored';
import type { Telemetry } from '../shared/telemetry';
import { uuid } from '../shared/uuid';
import { type PaymentContent, type ReceivedPayment, samePayment } from './decide';
import { type PaymentEffect, settlePayment } from './effects';
import { paymentRequest, paymentResult, receivedPayment } from './payment-form';

/** What the payment validator touches. */
export interface PaymentsPorts extends FencedPorts {
  readonly items: ItemStore;
  readonly receipts: ReplicatedObjects;
  readonly telemetry: Telemetry;
  /** How long a payment may wait for its verdict, in seconds. */
  readonly validitySeconds: number;
}

/** The longest that one payment's transaction takes, in milliseconds. */
const TRANSACTION_MS = 5_000;

type Settled = Awaited<ReturnType<typeof settlePayment>>;

/** POST /payments and GET /payments/{paymentId}. */
export function paymentsRoutes(ports: PaymentsPorts): readonly Route[] {
  return [
    { method: 'POST', path: '/payments', handle: (request) => postPayment(ports, request) },
    { method: 'GET', path: '/payments/{paymentId}', handle: (request) => getPayment(ports, request) },
  ];
}

async function postPayment(ports: PaymentsPorts, request: HttpRequest): Promise<HttpResponse> {
  const parsed = parseBody(request.body, paymentRequest);
  if (!parsed.ok) return badRequest(parsed.errors);
  const { paymentId: given, ...content } = parsed.value;
  const payment = await receive(ports, given ?? randomUUID(), content);
  if (!samePayment(payment, content)) return idInUse(payment.paymentId);

  const outcome = await settle(ports, payment);
  if (outcome.kind !== 'committed') return waiting(ports, payment, outcome);
  const { effect, own } = outcome.value;
  // Both regions may have taken one id with different content before they knew of each other: the row decides.
  if (!samePayment(effect.content, payment)) return idInUse(payment.paymentId);
  if (own) ports.telemetry.count('PaymentsSettled');
  await writeResult(ports, payment.paymentId, effect);
  await writeReceipt(ports, payment, effect);
  return settledAnswer(payment.paymentId, effect);
}

function idInUse(paymentId: string): HttpResponse {
  return json(409, { message: 'This paymentId belongs to a payment with other content', paymentId });
}

function settledAnswer(
  paymentId: string,
  { verdict, reasons, epoch }: Pick<PaymentEffect, 'reasons' | 'epoch'> & { readonly verdict: string },
): HttpResponse {
  return json(200, { paymentId, status: verdict, reasons, epoch });
}

/** Writes the payment's item, or gives the one that stands there. */
async function receive(ports: PaymentsPorts, paymentId: string, content: PaymentContent): Promise<ReceivedPayment> {
  const { now, validitySeconds, region } = ports;
  const received = now();
  const receivedAt = new Date(received).toISOString();
  const validUntil = new Date(received + validitySeconds * 1_000).toISOString();
  const payment: ReceivedPayment = { ...content, paymentId, receivedAt, validUntil, region };
  const put = await ports.items.putOnce({
    pk: paymentId,
    sk: PAYMENT_SK,
    receivedMinute: receivedMinute(receivedAt),
    ...payment,
  });
  return put.written ? payment : paymentOf(put.existing);
}

/** Why a payment has no verdict yet. */
type Unsettled = Exclude<FencedOutcome<Settled>, { kind: 'committed' }> | { readonly kind: 'unavailable' };

async function settle(
  ports: PaymentsPorts,
  payment: ReceivedPayment,
): Promise<Extract<FencedOutcome<Settled>, { kind: 'committed' }> | Unsettled> {
  const { region, now, telemetry } = ports;
  const { paymentId } = payment;
  try {
    const outcome = await fencedTransaction(ports, TRANSACTION_MS, (tx, epoch) =>
      settlePayment(tx, payment, { epoch, region, now: now() }),
    );
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

/** What stands in the table is told even where nothing may be written; otherwise the payment waits for its next post. */
async function waiting(ports: PaymentsPorts, payment: ReceivedPayment, outcome: Unsettled): Promise<HttpResponse> {
  const { paymentId, validUntil, region } = payment;
  const known = latestResult((await ports.items.list(paymentId)).filter(({ sk }) => isResultKey(sk)).map(resultOf));
  if (known) return settledAnswer(paymentId, known);
  return json(202, { paymentId, status: 'RECEIVED', validUntil, region, writer: writerOf(outcome) });
}

function writerOf(outcome: Unsettled): WriterState {
  if (outcome.kind === 'unavailable') return { state: 'UNKNOWN' };
  const state = outcome.kind === 'fenced' && outcome.reason === 'NOT_ACTIVE' ? 'NOT_ACTIVE' : 'UNKNOWN';
  return { state, ...(outcome.epoch !== undefined && { epoch: outcome.epoch }) };
}

/** The key comes from the effect, so that a repetition writes the same item or finds it. */
async function writeResult({ items }: PaymentsPorts, paymentId: string, effect: PaymentEffect): Promise<void> {
  const { verdict, reasons, epoch, region, settledAt } = effect;
  await items.putOnce({ pk: paymentId, sk: resultSortKey(epoch, region), verdict, reasons, epoch, region, settledAt });
}

/** The verdict is committed, so a receipt that fails does not fail the payment: the next post of it writes it again. */
async function writeReceipt(ports: PaymentsPorts, payment: ReceivedPayment, effect: PaymentEffect): Promise<void> {
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

async function getPayment({ items }: PaymentsPorts, { parameters }: HttpRequest): Promise<HttpResponse> {
  const paymentId = z.safeParse(uuid, parameters['paymentId']);
  if (!paymentId.success) return badRequest([{ field: 'paymentId', message: 'must be a UUID' }]);
  const found = await items.list(paymentId.data);
  const item = found.find(({ sk }) => sk === PAYMENT_SK);
  if (!item) return json(404, { message: 'There is no such payment in this region yet', paymentId: paymentId.data });
  const result = latestResult(found.filter(({ sk }) => isResultKey(sk)).map(resultOf));
  const { sk: _, ...known } = result ?? { sk: '' };
  return json(200, { ...paymentOf(item), status: result?.verdict ?? 'RECEIVED', ...(result && { result: known }) });
}

function paymentOf(item: Item): ReceivedPayment {
  return parseStored(receivedPayment, item, `the item of payment ${item.pk}`);
}

function resultOf(item: Item): z.output<typeof paymentResult> {
  return parseStored(paymentResult, item, `result ${item.sk} of payment ${item.pk}`);
}
