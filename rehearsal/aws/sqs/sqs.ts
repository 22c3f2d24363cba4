import { answered, notModelled, NotModelledError, refused } from '../service';
import { keyNeeds } from './access';
import { isFields, onlyKnown, requiredText } from './input';
import { md5 } from './message';
import { SQS_NATURE } from './nature';
import { Queue } from './queue';
import { publishQueueMetrics } from './queue-metrics';
import { queueSettings } from './queue-settings';
import { batchError, entryError, entryOf } from './validate';
import type { Graph } from '../../../analysis/graph/graph';
import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { Metrics } from '../ports';
import type { Answer, Call, Need, Reply, Service, ServiceError, Wire, WireFields } from '../service';
import type { Message, ReceivedMessage } from './message';
import type { SqsNature } from './nature';
import type { QueueSettings } from './queue-settings';
import type { Entry } from './validate';

/** What SQS needs of the world. */
export interface SqsWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
}

const VISIBLE = 'ApproximateNumberOfMessages';
const IN_FLIGHT = 'ApproximateNumberOfMessagesNotVisible';
const ATTRIBUTE_FIELDS = new Set(['QueueUrl', 'AttributeNames']);
const BATCH_FIELDS = new Set(['QueueUrl', 'Entries']);

/** SQS in all regions of a stack: its standard queues, the senders' API, and what pollers do. */
export class Sqs implements Service {
  readonly name = 'sqs';
  private readonly queues: readonly Queue[];
  private readonly byUrl: ReadonlyMap<string, Queue>;
  private readonly byArn: ReadonlyMap<string, Queue>;
  private readonly sendNeeds: ReadonlyMap<string, readonly Need[]>;
  private readonly random: Random;
  private entryFailures = 0;

  constructor(
    graph: Graph,
    private readonly world: SqsWorld,
    nature: SqsNature = SQS_NATURE,
  ) {
    this.random = world.random.stream('sqs');
    const queueWorld = { clock: world.clock, random: this.random, nature };
    this.queues = graph.all('aws:sqs/queue:Queue').map((one) => new Queue(queueSettings(one), queueWorld));
    this.byUrl = new Map(this.queues.map((queue) => [queue.settings.url, queue]));
    this.byArn = new Map(this.queues.map((queue) => [queue.settings.arn, queue]));
    this.sendNeeds = new Map(this.queues.map(({ settings }) => [settings.url, sendNeedsOf(settings)]));
    for (const queue of this.queues) queue.onExhausted = this.deadLetters(queue);
    if (this.queues.length > 0) publishQueueMetrics(this.queues, world, this.random.between(nature.metricsAtMs));
  }

  needs(call: Call): readonly Need[] {
    if (call.operation === 'GetQueueAttributes') {
      const queue = this.byUrl.get(requiredText(call, 'QueueUrl'));
      return queue ? [{ action: 'sqs:GetQueueAttributes', resource: queue.settings.arn }] : [];
    }
    if (call.operation !== 'SendMessage' && call.operation !== 'SendMessageBatch') notModelled(call);
    // An unknown queue is told to everybody: there is nothing that a policy could name.
    return this.sendNeeds.get(requiredText(call, 'QueueUrl')) ?? [];
  }

  handle(call: Call, reply: Reply): void {
    const queue = this.byUrl.get(requiredText(call, 'QueueUrl'));
    if (queue === undefined || queue.settings.region !== call.region) {
      reply(refused('QueueDoesNotExist', 'The specified queue does not exist.'));
    } else if (call.operation === 'GetQueueAttributes') reply(attributesOf(call, queue));
    else if (call.operation === 'SendMessage') this.send(call, queue, reply);
    else if (call.operation === 'SendMessageBatch') this.sendBatch(call, queue, reply);
    else notModelled(call);
  }

  /** Takes a message of a part of AWS whose right to send was asked before. */
  deliver(queueArn: string, body: string, senderId: string): void {
    const queue = this.queue(queueArn);
    this.put(queue, { id: '0', body, delaySeconds: undefined }, senderId);
  }

  /** @returns what is visible, at most `max`, hidden from others for the queue's visibility timeout. */
  receive(queueArn: string, max: number): readonly ReceivedMessage[] {
    return this.queue(queueArn).receive(max);
  }

  delete(queueArn: string, receiptHandle: string): void {
    this.queue(queueArn).delete(receiptHandle);
  }

  /** Makes a delivered message visible again at once. */
  release(queueArn: string, receiptHandle: string): void {
    this.queue(queueArn).release(receiptHandle);
  }

  /** Is told whenever something becomes visible in the queue. */
  onVisible(queueArn: string, listener: () => void): void {
    this.queue(queueArn).onVisible(listener);
  }

  visibleCount(queueArn: string): number {
    return this.queue(queueArn).visibleCount;
  }

  settings(queueArn: string): QueueSettings {
    return this.queue(queueArn).settings;
  }

  /** Every message that is not deleted, for the judge. */
  contents(queueArn: string): readonly Readonly<Message>[] {
    return this.queue(queueArn).contents();
  }

  /** Fault: this share of deliveries happens once more. */
  duplicateDeliveries(probability: number): void {
    for (const queue of this.queues) queue.duplicates = probability;
  }

  /** Fault: messages that are sent from now on come later by so many milliseconds; undefined ends it. */
  lateDeliveries(extraMs: Range | undefined): void {
    for (const queue of this.queues) queue.late = extraMs;
  }

  /** Fault: this share of a batch's entries is refused by an internal error. */
  failEntries(probability: number): void {
    this.entryFailures = probability;
  }

  /** The region is lost: nothing is delivered and nothing is measured; messages stay. */
  silence(region: string): void {
    for (const queue of this.queues) if (queue.settings.region === region) queue.silent = true;
  }

  restore(region: string): void {
    for (const queue of this.queues) {
      if (queue.settings.region !== region || !queue.silent) continue;
      queue.silent = false;
      queue.announce();
    }
  }

  private send(call: Call, queue: Queue, reply: Reply): void {
    const entry = entryOf(call.input);
    if (typeof entry === 'string') notModelled(call, entry);
    const error = entryError(entry, queue.settings.longest);
    if (error) reply({ ok: false, error });
    else reply(answered(this.put(queue, entry, call.caller.principal)));
  }

  private sendBatch(call: Call, queue: Queue, reply: Reply): void {
    onlyKnown(call, BATCH_FIELDS);
    const entries = entriesOf(call);
    const error = batchError(entries);
    if (error) {
      reply({ ok: false, error });
      return;
    }
    const taken: WireFields[] = [];
    const failed: WireFields[] = [];
    for (const entry of entries) {
      const wrong = entryError(entry, queue.settings.longest) ?? this.drawnFailure();
      if (wrong)
        failed.push({ Id: entry.id, Code: wrong.code, Message: wrong.message, SenderFault: wrong.status < 500 });
      else taken.push({ Id: entry.id, ...this.put(queue, entry, call.caller.principal) });
    }
    reply(answered({ ...(taken.length > 0 && { Successful: taken }), ...(failed.length > 0 && { Failed: failed }) }));
  }

  private drawnFailure(): ServiceError | undefined {
    if (this.entryFailures === 0 || !this.random.chance(this.entryFailures)) return undefined;
    return { code: 'InternalError', message: 'An internal error has occurred.', status: 500 };
  }

  private put(queue: Queue, { body, delaySeconds }: Entry, senderId: string): WireFields {
    const now = this.world.clock.now();
    const message: Message = {
      messageId: this.random.uuid(),
      body,
      md5: md5(body),
      senderId,
      sentAt: now,
      arrivedAt: now,
      receives: 0,
      firstReceivedAt: undefined,
      handle: undefined,
    };
    queue.put(message, delaySeconds === undefined ? undefined : 1_000 * delaySeconds);
    return { MessageId: message.messageId, MD5OfMessageBody: message.md5 };
  }

  /** The message keeps its id and the time at which it was sent, so its retention goes on (SQS guide, "Dead-letter queues"). */
  private deadLetters({ settings }: Queue): ((message: Message) => void) | undefined {
    if (settings.deadLetters === undefined) return undefined;
    const target = this.queue(settings.deadLetters.arn);
    return (message) =>
      target.put({ ...message, arrivedAt: this.world.clock.now(), receives: 0, firstReceivedAt: undefined }, 0);
  }

  private queue(arn: string): Queue {
    const queue = this.byArn.get(arn);
    if (queue === undefined) throw new NotModelledError(`the stack has no queue ${arn}`);
    return queue;
  }
}

/** SQS guide, "Amazon SQS Key management": who sends to an encrypted queue needs both, since a data key is checked after it is made. */
export function sendNeedsOf({ arn, region, keyArn }: QueueSettings): readonly Need[] {
  const send: Need = { action: 'sqs:SendMessage', resource: arn };
  if (keyArn === undefined) return [send];
  return [send, ...keyNeeds(['kms:GenerateDataKey', 'kms:Decrypt'], keyArn, `sqs.${region}`, ['aws:sqs:arn', arn])];
}

/** SQS API reference, GetQueueAttributes: how many messages could be received now, and how many are in flight, as text. */
function attributesOf(call: Call, queue: Queue): Answer {
  onlyKnown(call, ATTRIBUTE_FIELDS);
  const names = call.input['AttributeNames'];
  if (!Array.isArray(names)) notModelled(call, 'a call without AttributeNames');
  const counts = names.map((name: Wire): readonly [string, string] => {
    if (name === VISIBLE) return [name, String(queue.visibleCount)];
    if (name === IN_FLIGHT) return [name, String(queue.inFlightCount)];
    return notModelled(call, `an attribute other than ${VISIBLE} and ${IN_FLIGHT}`);
  });
  return answered({ Attributes: Object.fromEntries(counts) });
}

function entriesOf(call: Call): readonly Entry[] {
  const entries = call.input['Entries'];
  if (!Array.isArray(entries)) notModelled(call, 'a batch without Entries');
  return entries.map((fields: WireFields) => {
    const entry = isFields(fields) ? entryOf(fields) : 'an entry that is no object';
    return typeof entry === 'string' ? notModelled(call, entry) : entry;
  });
}
