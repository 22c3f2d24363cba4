import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ReceivedOrder } from '../shared/order';
import type { Telemetry } from '../shared/telemetry';
import { needsMessage, type QueueSeen, type Sent } from './resend';

/** What putting orders back into a queue touches. */
export interface RequeuePorts {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** The queue's own region: an order that it received has had a message there. */
  readonly region: string;
  readonly telemetry: Pick<Telemetry, 'info' | 'warn'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The way of orders back to this region's processor. */
export interface Requeue {
  /**
   * Sends orders as orders-api does, those that are not in the queue anyway, and begins no batch after `until`. Resolves to the
   * ids of those that the queue has now, by a new message or most likely by an older one. It throws SQS's errors; the client's
   * time-outs and attempts bound each call.
   */
  readonly tryAgain: (orders: readonly ReceivedOrder[], until: number) => Promise<readonly string[]>;
  /** Is told of orders that have their row: so far the queue has been worked through. */
  readonly executed: (orderIds: readonly string[]) => void;
}

/** SQS takes no more messages in one call. */
const BATCH = 10;

/** One sweep goes by one answer of the queue. */
const COUNT_FRESH_MS = 5_000;

/** An order without a row is swept again within this time; a message of one that is not is taken for gone from the queue. */
const STANDS_MS = 150_000;
/** An order that has not been swept for this long is forgotten; it then counts as sent when it was received. */
const FORGET_MS = 900_000;
const MOST_REMEMBERED = 100_000;

/** An order's messages, and when it was last swept without a row, in milliseconds since 1970. */
interface Remembered extends Sent {
  readonly sweptAt: number;
}

/** Decides by `resend.ts`, with what one execution environment remembers; another one begins with what the orders say. */
export function createRequeue(ports: RequeuePorts): Requeue {
  const { client, queueUrl, region, telemetry, now } = ports;
  const memory = new Map<string, Remembered>();
  const count = createCount(ports);
  let reached: number | undefined;

  function known({ orderId, receivedAt, region: receivedIn }: ReceivedOrder): Sent | undefined {
    const at = Date.parse(receivedAt);
    return memory.get(orderId) ?? (receivedIn === region ? { firstAt: at, lastAt: at, times: 0 } : undefined);
  }

  /** Those that were swept longest ago come first in it. */
  function remember({ orderId }: ReceivedOrder, { firstAt, lastAt, times }: Sent): void {
    memory.delete(orderId);
    memory.set(orderId, { firstAt, lastAt, times, sweptAt: now() });
  }

  function forget(): void {
    for (const [orderId, { sweptAt }] of memory) {
      if (memory.size <= MOST_REMEMBERED && now() - sweptAt < FORGET_MS) return;
      memory.delete(orderId);
    }
  }

  async function look(): Promise<QueueSeen> {
    const messages = await count();
    let own = 0;
    for (const { times, sweptAt } of memory.values()) if (now() - sweptAt < STANDS_MS) own += times;
    return { messages, fromApi: messages === undefined ? undefined : Math.max(0, messages - own), reached };
  }

  function isDue(order: ReceivedOrder, queue: QueueSeen): boolean {
    const [receivedAt, validUntil] = [Date.parse(order.receivedAt), Date.parse(order.validUntil)];
    return needsMessage({ receivedAt, validUntil, sent: known(order) }, queue, now());
  }

  async function send(batch: readonly ReceivedOrder[]): Promise<readonly string[]> {
    const { Successful = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((order, index) => ({ Id: String(index), MessageBody: JSON.stringify(order) })),
      }),
    );
    const taken = new Set(Successful.map(({ Id }) => Id));
    const sent = batch.filter((_, index) => taken.has(String(index)));
    const at = now();
    for (const order of sent) {
      const before = known(order);
      remember(order, { firstAt: before?.firstAt ?? at, lastAt: at, times: (before?.times ?? 0) + 1 });
    }
    return sent.map(({ orderId }) => orderId);
  }

  return {
    async tryAgain(orders, until) {
      forget();
      const queue = await look();
      const due: ReceivedOrder[] = [];
      const taken: string[] = [];
      for (const order of orders) {
        const sent = known(order);
        if (sent === undefined || isDue(order, queue)) due.push(order);
        else {
          remember(order, sent);
          taken.push(order.orderId);
        }
      }
      if (taken.length > 0) {
        telemetry.info('orders were left to the messages that they have', { left: taken.length, ...queue });
      }
      for (let first = 0; first < due.length && now() < until; first += BATCH) {
        taken.push(...(await send(due.slice(first, first + BATCH))));
      }
      return taken;
    },
    executed(orderIds) {
      const times = orderIds.flatMap((orderId) => memory.get(orderId)?.firstAt ?? []).sort((one, other) => one - other);
      for (const orderId of orderIds) memory.delete(orderId);
      // The middle one: a single message that was lucky says little about the others of its time.
      const middle = times[Math.floor((times.length - 1) / 2)];
      if (middle !== undefined) reached = Math.max(reached ?? middle, middle);
    },
  };
}

/** How many messages the queue holds; SQS answers approximately, and a minute late at times (SQS API reference, GetQueueAttributes). */
function createCount({ client, queueUrl, telemetry, now }: RequeuePorts): () => Promise<number | undefined> {
  let readAt = -Infinity;
  let messages: number | undefined;

  async function ask(): Promise<number | undefined> {
    try {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      const all =
        Number(Attributes['ApproximateNumberOfMessages']) + Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
      return Number.isFinite(all) ? all : undefined;
    } catch (error) {
      telemetry.warn('the queue does not say how long it is: orders are sent again, less and less often', {
        reason: String(error),
      });
      return undefined;
    }
  }

  return async () => {
    if (now() - readAt < COUNT_FRESH_MS) return messages;
    messages = await ask();
    // A queue that does not answer is not asked for every page of a sweep.
    readAt = now();
    return messages;
  };
}
