import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ReceivedOrder } from '../shared/order';

/**
 * The way of orders back to this region's processor: sends them as orders-api does, and tells the ids of those that the queue
 * has taken. It throws SQS's errors; the client's time-outs and attempts bound each call.
 */
export type Requeue = (orders: readonly ReceivedOrder[]) => Promise<readonly string[]>;

/** SQS takes no more messages in one call. */
const BATCH = 10;

/** Sends in batches, one after the other. */
export function createRequeue(client: SQSClient, queueUrl: string): Requeue {
  return async (orders) => {
    const taken: string[] = [];
    for (let first = 0; first < orders.length; first += BATCH) {
      const batch = orders.slice(first, first + BATCH);
      const { Successful = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map((order, index) => ({ Id: String(index), MessageBody: JSON.stringify(order) })),
        }),
      );
      const ids = new Set(Successful.map(({ Id }) => Id));
      taken.push(...batch.filter((_, index) => ids.has(String(index))).map(({ orderId }) => orderId));
    }
    return taken;
  };
}
