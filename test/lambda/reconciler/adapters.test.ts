import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ORDERS, PAYMENTS, type SweptPayment } from '../../../lambda/reconciler/kinds';
import { createReceivedIndex } from '../../../lambda/reconciler/received-index';
import { createSettlePayments } from '../../../lambda/reconciler/settle-payments';
import { createSweepStore, sweptOf } from '../../../lambda/reconciler/sweep-store';
import { createLocalItems } from '../../../lambda/shared/local-items';
import type { ReceivedOrder } from '../../../lambda/shared/order';
import { fakeAws } from '../support/fake-aws';
import { fakeDynamodb } from '../support/fake-dynamodb';
import { recordedTelemetry } from '../support/fakes';

const at = (time: string) => Date.parse(`2026-11-26T${time}Z`);

function order(orderId: string, time: string): ReceivedOrder {
  return {
    orderId,
    symbol: 'ACME',
    side: 'BUY',
    quantity: 1,
    limitPrice: '100',
    account: 'a',
    receivedAt: `2026-11-26T${time}Z`,
    validUntil: '2026-11-26T04:00:00.000Z',
    region: 'eu-central-1',
  };
}

const itemOf = (some: ReceivedOrder) =>
  marshall({ pk: some.orderId, sk: 'ORDER', receivedMinute: some.receivedAt.slice(0, 16), ...some });

describe('the index of orders', () => {
  /** Pages of one query each, by minute; a page with a next one says so. */
  function index(minutes: Readonly<Record<string, readonly (readonly ReceivedOrder[])[]>>) {
    const { options, sent } = fakeAws(({ body }) => {
      const values = body['ExpressionAttributeValues'] as Record<string, { S: string }>;
      const pages = minutes[values[':minute']?.S.slice(11) ?? ''] ?? [[]];
      const start = body['ExclusiveStartKey'] as { page: { N: string } } | undefined;
      const page = Number(start?.page.N ?? 0);
      const next = page + 1 < pages.length ? { LastEvaluatedKey: { page: { N: String(page + 1) } } } : {};
      return { body: { Items: (pages[page] ?? []).map(itemOf), ...next } };
    });
    const telemetry = recordedTelemetry();
    return {
      index: createReceivedIndex(new DynamoDBClient(options), 'orders-dev', ORDERS, telemetry),
      sent,
      telemetry,
    };
  }

  test('is asked minute by minute, each for its part of the window only', async () => {
    const first = order('a', '03:00:50.000');
    const second = order('b', '03:01:10.000');
    const { index: orders, sent } = index({ '03:00': [[first]], '03:01': [[second]] });
    expect(await orders.read(at('03:00:40.500'), at('03:01:30.000'), 500)).toEqual({
      found: [first, second].map(({ orderId: id, receivedAt }) => ({ id, receivedAt })),
      readThrough: at('03:01:30.000'),
    });
    expect(sent.map(({ body }) => body)).toEqual(
      [
        ['2026-11-26T03:00', '2026-11-26T03:00:40.500Z', '2026-11-26T03:00:59.999Z'],
        ['2026-11-26T03:01', '2026-11-26T03:01:00.000Z', '2026-11-26T03:01:29.999Z'],
      ].map(([minute = '', from = '', until = ''], index) => ({
        TableName: 'orders-dev',
        IndexName: 'byReceived',
        KeyConditionExpression: 'receivedMinute = :minute AND receivedAt BETWEEN :from AND :until',
        ExpressionAttributeValues: { ':minute': { S: minute }, ':from': { S: from }, ':until': { S: until } },
        ProjectionExpression: 'pk, receivedAt',
        Limit: 500 - index,
      })),
    );
  });

  test('stops when it has enough, at the receipt of the last one, so that none of its moment is passed over', async () => {
    const pages = [[order('a', '03:00:01.000'), order('b', '03:00:02.000')], [order('c', '03:00:02.000')]];
    const { index: orders, sent } = index({ '03:00': pages });
    expect(await orders.read(at('03:00:00.000'), at('03:00:59.000'), 2)).toMatchObject({
      readThrough: at('03:00:02.000'),
    });
    expect(sent).toHaveLength(1);
  });

  test('reads on through any number of orders of one moment: it always comes forward', async () => {
    const moment = ['a', 'b', 'c'].map((id) => [order(id, '03:00:02.000')]);
    const { index: orders } = index({ '03:00': moment });
    const page = await orders.read(at('03:00:02.000'), at('03:00:59.000'), 1);
    expect(page.found.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(page.readThrough).toBe(at('03:00:59.000'));
  });

  const foundAs = ({ orderId: id, receivedAt }: ReceivedOrder) => ({ id, receivedAt });

  test('gives whole orders of those asked for, whatever else was received between them', async () => {
    const [first, between, last] = [
      order('a', '03:00:50.000'),
      order('b', '03:01:00.000'),
      order('c', '03:01:10.000'),
    ] as const;
    const { index: orders, sent } = index({ '03:00': [[first]], '03:01': [[between], [last]] });
    expect(await orders.load([foundAs(first), foundAs(last)])).toEqual({ received: [first, last], unreadable: [] });
    expect(sent.map(({ body }) => body['ProjectionExpression'])).toEqual([undefined, undefined, undefined]);
    expect(sent.map(({ body }) => body['ExpressionAttributeValues'])).toMatchObject([
      { ':from': { S: '2026-11-26T03:00:50.000Z' }, ':until': { S: '2026-11-26T03:00:59.999Z' } },
      { ':from': { S: '2026-11-26T03:01:00.000Z' }, ':until': { S: '2026-11-26T03:01:10.000Z' } },
      { ':from': { S: '2026-11-26T03:01:00.000Z' }, ':until': { S: '2026-11-26T03:01:10.000Z' } },
    ]);
  });

  test('logs an item that is no order, and goes on: it can never be executed', async () => {
    const bad = { ...order('bad', '03:00:01.000'), quantity: 0 };
    const good = order('good', '03:00:02.000');
    const { index: orders, telemetry } = index({ '03:00': [[bad, good]] });
    expect(await orders.load([foundAs(bad), foundAs(good)])).toEqual({ received: [good], unreadable: ['bad'] });
    expect(telemetry.errors.map(({ message }) => message)).toEqual(['an item in the index of orders has another form']);
  });
});

describe('results of those that have their row', () => {
  const effects = Array.from({ length: 250 }, (_, id) => ({ id: `o${id}`, epoch: 3, region: 'eu-central-2' }));
  const keysOf = (body: Readonly<Record<string, unknown>>): { pk: { S: string }; sk: { S: string } }[] =>
    JSON.parse(JSON.stringify(body)).RequestItems['orders-dev'].Keys;

  function results(unprocessed = {}) {
    const { options, sent } = fakeAws(({ body }) => ({
      body: {
        Responses: { 'orders-dev': keysOf(body).filter(({ pk }) => pk.S !== 'o7' && pk.S !== 'o249') },
        UnprocessedKeys: unprocessed,
      },
    }));
    const client = new DynamoDBClient(options);
    return { index: createReceivedIndex(client, 'orders-dev', ORDERS, recordedTelemetry()), sent };
  }

  test('are asked for by the hundred, under the key that the row gives them', async () => {
    const { index, sent } = results();
    expect(await index.withoutResult(effects)).toEqual(['o7', 'o249']);
    expect(sent.map(({ operation, body }) => [operation, keysOf(body).length])).toEqual([
      ['BatchGetItem', 100],
      ['BatchGetItem', 100],
      ['BatchGetItem', 50],
    ]);
    expect(sent.flatMap(({ body }) => keysOf(body)).at(7)).toEqual({
      pk: { S: 'o7' },
      sk: { S: 'RESULT#0000000003#eu-central-2' },
    });
  });

  test('are not asked for where there is none to ask for', async () => {
    const { index, sent } = results();
    expect(await index.withoutResult([])).toEqual([]);
    expect(sent).toEqual([]);
  });

  test('that DynamoDB does not tell are not taken for missing', async () => {
    const { index } = results({ 'orders-dev': { Keys: [{ pk: { S: 'o7' } }] } });
    await expect(index.withoutResult(effects)).rejects.toThrow('too busy');
  });
});

function payment(paymentId: string, time = '03:00:00.000'): SweptPayment {
  return {
    paymentId,
    amount: '125.5',
    currency: 'EUR',
    debtorAccount: 'DE89370400440532013000',
    creditorAccount: 'CH9300762011623852957',
    reference: '',
    receivedAt: `2026-11-26T${time}Z`,
    validUntil: '2026-11-26T04:00:00.000Z',
    region: 'eu-central-1',
  };
}

test('the index of payments is read in the same way', async () => {
  const some = payment('p', '03:00:10.000');
  const { options, sent } = fakeAws(() => ({
    body: { Items: [marshall({ pk: 'p', sk: 'PAYMENT', receivedMinute: '2026-11-26T03:00', ...some })] },
  }));
  const payments = createReceivedIndex(new DynamoDBClient(options), 'transactions-dev', PAYMENTS, recordedTelemetry());
  const { found } = await payments.read(at('03:00:00.000'), at('03:00:59.000'), 500);
  expect(found).toEqual([{ id: 'p', receivedAt: some.receivedAt }]);
  expect((await payments.load(found)).received).toEqual([some]);
  expect(sent.map(({ body }) => body['TableName'])).toEqual(['transactions-dev', 'transactions-dev']);
});

describe('the settling of payments', () => {
  const payments = Array.from({ length: 250 }, (_, index) => payment(`p${index}`));

  test('is asked for by the hundred, one request after the other, and tells which ones have a row', async () => {
    const asked: number[] = [];
    let open = 0;
    const settle = createSettlePayments(
      async (ids) => {
        expect((open += 1)).toBe(1);
        await Promise.resolve();
        open -= 1;
        asked.push(ids.length);
        return ids.filter((id) => id !== 'p7');
      },
      () => 0,
    );
    expect(await settle(payments, 1)).toEqual(
      payments.map(({ paymentId }) => paymentId).filter((paymentId) => paymentId !== 'p7'),
    );
    expect(asked).toEqual([100, 100, 50]);
  });

  test('begins no request when the time of the sweep is over: the next sweep finds the rest', async () => {
    let now = 0;
    const settle = createSettlePayments(
      async (ids) => {
        now += 2_500;
        return ids;
      },
      () => now,
    );
    expect(await settle(payments, 4_000)).toHaveLength(200);
  });
});

describe('how far is swept', () => {
  const none = { setBackAt: undefined, sweptThrough: undefined };

  function stores() {
    const { options } = fakeAws(fakeDynamodb().answer);
    const client = new DynamoDBClient({ ...options, maxAttempts: 1 });
    const items = createLocalItems(client, 'lease-dev');
    const storeOf = (kind: 'orders' | 'payments') => ({
      ...createSweepStore(client, 'lease-dev', kind),
      /** As a tick reads it. */
      read: async () => sweptOf(await items.get('sweep'), kind),
    });
    return { items, orders: storeOf('orders'), payments: storeOf('payments') };
  }

  test('moves on from what was read, for orders and payments each for itself', async () => {
    const { orders, payments, items } = stores();
    expect(await orders.read()).toEqual(none);
    expect(await orders.advance(none, 10)).toBe('written');
    expect(await payments.advance(none, 5)).toBe('written');
    expect(await orders.advance({ ...none, sweptThrough: 10 }, 20)).toBe('written');
    expect(await orders.read()).toEqual({ ...none, sweptThrough: 20 });
    expect(await payments.read()).toEqual({ ...none, sweptThrough: 5 });
    expect(await items.get('sweep')).toEqual({ orders: 20, payments: 5 });
  });

  test.each(['orders', 'payments'] as const)(
    'is not moved over what a run has written of %s meanwhile',
    async (kind) => {
      const { [kind]: store, items } = stores();
      await store.advance(none, 10);
      await items.put('sweep', { setBackAt: 2, orders: 10, payments: 10 });
      expect(await store.advance({ ...none, sweptThrough: 10 }, 20)).toBe('refused');
      expect(await store.advance(none, 20)).toBe('refused');
      expect(await store.advance({ setBackAt: 1, sweptThrough: 10 }, 20)).toBe('refused');
      expect(await store.read()).toEqual({ setBackAt: 2, sweptThrough: 10 });
      expect(await store.advance({ setBackAt: 2, sweptThrough: 10 }, 20)).toBe('written');
      expect((await items.get('sweep'))?.setBackAt).toBe(2);
    },
  );

  test('is not moved over another sweep either', async () => {
    const { payments } = stores();
    await payments.advance(none, 10);
    expect(await payments.advance({ ...none, sweptThrough: 9 }, 30)).toBe('refused');
  });
});
