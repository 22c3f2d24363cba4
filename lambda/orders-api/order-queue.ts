import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ReceivedOrder } from '../shared/order';

/** The way of an order to this region's processor. */
export interface OrderQueue {
  send(order: ReceivedOrder): Promise<void>;
}

/** Sending twice is harmless, because the processor executes an order once; the client's patience bounds it. */
export function createOrderQueue(client: SQSClient, queueUrl: string): OrderQueue {
  return {
    async send(order) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(order) }));
    },
  };
}
