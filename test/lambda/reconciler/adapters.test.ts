import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createOrderIndex } from '../../../lambda/reconciler/order-index';
import { createRequeue } from '../../../lambda/reconciler/requeue';
import { createSweepStore } from '../../../lambda/reconciler/sweep-store';
import { createLocalItems } from '../../../lambda/shared/local-items';
import type { ReceivedOrder } from '../../../lambda/shared/order';
import { receivedOrder } from '../../../lambda/shared/order-form';
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
    return { index: createOrderIndex(new DynamoDBClient(options), 'orders-dev', telemetry), sent, telemetry };
  }

  test('is asked minute by minute, each for its part of the window only', async () => {
    const first = order('a', '03:00:50.000');
    const second = order('b', '03:01:10.000');
    const { index: orders, sent } = index({ '03:00': [[first]], '03:01': [[second]] });
    expect(await orders.read(at('03:00:40.500'), at('03:01:30.000'), 500)).toEqual({
      orders: [first, second],
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
    expect(page.orders.map(({ orderId }) => orderId)).toEqual(['a', 'b', 'c']);
    expect(page.readThrough).toBe(at('03:00:59.000'));
  });

  test('logs an item that is no order, and goes on: it can never be executed', async () => {
    const { index: orders, telemetry } = index({
      '03:00': [[{ ...order('bad', '03:00:01.000'), quantity: 0 }, order('good', '03:00:02.000')]],
    });
    const { orders: found } = await orders.read(at('03:00:00.000'), at('03:00:59.000'), 500);
    expect(found.map(({ orderId }) => orderId)).toEqual(['good']);
    expect(telemetry.errors.map(({ message }) => message)).toEqual(['an item in the index of orders is no order']);
  });
});

test('orders are queued in tens, as the processor reads them, and only those count that the queue has taken', async () => {
  const { options, sent } = fakeAws(({ body }) => {
    const entries = body['Entries'] as { Id: string }[];
    const taken = entries
      .filter(({ Id }) => Id !== '1')
      .map(({ Id }) => ({ Id, MessageId: 'm', MD5OfMessageBody: '' }));
    return { body: { Successful: taken, Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] } };
  });
  const requeue = createRequeue(
    new SQSClient({ ...options, md5: false }),
    'https://sqs.eu-central-1.amazonaws.com/1/orders-dev',
  );
  const orders = Array.from({ length: 12 }, (_, index) => order(`o${index}`, '03:00:00.000'));
  expect(await requeue.send(orders)).toEqual(
    orders.map(({ orderId }) => orderId).filter((id) => id !== 'o1' && id !== 'o11'),
  );
  const bodies = sent
    .flatMap(({ body }) => body['Entries'] as { MessageBody: string }[])
    .map(({ MessageBody }) => receivedOrder.parse(JSON.parse(MessageBody)));
  expect(bodies).toEqual(orders);
  expect(sent.map(({ body }) => (body['Entries'] as unknown[]).length)).toEqual([10, 2]);
});

describe('the window of the sweep', () => {
  function store() {
    const { options } = fakeAws(fakeDynamodb().answer);
    const client = new DynamoDBClient({ ...options, maxAttempts: 1 });
    const items = createLocalItems(client, 'lease-dev');
    return { items, store: createSweepStore(client, 'lease-dev', items) };
  }

  test('moves on from what was read', async () => {
    const { store: window } = store();
    expect(await window.read()).toBeUndefined();
    expect(await window.advance(undefined, { at: 1, sweptThrough: 10 })).toBe('written');
    expect(await window.advance({ at: 1, sweptThrough: 10 }, { at: 2, sweptThrough: 20 })).toBe('written');
    expect(await window.read()).toEqual({ at: 2, sweptThrough: 20 });
  });

  test('is not moved over what a run has written meanwhile', async () => {
    const { store: window, items } = store();
    await window.advance(undefined, { at: 1, sweptThrough: 10 });
    await items.put('sweep', { at: 2, sweptThrough: 5 });
    expect(await window.advance({ at: 1, sweptThrough: 10 }, { at: 3, sweptThrough: 20 })).toBe('refused');
    expect(await window.advance(undefined, { at: 3, sweptThrough: 20 })).toBe('refused');
    expect(await window.read()).toEqual({ at: 2, sweptThrough: 5 });
  });
});
