import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { badRequest, type HttpRequest, type HttpResponse, json, parseBody, type Route } from '../shared/http';
import type { WriterState } from '../shared/may-write';
import { isResultKey, latestResult, PAYMENT_SK, receivedMinute } from '../shared/order-items';
import { uuid } from '../shared/uuid';
import { type PaymentContent, type ReceivedPayment, samePayment, storable } from './decide';
import type { PaymentEffect } from './effects';
import { paymentOf, resultOf } from './items';
import { paymentRequest } from './payment-form';
import { settle, type SettlePorts, type Unsettled } from './settle';

/** What posts and reads of payments touch. */
export interface PaymentsPorts extends SettlePorts {
  /** How long a payment may wait for its verdict, in seconds. */
  readonly validitySeconds: number;
}

/** The longest that one payment's transaction takes while its client waits, in milliseconds. */
const TRANSACTION_MS = 5_000;

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

  const outcome = await settle(ports, payment, TRANSACTION_MS);
  if (outcome.kind === 'settled') return settledAnswer(payment.paymentId, outcome.effect);
  return outcome.kind === 'other-content' ? idInUse(payment.paymentId) : waiting(ports, payment, outcome);
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

/** What stands in the table is told even where nothing may be written; otherwise the payment waits for the reconciler's sweep. */
async function waiting(ports: PaymentsPorts, payment: ReceivedPayment, outcome: Unsettled): Promise<HttpResponse> {
  const { paymentId, validUntil, region } = payment;
  const known = latestResult((await ports.items.list(paymentId)).filter(({ sk }) => isResultKey(sk)).map(resultOf));
  if (known?.content && !samePayment(known.content, storable(payment))) return idInUse(paymentId);
  if (known) return settledAnswer(paymentId, known);
  return json(202, { paymentId, status: 'RECEIVED', validUntil, region, writer: writerOf(outcome) });
}

function writerOf(outcome: Unsettled): WriterState {
  if (outcome.kind === 'unavailable') return { state: 'UNKNOWN' };
  const state = outcome.kind === 'fenced' && outcome.reason === 'NOT_ACTIVE' ? 'NOT_ACTIVE' : 'UNKNOWN';
  return { state, ...(outcome.epoch !== undefined && { epoch: outcome.epoch }) };
}

/**
 * Tells what was decided on where that is not what the table has: both regions took one id, the later item won the table and the
 * other one its row.
 */
async function getPayment({ items }: PaymentsPorts, { parameters }: HttpRequest): Promise<HttpResponse> {
  const paymentId = z.safeParse(uuid, parameters['paymentId']);
  if (!paymentId.success) return badRequest([{ field: 'paymentId', message: 'must be a UUID' }]);
  const found = await items.list(paymentId.data);
  const item = found.find(({ sk }) => sk === PAYMENT_SK);
  if (!item) return json(404, { message: 'There is no such payment in this region yet', paymentId: paymentId.data });
  const result = latestResult(found.filter(({ sk }) => isResultKey(sk)).map(resultOf));
  const payment = paymentOf(item);
  const { sk: _, content: decided, ...known } = result ?? { sk: '' };
  return json(200, {
    ...payment,
    ...(decided && !samePayment(decided, storable(payment)) && { ...decided, notExecuted: contentOf(payment) }),
    status: result?.verdict ?? 'RECEIVED',
    ...(result && { result: known }),
  });
}

function contentOf({ amount, currency, debtorAccount, creditorAccount, reference }: PaymentContent): PaymentContent {
  return { amount, currency, debtorAccount, creditorAccount, reference };
}
