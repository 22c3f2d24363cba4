import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { badRequest, type HttpRequest, type HttpResponse, json, parseBody, type Route } from '../shared/http';
import type { Item, ItemStore } from '../shared/item-store';
import type { LeasePort } from '../shared/lease-store';
import { mayWrite, writerState, type WriterState } from '../shared/may-write';
import { type OrderContent, type ReceivedOrder, sameContent, storable } from '../shared/order';
import { orderResult, receivedOrder } from '../shared/order-form';
import { isResultKey, latestResult, ORDER_SK, receivedMinute } from '../shared/order-items';
import { parseStored } from '../shared/stored';
import type { Telemetry } from '../shared/telemetry';
import { uuid } from '../shared/uuid';
import { limitBreaches } from './decide-order';
import type { LimitsPort } from './limits-store';
import type { OrderQueue } from './order-queue';
import { orderRequest } from './order-request';

/** What the orders API touches. */
export interface OrdersPorts {
  readonly items: ItemStore;
  readonly queue: OrderQueue;
  readonly limits: LimitsPort;
  readonly lease: LeasePort;
  readonly telemetry: Telemetry;
  readonly region: string;
  /** How long an order may wait for its execution, in seconds. */
  readonly validitySeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a client is told to wait when limits are not known, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** POST /orders and GET /orders/{orderId}. */
export function ordersRoutes(ports: OrdersPorts): readonly Route[] {
  return [
    { method: 'POST', path: '/orders', handle: (request) => postOrder(ports, request) },
    { method: 'GET', path: '/orders/{orderId}', handle: (request) => getOrder(ports, request) },
  ];
}

async function postOrder(ports: OrdersPorts, request: HttpRequest): Promise<HttpResponse> {
  const parsed = parseBody(request.body, orderRequest);
  if (!parsed.ok) return badRequest(parsed.errors);
  const { orderId: given, ...content } = parsed.value;

  const [refusal, writer] = await Promise.all([refuse(ports, given, content), readWriter(ports)]);
  if (refusal) return refusal;

  const order = await receive(ports, given ?? randomUUID(), content);
  if (!sameContent(order, content)) {
    return json(409, { message: 'This orderId belongs to an order with other content', orderId: order.orderId });
  }
  // From here on the order is in the global table: it is accepted, whatever happens to its message.
  await enqueue(ports, order);
  const { orderId, validUntil, region } = order;
  return json(202, { orderId, status: 'RECEIVED', validUntil, region, writer });
}

/** Why an order is not accepted; an order that has been accepted before is never refused by limits. */
async function refuse(
  ports: OrdersPorts,
  given: string | undefined,
  content: OrderContent,
): Promise<HttpResponse | undefined> {
  const reading = await ports.limits.read();
  const breaches = reading.known ? limitBreaches(content, reading.limits) : [];
  if (reading.known && breaches.length === 0) return undefined;
  if (given !== undefined && (await isKnown(ports, given))) return undefined;
  if (reading.known) return badRequest(breaches);
  return json(
    503,
    { message: 'Orders are not accepted, because their limits are not known', why: 'ORDER_LIMITS_UNKNOWN' },
    { 'retry-after': String(RETRY_AFTER_SECONDS) },
  );
}

async function isKnown({ items }: OrdersPorts, orderId: string): Promise<boolean> {
  return (await items.list(orderId)).some(({ sk }) => sk === ORDER_SK);
}

/** For the client's information only: an order is accepted in either region. */
async function readWriter({ lease, region, now }: OrdersPorts): Promise<WriterState> {
  return writerState(mayWrite({ reading: await lease.read(), region, now: now(), deadline: now() }));
}

/** Writes the order's item, or gives the one that stands there. */
async function receive(ports: OrdersPorts, orderId: string, content: OrderContent): Promise<ReceivedOrder> {
  const { now, validitySeconds, region } = ports;
  const received = now();
  const receivedAt = new Date(received).toISOString();
  const validUntil = new Date(received + validitySeconds * 1_000).toISOString();
  const order: ReceivedOrder = { ...content, orderId, receivedAt, validUntil, region };
  const put = await ports.items.putOnce({
    pk: orderId,
    sk: ORDER_SK,
    receivedMinute: receivedMinute(receivedAt),
    ...order,
  });
  if (!put.written) return orderOf(put.existing);
  ports.telemetry.count('OrdersReceived');
  return order;
}

/** An order whose message is lost is swept up from the table, so a queue that does not answer refuses no order. */
async function enqueue({ queue, telemetry }: OrdersPorts, order: ReceivedOrder): Promise<void> {
  try {
    await queue.send(order);
  } catch (error) {
    telemetry.count('EnqueueFailed');
    telemetry.error('the order is stored but not enqueued', error, { orderId: order.orderId });
  }
}

/**
 * Tells what was decided on where that is not what the table has: both regions took one id, the later item won the table and the
 * other one its row.
 */
async function getOrder({ items }: OrdersPorts, { parameters }: HttpRequest): Promise<HttpResponse> {
  const orderId = z.safeParse(uuid, parameters['orderId']);
  if (!orderId.success) return badRequest([{ field: 'orderId', message: 'must be a UUID' }]);
  const found = await items.list(orderId.data);
  const item = found.find(({ sk }) => sk === ORDER_SK);
  if (!item) return json(404, { message: 'There is no such order in this region yet', orderId: orderId.data });
  const result = latestResult(found.filter(({ sk }) => isResultKey(sk)).map(resultOf));
  const order = orderOf(item);
  const { sk: _, content: decided, ...told } = result ?? { sk: '' };
  return json(200, {
    ...order,
    ...(decided && !sameContent(decided, storable(order)) && { ...decided, notExecuted: contentOf(order) }),
    status: result?.verdict ?? 'RECEIVED',
    ...(result && { result: told }),
  });
}

function contentOf({ symbol, side, quantity, limitPrice, account }: OrderContent): OrderContent {
  return { symbol, side, quantity, limitPrice, account };
}

function orderOf(item: Item): ReceivedOrder {
  return parseStored(receivedOrder, item, `the item of order ${item.pk}`);
}

function resultOf(item: Item): z.output<typeof orderResult> {
  return parseStored(orderResult, item, `result ${item.sk} of order ${item.pk}`);
}
