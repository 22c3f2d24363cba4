import type { LimitsReading } from '../../../lambda/orders-api/limits-store';
import { ordersRoutes } from '../../../lambda/orders-api/orders';
import { createRouter } from '../../../lambda/shared/http';
import type { ReceivedOrder } from '../../../lambda/shared/order';
import { resultSortKey } from '../../../lambda/shared/order-items';
import { changeableLease, leaseOf, memoryItems, recordedTelemetry } from '../support/fakes';

const OWN = 'eu-central-1';
const NOW = Date.parse('2026-11-24T03:51:07.000Z');
const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const ORDER = { orderId: ID, symbol: 'SAP', side: 'BUY', quantity: 10, limitPrice: 180.5, account: 'ACC-1' };

function api() {
  const items = memoryItems();
  const telemetry = recordedTelemetry();
  const lease = changeableLease(leaseOf(OWN, 7, NOW + 60_000));
  const sent: ReceivedOrder[] = [];
  const state: { limits: LimitsReading; queueFails: boolean } = {
    limits: { known: true, limits: { maxQuantity: 1_000, maxNotional: 1_000_000 } },
    queueFails: false,
  };
  const routes = ordersRoutes({
    items,
    telemetry,
    lease,
    limits: { read: async () => state.limits },
    queue: {
      async send(order) {
        if (state.queueFails) throw new Error('the queue does not answer');
        // The promise of the 202: whatever is enqueued stands in the table already.
        expect(items.all.has(`${order.orderId} ORDER`)).toBe(true);
        sent.push(order);
      },
    },
    region: OWN,
    validitySeconds: 900,
    now: () => NOW,
  });
  const respond = createRouter(routes, telemetry);
  const call = async (httpMethod: string, path: string, body?: unknown) => {
    const event = {
      httpMethod,
      path,
      body: typeof body === 'string' ? body : JSON.stringify(body ?? null),
      requestContext: { requestId: 'r-1' },
    };
    const response = await respond(event, 'invocation-1');
    const parsed: Record<string, unknown> = JSON.parse(response.body);
    return { status: response.statusCode, headers: response.headers, body: parsed };
  };
  return { call, post: (body: unknown) => call('POST', '/orders', body), items, telemetry, lease, sent, state };
}

describe('POST /orders', () => {
  test('stores the order, then enqueues it, then answers 202', async () => {
    const { post, items, sent, telemetry } = api();
    expect(await post(ORDER)).toMatchObject({
      status: 202,
      body: {
        orderId: ID,
        status: 'RECEIVED',
        validUntil: '2026-11-24T04:06:07.000Z',
        region: OWN,
        writer: { state: 'ACTIVE', epoch: 7 },
      },
    });
    const order = {
      ...ORDER,
      limitPrice: '180.5',
      receivedAt: '2026-11-24T03:51:07.000Z',
      validUntil: '2026-11-24T04:06:07.000Z',
      region: OWN,
    };
    expect([...items.all.values()]).toEqual([{ pk: ID, sk: 'ORDER', receivedMinute: '2026-11-24T03:51', ...order }]);
    expect(sent).toEqual([order]);
    expect(telemetry.counts).toEqual({ OrdersReceived: 1 });
  });

  test('gives an order without an id one', async () => {
    const { post, items } = api();
    const { orderId: _, ...anonymous } = ORDER;
    const { body } = await post(anonymous);
    expect(body['orderId']).toMatch(/^[0-9a-f]{8}-/);
    expect(items.all.has(`${String(body['orderId'])} ORDER`)).toBe(true);
  });

  test('answers the same 202 to the same order, however it is spelt, and enqueues it again', async () => {
    const { post, sent, items } = api();
    const first = await post(ORDER);
    const again = await post({ ...ORDER, orderId: ID.toUpperCase(), limitPrice: '180.50' });
    expect(again).toEqual(first);
    expect(sent).toHaveLength(2);
    expect(items.all.size).toBe(1);
  });

  test.each([
    ['symbol', 'SIE'],
    ['side', 'SELL'],
    ['quantity', 11],
    ['limitPrice', '180.52'],
    ['account', 'ACC-2'],
  ])('refuses the same id with another %s, and enqueues nothing', async (field, value) => {
    const { post, sent } = api();
    await post(ORDER);
    expect((await post({ ...ORDER, [field]: value })).status).toBe(409);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['orderId', 'no-uuid', 'must be a UUID'],
    ['symbol', 'sap', 'must be 1 to 12 capital letters, digits, dots or hyphens'],
    ['side', 'HOLD', 'must be BUY or SELL'],
    ['quantity', 0, 'must be a whole number, at least 1'],
    ['quantity', 1.5, 'must be a whole number, at least 1'],
    ['quantity', '10', 'must be a whole number, at least 1'],
    ['limitPrice', -1, 'must be a number above 0 with at most 12 digits before and 8 after the point'],
    ['limitPrice', '1e3', 'must be a number above 0 with at most 12 digits before and 8 after the point'],
    ['limitPrice', true, 'must be a number above 0 with at most 12 digits before and 8 after the point'],
    ['account', '', 'must be 1 to 64 letters, digits, dots, hyphens or underscores'],
    ['quantiy', 10, 'is not known'],
  ])('answers 400 to %s = %j, naming the field', async (field, value, message) => {
    const { post, items } = api();
    expect(await post({ ...ORDER, [field]: value })).toMatchObject({
      status: 400,
      body: { errors: [{ field, message }] },
    });
    expect(items.all.size).toBe(0);
  });

  test('names every wrong field at once', async () => {
    const { body } = await api().post({ quantity: 1 });
    expect(body['errors']).toEqual(
      ['symbol', 'side', 'limitPrice', 'account'].map((field) => ({ field, message: expect.any(String) })),
    );
  });

  test.each([
    ['{', 'must be JSON'],
    ['', 'must be JSON'],
    ['[]', 'must be a JSON object'],
    ['null', 'must be a JSON object'],
  ])('answers 400 to the body %j', async (body, message) => {
    expect(await api().post(body)).toMatchObject({ status: 400, body: { errors: [{ field: 'body', message }] } });
  });

  test('reads a body that API Gateway passes on in base64', async () => {
    const { items, telemetry } = api();
    const respond = createRouter(
      [{ method: 'POST', path: '/orders', handle: async ({ body }) => ({ statusCode: 200, headers: {}, body }) }],
      telemetry,
    );
    const event = {
      httpMethod: 'POST',
      path: '/orders',
      body: Buffer.from('{"a":1}').toString('base64'),
      isBase64Encoded: true,
    };
    expect((await respond(event, 'i')).body).toBe('{"a":1}');
    expect(items.all.size).toBe(0);
  });

  test('refuses an order beyond the limits by its field', async () => {
    const { post, items } = api();
    const refused = await post({ ...ORDER, quantity: 1_001, limitPrice: 1_000 });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        errors: [
          { field: 'quantity', message: 'must be at most 1000' },
          { field: 'limitPrice', message: 'quantity x limitPrice must be at most 1000000' },
        ],
      },
    });
    expect(items.all.size).toBe(0);
  });

  test('does not take back an order that was accepted before the limits shrank', async () => {
    const { post, state, sent } = api();
    await post(ORDER);
    state.limits = { known: true, limits: { maxQuantity: 1, maxNotional: 1 } };
    expect((await post(ORDER)).status).toBe(202);
    expect(sent).toHaveLength(2);
  });

  test('says 503 and when to come back while the limits were never known', async () => {
    const { post, state, items } = api();
    state.limits = { known: false, why: 'time-out' };
    const refused = await post(ORDER);
    expect(refused).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { why: 'ORDER_LIMITS_UNKNOWN' },
    });
    expect(items.all.size).toBe(0);
  });

  test('answers 202 when the order is stored and the queue fails, because the table is swept', async () => {
    const { post, state, telemetry, items } = api();
    state.queueFails = true;
    expect((await post(ORDER)).status).toBe(202);
    expect(items.all.size).toBe(1);
    expect(telemetry.counts).toEqual({ OrdersReceived: 1, EnqueueFailed: 1 });
    expect(telemetry.errors.map(({ message }) => message)).toEqual(['the order is stored but not enqueued']);
  });

  test('answers 500 with the request id and nothing else when the order cannot be stored, and enqueues nothing', async () => {
    const { post, items, sent, telemetry } = api();
    items.failNextPut();
    expect(await post(ORDER)).toMatchObject({ status: 500, body: { message: 'Internal error', requestId: 'r-1' } });
    expect(sent).toEqual([]);
    expect(telemetry.errors.map(({ message }) => message)).toEqual(['the request failed']);
  });

  test.each([
    ['dr is active', leaseOf('eu-central-2', 8, NOW + 60_000), { state: 'NOT_ACTIVE', epoch: 8 }],
    ['its own lease is over', leaseOf(OWN, 7, NOW - 1), { state: 'UNKNOWN', epoch: 7 }],
    ['the lease cannot be read', 'time-out', { state: 'UNKNOWN' }],
  ])('accepts orders while %s, and says so', async (_, next, writer) => {
    const { post, lease, sent } = api();
    lease.set(next);
    expect((await post(ORDER)).body['writer']).toEqual(writer);
    expect(sent).toHaveLength(1);
  });
});

describe('GET /orders/{orderId}', () => {
  const result = (epoch: number, region: string, verdict: string) => ({
    pk: ID,
    sk: resultSortKey(epoch, region),
    epoch,
    region,
    verdict,
    settledAt: '2026-11-24T03:51:08.000Z',
  });

  test('says RECEIVED while there is no result', async () => {
    const { post, call } = api();
    await post(ORDER);
    const { status, body } = await call('GET', `/orders/${ID}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...ORDER,
      limitPrice: '180.5',
      status: 'RECEIVED',
      region: OWN,
      receivedAt: '2026-11-24T03:51:07.000Z',
      validUntil: '2026-11-24T04:06:07.000Z',
    });
  });

  test('tells what was executed where both regions took the id, and that the order in the table is not it', async () => {
    const { post, call, items } = api();
    await post(ORDER);
    const executed = { symbol: 'SAP', side: 'SELL', quantity: 3, limitPrice: '180.5', account: 'ACC-1' };
    await items.putOnce({ ...result(9, 'eu-central-2', 'PROCESSED'), content: executed });
    const { body } = await call('GET', `/orders/${ID}`);
    expect(body).toMatchObject({ status: 'PROCESSED', ...executed, notExecuted: { side: 'BUY', quantity: 10 } });
    expect(body['result']).not.toHaveProperty('content');
  });

  test('tells of no other order where the result is of the one in the table', async () => {
    const { post, call, items } = api();
    await post(ORDER);
    const { orderId: _, ...content } = ORDER;
    await items.putOnce({ ...result(9, OWN, 'PROCESSED'), content: { ...content, limitPrice: '180.5' } });
    expect((await call('GET', `/orders/${ID}`)).body).not.toHaveProperty('notExecuted');
  });

  test('tells the result of the highest epoch, whichever region wrote it', async () => {
    const { post, call, items } = api();
    await post(ORDER);
    await items.putOnce(result(10, 'eu-central-2', 'PROCESSED'));
    await items.putOnce(result(9, OWN, 'EXPIRED'));
    const { body } = await call('GET', `/orders/${ID}`);
    expect(body).toMatchObject({
      status: 'PROCESSED',
      result: { verdict: 'PROCESSED', epoch: 10, region: 'eu-central-2' },
    });
  });

  test.each([
    ['GET', `/orders/${ID}`, 404],
    ['GET', '/orders/not-a-uuid', 400],
    ['GET', '/orders', 404],
    ['DELETE', `/orders/${ID}`, 404],
    ['GET', '/', 404],
  ])('%s %s of nothing is %d', async (method, path, status) => {
    expect((await api().call(method, path)).status).toBe(status);
  });
});

test('an event that is no proxy event is an error, not an answer', async () => {
  await expect(createRouter([], recordedTelemetry())({ Records: [] }, 'i')).rejects.toThrow(
    'not an API Gateway proxy event',
  );
});
