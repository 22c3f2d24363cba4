import { received } from './message';
import type { Clock, Timer } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { Message, ReceivedMessage } from './message';
import type { SqsNature } from './nature';
import type { QueueSettings } from './queue-settings';

/** What a queue needs of the world. */
export interface QueueWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly nature: SqsNature;
}

/** How long a queue is active after it was used last (SQS guide, "Monitoring Amazon SQS queues"), milliseconds. */
const ACTIVE_MS = 6 * 3_600_000;

/** From the third delivery on a message does not count in the age metric (SQS guide, "Available CloudWatch metrics"). */
const POISON_RECEIVES = 3;

/** One standard queue: at least once, in roughly the order of sending. */
export class Queue {
  /** A lost region delivers nothing and keeps its messages. */
  silent = false;
  /** Moves a message that was delivered too often. */
  onExhausted: ((message: Message) => void) | undefined;
  /** Share of deliveries that happen once more, and how much later than usual messages come; what faults turn. */
  duplicates: number;
  late: Range | undefined;
  private readonly visible: Message[] = [];
  private readonly hidden = new Map<Message, Timer>();
  private readonly delivered = new Map<string, Message>();
  private readonly listeners: (() => void)[] = [];
  private activeUntil = 0;
  private handles = 0;

  constructor(
    readonly settings: QueueSettings,
    private readonly world: QueueWorld,
  ) {
    this.duplicates = world.nature.duplicates;
  }

  /** Is told when there is something to receive. */
  onVisible(listener: () => void): void {
    this.listeners.push(listener);
    this.use();
  }

  /** @param delayMs the sender's own delay; undefined: the queue's. */
  put(message: Message, delayMs = this.settings.delayMs): void {
    const { random, nature } = this.world;
    this.use();
    const late = this.late === undefined ? 0 : random.between(this.late);
    this.hide(message, delayMs + late + random.between(nature.visibleAfterMs));
  }

  receive(max: number): readonly ReceivedMessage[] {
    if (this.silent) return [];
    const taken: ReceivedMessage[] = [];
    while (taken.length < max) {
      const message = this.visible.shift();
      if (message === undefined) break;
      if (this.expired(message) || this.exhausted(message)) continue;
      taken.push(this.deliver(message));
    }
    this.use();
    return taken;
  }

  /** Only the handle of the latest delivery deletes; an older one does nothing, as does one of a deleted message. */
  delete(handle: string): void {
    const message = this.delivered.get(handle);
    if (message === undefined) return;
    this.forget(message);
    const place = this.visible.indexOf(message);
    if (place >= 0) this.visible.splice(place, 1);
  }

  /** Makes a delivered message visible again at once: a visibility timeout of 0. */
  release(handle: string): void {
    const message = this.delivered.get(handle);
    const timer = message && this.hidden.get(message);
    if (message === undefined || timer === undefined) return;
    timer.cancel();
    this.hidden.delete(message);
    this.show(message);
  }

  get visibleCount(): number {
    return this.visible.length;
  }

  /** Delivered, and neither deleted nor visible again. */
  get inFlightCount(): number {
    let count = 0;
    for (const { receives } of this.hidden.keys()) if (receives > 0) count += 1;
    return count;
  }

  /** All messages that are not deleted: waiting, visible, in flight. */
  get size(): number {
    return this.visible.length + this.hidden.size;
  }

  /** Everything that is here, for the judge. */
  contents(): readonly Message[] {
    return [...this.visible, ...this.hidden.keys()];
  }

  isActive(): boolean {
    return this.size > 0 || this.world.clock.now() < this.activeUntil;
  }

  /** Milliseconds; undefined without a message that counts. */
  oldestAge(): number | undefined {
    const now = this.world.clock.now();
    let oldest: number | undefined;
    const consider = ({ receives, arrivedAt }: Message): void => {
      if (receives < POISON_RECEIVES && arrivedAt < (oldest ?? Infinity)) oldest = arrivedAt;
    };
    for (const message of this.visible) consider(message);
    for (const message of this.hidden.keys()) consider(message);
    return oldest === undefined ? undefined : now - oldest;
  }

  /** Tells the receivers, if there is anything for them. */
  announce(): void {
    if (this.silent || this.visible.length === 0) return;
    for (const listener of this.listeners) listener();
  }

  private deliver(message: Message): ReceivedMessage {
    const { settings, world } = this;
    const now = world.clock.now();
    message.receives += 1;
    message.firstReceivedAt ??= now;
    if (message.handle !== undefined) this.delivered.delete(message.handle);
    this.handles += 1;
    const handle = `${message.messageId}/${this.handles}`;
    message.handle = handle;
    this.delivered.set(handle, message);
    this.hide(message, settings.visibilityMs);
    if (this.duplicates > 0 && world.random.chance(this.duplicates)) this.duplicate(message);
    return received(message, handle, now, settings.arn, settings.region);
  }

  /** A server that missed the delivery or will miss the deletion still has its copy (SQS guide, "Standard queues"). */
  private duplicate(message: Message): void {
    this.hide({ ...message, handle: undefined }, this.world.random.between(this.world.nature.duplicateAfterMs));
  }

  private hide(message: Message, ms: number): void {
    const timer = this.world.clock.after(ms, () => {
      this.hidden.delete(message);
      this.show(message);
    });
    this.hidden.set(message, timer);
  }

  private show(message: Message): void {
    this.visible.push(message);
    this.announce();
  }

  private expired(message: Message): boolean {
    if (this.world.clock.now() < message.sentAt + this.settings.retentionMs) return false;
    this.forget(message);
    return true;
  }

  /** A message that was delivered as often as allowed goes to the dead letters instead of being delivered again. */
  private exhausted(message: Message): boolean {
    const { deadLetters } = this.settings;
    if (deadLetters === undefined || message.receives < deadLetters.maxReceiveCount) return false;
    this.forget(message);
    this.onExhausted?.(message);
    return true;
  }

  private forget(message: Message): void {
    this.hidden.get(message)?.cancel();
    this.hidden.delete(message);
    if (message.handle !== undefined) this.delivered.delete(message.handle);
  }

  private use(): void {
    this.activeUntil = this.world.clock.now() + ACTIVE_MS;
  }
}
