import { SQSClient } from '@aws-sdk/client-sqs';
import { createRequeue } from '../../../lambda/reconciler/requeue';
import type { ReceivedOrder } from '../../../lambda/shared/order';
import { receivedOrder } from '../../../lambda/shared/order-form';
import { fakeAws, type FakeAnswer } from '../support/fake-aws';
import { recordedTelemetry } from '../support/fakes';
import { MINUTE, NOW, order, SECOND, sweepWorld } from './support/sweep-world';

const HERE = 'eu-central-1';
const FOREVER = Infinity;

/** A queue of which each test says how long it is and what it refuses. */
function queueOf(
  change: { readonly length?: () => number | 'silent'; readonly refuses?: (id: string) => boolean } = {},
) {
  const state = { now: NOW, sendMs: 0 };
  const bodies: string[] = [];
  const { options, sent } = fakeAws(({ operation, body }): FakeAnswer => {
    if (operation === 'GetQueueAttributes') {
      const length = change.length?.() ?? 0;
      if (length === 'silent') return { error: 'RequestThrottled' };
      const inFlight = Math.min(length, 100);
      return {
        body: {
          Attributes: {
            ApproximateNumberOfMessages: String(length - inFlight),
            ApproximateNumberOfMessagesNotVisible: String(inFlight),
          },
        },
      };
    }
    state.now += state.sendMs;
    const entries: { Id: string; MessageBody: string }[] = JSON.parse(JSON.stringify(body['Entries']));
    const good = entries.filter(({ MessageBody }) => !change.refuses?.(JSON.parse(MessageBody).orderId));
    bodies.push(...good.map(({ MessageBody }) => MessageBody));
    return {
      body: {
        Successful: good.map(({ Id }) => ({ Id, MessageId: 'm', MD5OfMessageBody: '' })),
        Failed: entries
          .filter((entry) => !good.includes(entry))
          .map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
      },
    };
  });
  const telemetry = recordedTelemetry();
  const requeue = createRequeue({
    client: new SQSClient({ ...options, md5: false, maxAttempts: 1 }),
    queueUrl: `https://sqs.${HERE}.amazonaws.com/1/orders-dev`,
    region: HERE,
    telemetry,
    now: () => state.now,
  });
  const operations = () => sent.map(({ operation }) => operation);
  return { requeue, state, sent, bodies, telemetry, operations };
}

const many = (count: number, receivedAt = NOW - 30 * SECOND) =>
  Array.from({ length: count }, (_, index) => order(`o${index}`, receivedAt));
const idsOf = (orders: readonly ReceivedOrder[]) => orders.map(({ orderId }) => orderId);
const elsewhere = (orders: readonly ReceivedOrder[]) => orders.map((one) => ({ ...one, region: 'eu-central-2' }));

describe('orders that go back into the queue', () => {
  test('go in tens, as the processor reads them, and only those count that the queue has taken', async () => {
    const { requeue, sent, bodies } = queueOf({ refuses: (id) => id === 'o1' || id === 'o11' });
    const orders = many(12);
    const good = orders.filter(({ orderId }) => orderId !== 'o1' && orderId !== 'o11');
    expect(await requeue.tryAgain(orders, FOREVER)).toEqual(idsOf(good));
    expect(bodies.map((body) => receivedOrder.parse(JSON.parse(body)))).toEqual(good);
    const batches = sent.flatMap(({ body }) => (Array.isArray(body['Entries']) ? [body['Entries'].length] : []));
    expect(batches).toEqual([10, 2]);
  });

  test('stay out of a long queue in which their own messages wait, and are left in peace', async () => {
    const { requeue, operations } = queueOf({ length: () => 101 });
    expect(await requeue.tryAgain(many(50), FOREVER)).toEqual(idsOf(many(50)));
    expect(operations()).toEqual(['GetQueueAttributes']);
  });

  test('go into a long queue that has never had them: those of the other region', async () => {
    const { requeue, bodies } = queueOf({ length: () => 5_000 });
    expect(await requeue.tryAgain(elsewhere(many(30)), FOREVER)).toHaveLength(30);
    expect(bodies).toHaveLength(30);
  });

  test('go into a queue that is long only with what was sent before: a failover loses thousands of messages at once', async () => {
    const length = { now: 0 };
    const { requeue, state, bodies } = queueOf({ length: () => length.now });
    await requeue.tryAgain(elsewhere(many(2_000)), FOREVER);
    length.now = 2_000;
    state.now += 10 * SECOND;
    const own = Array.from({ length: 500 }, (_, index) => order(`own${index}`, NOW - MINUTE));
    await requeue.tryAgain(own, FOREVER);
    expect(bodies).toHaveLength(2_500);
  });

  test('begin no batch after the end of the sweep: what is left is not called taken', async () => {
    const { requeue, state } = queueOf();
    state.sendMs = 1_500;
    expect(await requeue.tryAgain(many(100), NOW + 4_000)).toEqual(idsOf(many(30)));
  });

  test('ask for the length once in a sweep, whatever the pages', async () => {
    const { requeue, operations } = queueOf();
    for (let page = 0; page < 5; page += 1) await requeue.tryAgain(many(1), FOREVER);
    expect(operations().filter((operation) => operation === 'GetQueueAttributes')).toHaveLength(1);
  });

  test('go as ever, with pauses that double, while the queue does not say how long it is', async () => {
    const { requeue, state, bodies, telemetry } = queueOf({ length: () => 'silent' });
    const sentAt: number[] = [];
    const one = order('o1', NOW - 20 * SECOND);
    for (let seconds = 0; seconds <= 600; seconds += 60) {
      const before = bodies.length;
      await requeue.tryAgain([one], FOREVER);
      if (bodies.length > before) sentAt.push(seconds);
      state.now += MINUTE;
    }
    expect(sentAt).toEqual([0, 60, 180, 420]);
    expect(telemetry.warnings[0]).toContain('does not say how long it is');
  });

  test('are remembered in bounds: one that is not swept any more is forgotten, and counts as sent when it was received', async () => {
    const { requeue, state, bodies } = queueOf({ length: () => 'silent' });
    const one = { ...order('o1', NOW), validUntil: new Date(NOW + 60 * MINUTE).toISOString() };
    await requeue.tryAgain([one], FOREVER);
    state.now += 15 * MINUTE;
    await requeue.tryAgain(elsewhere([order('o2', NOW)]), FOREVER);
    await requeue.tryAgain([one], FOREVER);
    await requeue.tryAgain([one], FOREVER);
    expect(bodies).toHaveLength(3);
  });
});

describe('a backlog', () => {
  /** Orders come in, their messages are worked through in turn, and the reconciler sweeps: ten seconds at a time. */
  async function backlog(rates: {
    readonly arrive: (seconds: number) => number;
    readonly executePerSecond: number;
    readonly isLost?: (number: number) => boolean;
    readonly seconds: number;
  }) {
    const messages: ReceivedOrder[] = [];
    const settled = new Map<string, number>();
    const { requeue, state, bodies } = queueOf({ length: () => messages.length });
    const world = sweepWorld([], {
      now: () => state.now,
      tryAgain: requeue.tryAgain,
      withoutEffect: async (ids) => {
        requeue.executed(ids.filter((id) => settled.has(id)));
        return { ids: ids.filter((id) => !settled.has(id)), settled: [] };
      },
    });
    let longest = 0;
    let handed = 0;
    for (let seconds = 0; seconds < rates.seconds; seconds += 10) {
      for (let index = 0; index < rates.arrive(seconds) * 10; index += 1) {
        const one = order(`o${world.table.length}`, state.now - 10 * SECOND + index);
        world.table.push(one);
        if (!rates.isLost?.(world.table.length)) messages.push(one);
      }
      for (const { orderId } of messages.splice(0, rates.executePerSecond * 10)) {
        if (!settled.has(orderId)) settled.set(orderId, state.now);
      }
      longest = Math.max(longest, messages.length / rates.executePerSecond);
      await world.sweep();
      messages.push(...bodies.slice(handed).map((body) => receivedOrder.parse(JSON.parse(body))));
      handed = bodies.length;
      state.now += 10 * SECOND;
    }
    const late = world.table.filter(
      ({ orderId, validUntil }) => !((settled.get(orderId) ?? Infinity) < Date.parse(validUntil)),
    );
    return { resent: bodies.length, longest, late: late.length, orders: world.table.length, left: messages.length };
  }

  test('does not feed itself: hardly an order is sent twice, none expires, and it comes to its end', async () => {
    // Five minutes at twice what is executed, then at three quarters of it: duplicates of each minute would never let it end.
    const arrive = (seconds: number) => (seconds < 300 ? 8 : seconds < 1_600 ? 3 : 0);
    const { resent, longest, late, left, orders } = await backlog({ arrive, executePerSecond: 4, seconds: 1_900 });
    expect(longest).toBeGreaterThan(240);
    expect([late, left]).toEqual([0, 0]);
    // Those that were found while the queue was short: at its beginning and its end.
    expect(resent).toBeLessThan(orders / 20);
  });

  test('starves nobody: orders whose messages were lost on the way are found behind the head of the queue', async () => {
    const arrive = (seconds: number) => (seconds < 300 ? 6 : seconds < 800 ? 2 : 0);
    const isLost = (number: number) => number % 20 === 0;
    const { resent, longest, late, left, orders } = await backlog({
      arrive,
      executePerSecond: 4,
      isLost,
      seconds: 1_800,
    });
    expect(longest).toBeGreaterThan(120);
    expect([late, left]).toEqual([0, 0]);
    expect(resent).toBeGreaterThanOrEqual(Math.floor(orders / 20) - 20);
    expect(resent).toBeLessThan(orders / 10 + 60);
  });
});
