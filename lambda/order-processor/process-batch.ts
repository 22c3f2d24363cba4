import * as z from 'zod/mini';
import { DatabaseUnavailableError, MalformedError } from '../shared/errors';
import type { FencedOutcome } from '../shared/fenced-write';
import { beginningWith } from '../shared/lease-store';
import { mayWrite } from '../shared/may-write';
import type { OrderVerdict, ReceivedOrder } from '../shared/order';
import { receivedOrder } from '../shared/order-form';
import type { MetricName, Telemetry } from '../shared/telemetry';
import { type ProcessPorts, processOrder, type Settled } from './process-order';

/** What a batch touches. */
export interface BatchPorts extends ProcessPorts {
  readonly telemetry: Telemetry;
}

/** The answer to SQS: every message that is named comes back after the visibility time-out, the others are done. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const sqsEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

type Message = z.output<typeof sqsEvent>['Records'][number];

/** No order is begun with less than this left of the invocation, in milliseconds: it would be cut off in its middle. */
const ROOM_FOR_ONE_MS = 8_000;

const METRIC_OF: Readonly<Record<OrderVerdict, MetricName>> = {
  PROCESSED: 'OrdersProcessed',
  REJECTED: 'OrdersRejected',
  EXPIRED: 'OrdersExpired',
};

/**
 * Works through a batch, one order after the other on the one connection. A message that a fence stops is done: the order is
 * in the table, the active region's reconciler sweeps it, and none reaches the dead-letter queue because of a failover.
 *
 * @param end when the invocation ends, in milliseconds since 1970.
 */
export async function processBatch(ports: BatchPorts, event: unknown, end: number): Promise<BatchResponse> {
  const parsed = z.safeParse(sqsEvent, event);
  if (!parsed.success) throw new MalformedError('the event is not an SQS event', { cause: parsed.error });
  const messages = parsed.data.Records;

  const { lease, region, now, telemetry } = ports;
  const reading = await lease.read();
  const permit = mayWrite({ reading, region, now: now(), deadline: now() });
  // The first order begins with what was just read; its reading before the commit is a new one, as everybody's.
  const writing = { ...ports, lease: beginningWith(reading, lease) };
  const failed: string[] = [];
  let unreachable = false;
  for (const message of messages) {
    const order = parseOrder(message, telemetry);
    if (!order) failed.push(message.messageId);
    else if (!permit.ok) reportFenced(telemetry, order, permit);
    else if (unreachable || now() + ROOM_FOR_ONE_MS > end) failed.push(message.messageId);
    else {
      const outcome = await attempt(writing, order);
      unreachable = outcome === 'unreachable';
      if (outcome !== 'done') failed.push(message.messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** A message that is no order never will be one: it comes back until SQS moves it to the dead-letter queue. */
function parseOrder({ messageId, body }: Message, telemetry: Telemetry): ReceivedOrder | undefined {
  try {
    return z.parse(receivedOrder, JSON.parse(body));
  } catch (error) {
    telemetry.error('the message is not an order', error, { messageId });
    return undefined;
  }
}

/** Processes one order; `unreachable` says that the next order would fail for the same reason. */
async function attempt(ports: BatchPorts, order: ReceivedOrder): Promise<'done' | 'again' | 'unreachable'> {
  const { telemetry } = ports;
  const { orderId } = order;
  try {
    const outcome = await processOrder(ports, order);
    if (outcome.kind === 'fenced') reportFenced(telemetry, order, outcome);
    if (outcome.kind === 'late') {
      telemetry.count('LateCommits');
      telemetry.warn('the commit came too late to be acknowledged', {
        orderId,
        why: outcome.why,
        epoch: outcome.epoch,
      });
      return 'again';
    }
    if (outcome.kind === 'committed') reportSettled(telemetry, order, outcome);
    return 'done';
  } catch (error) {
    telemetry.error('the order could not be processed: its message comes back', error, { orderId });
    return error instanceof DatabaseUnavailableError ? 'unreachable' : 'again';
  }
}

function reportFenced(
  telemetry: Telemetry,
  { orderId }: ReceivedOrder,
  { reason, why, epoch }: { readonly reason: string; readonly why: string; readonly epoch?: number },
): void {
  telemetry.count('FencedMessages');
  telemetry.warn('fenced: the order waits for the active region', { orderId, reason, why, epoch });
}

function reportSettled(
  telemetry: Telemetry,
  { orderId }: ReceivedOrder,
  { value: { effect, own, otherContent, refusal } }: Extract<FencedOutcome<Settled>, { kind: 'committed' }>,
): void {
  if (own) telemetry.count(METRIC_OF[effect.verdict]);
  if (refusal !== undefined && own) {
    telemetry.count('NeedsPerson');
    telemetry.error('the database does not take the order as it is: it is rejected', refusal, { orderId });
  }
  if (otherContent) {
    telemetry.count('NeedsPerson');
    telemetry.error(
      'two orders were accepted under one id, and the other one has its effect: this one is never executed',
      new MalformedError(`the row of order ${orderId} has other content`),
      { orderId, ...effect },
    );
    return;
  }
  telemetry.info(own ? 'the order is settled' : 'the order was settled before', { orderId, ...effect });
}
