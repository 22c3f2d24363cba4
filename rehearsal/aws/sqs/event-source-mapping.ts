import { doneOf } from './batch-response';
import { pollerNeedsOf, pollerOf } from './mapping-settings';
import type { Clock, Timer } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Functions, InvocationResult } from '../ports';
import type { Caller, Need, WireFields } from '../service';
import type { Access } from './access';
import type { MappingSettings } from './mapping-settings';
import type { ReceivedMessage } from './message';
import type { PollingNature } from './nature';
import type { Sqs } from './sqs';

/** What a mapping needs of the world. */
export interface PollingWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly sqs: Sqs;
  readonly functions: Functions;
  readonly access: Access;
}

/** The states of a mapping that can be seen (Lambda API reference, EventSourceMappingConfiguration). */
export type MappingState = 'Disabled' | 'Disabling' | 'Enabled' | 'Enabling';

/** SQS gives no more messages in one call. */
const RECEIVE_MOST = 10;

/** Five batches at first, up to 300 more a minute while messages are left (Lambda guide, "Configuring scaling behavior ..."). */
const FIRST_CONCURRENCY = 5;
const MORE_PER_SECOND = 5;

/** Polls one queue for one function, event driven: nothing happens while the queue is empty. */
export class EventSourceMapping {
  /** What the pollers need from the function's role. */
  readonly pollerNeeds: readonly Need[];
  private state: MappingState;
  private silent = false;
  private running = 0;
  /** Grows with every loss of the region: what ran before is nobody's any more. */
  private generation = 0;
  private poll: Timer | undefined;
  private window: Timer | undefined;
  private gathered: ReceivedMessage[] = [];
  private busySince: number | undefined;
  /** When the state last changed, in milliseconds since 1970. */
  private changedAt: number;
  private readonly poller: Caller;
  private readonly invoker: Caller & { readonly sourceArn: string };

  constructor(
    readonly settings: MappingSettings,
    private readonly world: PollingWorld,
    private readonly nature: PollingNature,
  ) {
    const { region, queueArn, uuid } = settings;
    this.state = settings.enabled ? 'Enabled' : 'Disabled';
    this.changedAt = world.clock.now();
    this.pollerNeeds = pollerNeedsOf(world.sqs.settings(queueArn));
    this.poller = pollerOf(settings);
    this.invoker = { principal: 'lambda.amazonaws.com', from: region, name: `mapping ${uuid}`, sourceArn: queueArn };
    world.sqs.onVisible(queueArn, () => this.wake());
  }

  /** What UpdateEventSourceMapping answers with (Lambda API reference, "UpdateEventSourceMapping"). */
  describe(): WireFields {
    const { uuid, queueArn, functionArn, batchSize, windowMs, maximumConcurrency } = this.settings;
    return {
      UUID: uuid,
      EventSourceArn: queueArn,
      FunctionArn: functionArn,
      BatchSize: batchSize,
      MaximumBatchingWindowInSeconds: windowMs / 1_000,
      ScalingConfig: { MaximumConcurrency: maximumConcurrency },
      State: this.state,
      StateTransitionReason: 'USER_INITIATED',
      LastModified: this.changedAt / 1_000,
    };
  }

  get currentState(): MappingState {
    return this.state;
  }

  /** Invocations under way. */
  get concurrency(): number {
    return this.running;
  }

  /** @returns false while another change is under way: Lambda answers ResourceInUseException then. */
  setEnabled(enabled: boolean): boolean {
    if (this.state === 'Enabling' || this.state === 'Disabling') return false;
    if (enabled === (this.state === 'Enabled')) return true;
    this.state = enabled ? 'Enabling' : 'Disabling';
    this.changedAt = this.world.clock.now();
    this.world.clock.after(this.world.random.between(this.nature.switchMs), () => {
      this.state = enabled ? 'Enabled' : 'Disabled';
      this.changedAt = this.world.clock.now();
      this.wake();
    });
    return true;
  }

  /** The region is lost, and with it the pollers and what they had invoked: those messages come back by themselves. */
  silence(): void {
    this.silent = true;
    this.generation += 1;
    this.running = 0;
    this.gathered = [];
    this.window?.cancel();
    this.window = undefined;
    this.poll?.cancel();
    this.poll = undefined;
  }

  restore(): void {
    this.silent = false;
    this.wake();
  }

  /** Until it is Disabled a mapping polls: what is under way ends as usual. */
  private polls(): boolean {
    return !this.silent && (this.state === 'Enabled' || this.state === 'Disabling');
  }

  private wake(afterMs?: number): void {
    if (this.poll !== undefined || !this.polls()) return;
    const { clock, random, sqs } = this.world;
    if (sqs.visibleCount(this.settings.queueArn) === 0) return;
    this.poll = clock.after(afterMs ?? random.between(this.nature.pickUpMs), () => {
      this.poll = undefined;
      if (this.polls() && this.world.access.allows(this.poller, this.pollerNeeds)) this.drain();
    });
  }

  /** Takes messages as long as there are some and a further invocation is allowed. */
  private drain(): void {
    const { sqs } = this.world;
    const { queueArn, batchSize, windowMs, maximumConcurrency } = this.settings;
    while (this.running < this.capacity()) {
      const messages = sqs.receive(queueArn, Math.min(RECEIVE_MOST, batchSize - this.gathered.length));
      if (messages.length === 0) {
        this.busySince = undefined;
        return;
      }
      this.gathered.push(...messages);
      if (windowMs === 0 || this.gathered.length >= batchSize) this.flush();
      else this.window ??= this.world.clock.after(windowMs, () => this.flush());
    }
    // More pollers come within a second; at the maximum the next one that is free looks.
    if (this.capacity() < maximumConcurrency) this.wake(1_000);
  }

  private capacity(): number {
    const now = this.world.clock.now();
    this.busySince ??= now;
    const more = (MORE_PER_SECOND * (now - this.busySince)) / 1_000;
    return Math.min(this.settings.maximumConcurrency, FIRST_CONCURRENCY + Math.floor(more));
  }

  private flush(): void {
    const batch = this.gathered;
    this.gathered = [];
    this.window?.cancel();
    this.window = undefined;
    if (batch.length === 0) return;
    const { generation } = this;
    this.running += 1;
    this.world.functions.invoke(this.settings.functionArn, { Records: batch }, this.invoker, (result) => {
      if (generation !== this.generation) return;
      this.running -= 1;
      this.settle(batch, result);
      this.wake();
    });
  }

  /** What is done is deleted; the rest comes back when its visibility timeout is over. */
  private settle(batch: readonly ReceivedMessage[], result: InvocationResult): void {
    const { queueArn, reportsItemFailures } = this.settings;
    const ids = batch.map(({ messageId }) => messageId);
    const done = new Set(doneOf(result, ids, reportsItemFailures));
    for (const { messageId, receiptHandle } of batch) {
      if (done.has(messageId)) this.world.sqs.delete(queueArn, receiptHandle);
    }
  }
}
