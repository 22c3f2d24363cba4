import { createHash } from 'node:crypto';

/** One message in a queue; a duplicate delivery is an entry of its own with the same message id. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly md5: string;
  /** Role or service that sent it. */
  readonly senderId: string;
  /** Milliseconds since 1970; also of a message that was moved to a dead-letter queue. */
  readonly sentAt: number;
  /** When it came into this queue. */
  readonly arrivedAt: number;
  receives: number;
  firstReceivedAt: number | undefined;
  /** The receipt handle of the latest delivery. */
  handle: string | undefined;
}

/** A delivered message, in the shape of a record of Lambda's event (Lambda guide, "Using Lambda with Amazon SQS"). */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId: string;
    readonly ApproximateFirstReceiveTimestamp: string;
  };
  readonly messageAttributes: Readonly<Record<string, never>>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export function received(message: Message, handle: string, now: number, arn: string, region: string): ReceivedMessage {
  return {
    messageId: message.messageId,
    receiptHandle: handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt),
      SenderId: message.senderId,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? now),
    },
    messageAttributes: {},
    md5OfBody: message.md5,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
}

/** What the SDK compares with its own digest of the body: a wrong one is an error there. */
export function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
