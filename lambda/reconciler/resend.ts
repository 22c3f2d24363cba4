/** What is known of an order's messages in this region's queue. Times in milliseconds since 1970. */
export interface Sent {
  /** When the first and the last one went into it. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** How often the reconciler has sent it, beside the message of the API. */
  readonly times: number;
}

/** What the queue is known to hold; both numbers are undefined when it did not say. */
export interface QueueSeen {
  /** Messages that wait or are being worked on. */
  readonly messages: number | undefined;
  /** Those of them that the reconciler has not sent: they are the API's. */
  readonly fromApi: number | undefined;
  /** Orders whose messages went in at about this moment have been executed, ms since 1970; undefined before the first one. */
  readonly reached: number | undefined;
}

/** An order without a row, as this question sees it. Times in milliseconds since 1970. */
export interface OpenOrder {
  readonly receivedAt: number;
  readonly validUntil: number;
  /** Undefined where no message of it ever went into this region's queue. */
  readonly sent: Sent | undefined;
}

/**
 * Up to so many messages explain no wait of a minute: ten batches of ten are worked on at once (lib/services/trading.ts), and an
 * order takes five seconds at the most (order-processor/process-order.ts).
 */
export const FEW_MESSAGES = 100;

/** The pauses between messages of one order: each is twice the one before. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 480_000;

/**
 * SQS keeps order as well as it can and no better, and answers for what its servers have seen: an order counts as overtaken when
 * the queue has come this much further than its message.
 */
const DISORDER_MS = 60_000;

/** So long before its end an order gets a message once more, whatever the queue is thought to hold; half of a shorter validity. */
const LAST_CHANCE_MS = 240_000;

/** The pause before an order may get a further message, in milliseconds. */
export function pauseAfter(times: number): number {
  return times === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
}

/**
 * Whether an order without a row gets a message now. In a long queue its own message is most likely still there, and each
 * further one costs a transaction and makes everybody wait longer: it gets one when the queue has come past its message and it
 * still has no row, or shortly before it is too late. What the reconciler itself has sent explains nothing about an order that
 * it has not sent yet: after a failover thousands may have lost their messages at once. A queue that does not say what it holds
 * is taken for short, with pauses.
 */
export function needsMessage({ receivedAt, validUntil, sent }: OpenOrder, queue: QueueSeen, now: number): boolean {
  if (sent === undefined) return true;
  const { lastAt, times } = sent;
  const lastChance = validUntil - Math.min(LAST_CHANCE_MS, (validUntil - receivedAt) / 2);
  if (now >= lastChance && lastAt < lastChance) return true;
  const waited = now - lastAt;
  const messages = times === 0 ? queue.fromApi : queue.messages;
  if (messages !== undefined && messages <= FEW_MESSAGES) return times === 0 || waited >= FIRST_PAUSE_MS;
  if (waited < pauseAfter(times)) return false;
  return messages === undefined || (queue.reached !== undefined && lastAt + DISORDER_MS < queue.reached);
}
