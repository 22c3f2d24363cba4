import { createHash } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { limitBreaches } from '../../../lambda/orders-api/decide-order';
import { createLimitsStore } from '../../../lambda/orders-api/limits-store';
import { createOrderQueue } from '../../../lambda/orders-api/order-queue';
import type { ReceivedOrder } from '../../../lambda/shared/order';
import { type FakeAnswer, fakeAws } from '../support/fake-aws';
import { recordedTelemetry } from '../support/fakes';

const NOW = Date.parse('2026-11-24T03:51:07.000Z');
const ORDER = {
  orderId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  symbol: 'SAP',
  side: 'BUY',
  quantity: 10,
  limitPrice: '180.5',
  account: 'ACC-1',
  region: 'eu-central-1',
} as const;

test.each([
  ['at the limit', 100, '10', []],
  ['a hundred-millionth above it', 100, '10.00000001', ['limitPrice']],
  ['above the quantity', 101, '1', ['quantity']],
])('an order %s breaks %j', (_, quantity, limitPrice, fields) => {
  const order = { symbol: 'SAP', side: 'BUY', quantity, limitPrice, account: 'a' } as const;
  expect(limitBreaches(order, { maxQuantity: 100, maxNotional: 1_000 }).map(({ field }) => field)).toEqual(fields);
});

test('limits of any size compare exactly', () => {
  const order = { symbol: 'SAP', side: 'BUY', quantity: 1_000_000, limitPrice: '10000000', account: 'a' } as const;
  expect(limitBreaches(order, { maxQuantity: 1e6, maxNotional: 1e13 })).toEqual([]);
});

describe('the limits parameter', () => {
  const LIMITS = { maxQuantity: 5, maxNotional: 50 };
  const good: FakeAnswer = { body: { Parameter: { Value: JSON.stringify(LIMITS) } } };

  function store() {
    const state = { answer: good, now: NOW };
    const { options, sent } = fakeAws(() => state.answer);
    const telemetry = recordedTelemetry();
    return {
      limits: createLimitsStore(new SSMClient({ ...options, maxAttempts: 1 }), '/limits', () => state.now, telemetry),
      state,
      sent,
      telemetry,
    };
  }

  test('is read once a minute', async () => {
    const { limits, state, sent } = store();
    expect(await limits.read()).toEqual({ known: true, limits: LIMITS });
    state.now += 59_999;
    await limits.read();
    expect(sent).toHaveLength(1);
    state.now += 1;
    await limits.read();
    expect(sent.map(({ body }) => body)).toEqual([
      { Name: '/limits', WithDecryption: true },
      { Name: '/limits', WithDecryption: true },
    ]);
  });

  test.each([
    ['cannot be read', { error: 'InternalServerError', status: 500 }],
    ['is not JSON', { body: { Parameter: { Value: 'many' } } }],
    ['has a limit of zero', { body: { Parameter: { Value: '{"maxQuantity":0,"maxNotional":1}' } } }],
  ])('keeps its last known value when it %s, and says so', async (_, failure) => {
    const { limits, state, telemetry } = store();
    await limits.read();
    state.now += 60_000;
    state.answer = failure;
    expect(await limits.read()).toEqual({ known: true, limits: LIMITS });
    expect(telemetry.warnings).toEqual(['order limits cannot be read']);
  });

  test('is unknown with a reason when it was never read', async () => {
    const { limits, state } = store();
    state.answer = { error: 'ParameterNotFound' };
    expect(await limits.read()).toEqual({
      known: false,
      why: expect.stringContaining('/limits cannot be read: ParameterNotFound'),
    });
  });
});

test('a message carries the order to the queue of this region', async () => {
  // The SDK compares the digest in the answer with what it sent.
  const { options, sent } = fakeAws(({ body }) => ({
    body: { MessageId: 'm', MD5OfMessageBody: createHash('md5').update(String(body['MessageBody'])).digest('hex') },
  }));
  const queue = createOrderQueue(
    new SQSClient(options),
    'https://sqs.eu-central-1.amazonaws.com/123456789012/orders-queue-dev',
  );
  const order: ReceivedOrder = { ...ORDER, receivedAt: '', validUntil: '' };
  await queue.send(order);
  expect(sent[0]?.operation).toBe('SendMessage');
  expect(sent[0]?.body).toEqual({
    QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders-queue-dev',
    MessageBody: JSON.stringify(order),
  });
});
