import { lambdaEvent, sqsBody } from './envelope';
import { AWS_ENDPOINTS, CUSTOMER_ENDPOINTS, retryAfterMs } from './retry-policy';
import { sendNeedsOf } from '../sqs/sqs';
import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Network } from '../../network/network';
import type { Functions } from '../ports';
import type { Caller, Need } from '../service';
import type { Access } from '../sqs/access';
import type { Sqs } from '../sqs/sqs';
import type { Notification } from './envelope';
import type { SnsNature } from './nature';
import type { Subscription, Topic } from './settings';

/** What SNS needs of the world. */
export interface SnsWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly functions: Functions;
  readonly sqs: Sqs;
  readonly access: Access;
}

/** A message that reached its endpoint, for judge and report: of an e-mail, what a person could read, and when. */
export interface Delivery {
  readonly at: number;
  readonly publishedAt: number;
  readonly topicArn: string;
  readonly protocol: Subscription['protocol'];
  readonly endpoint: string;
  readonly subject: string | undefined;
  readonly text: string;
}

/** A message that never reaches its endpoint. */
export interface Undelivered extends Omit<Delivery, 'at' | 'text'> {
  readonly why: 'given up' | 'not allowed';
}

/** Brings one notification to one endpoint, as often as it takes. */
export class Deliveries {
  readonly made: Delivery[] = [];
  readonly failed: Undelivered[] = [];
  /** Under way, those that wait for another attempt included. */
  pending = 0;
  private readonly silent = new Set<string>();
  private readonly waiting = new Map<string, (() => void)[]>();
  private readonly needs = new Map<Subscription, readonly Need[]>();

  constructor(
    private readonly world: SnsWorld,
    private readonly nature: SnsNature,
  ) {}

  start(topic: Topic, to: Subscription, notification: Notification): void {
    const { clock, random } = this.world;
    this.pending += 1;
    const delay = random.between(to.protocol === 'email' ? this.nature.emailMs : this.nature.deliveryMs);
    clock.after(delay, () => this.attempt(topic, to, notification, 1));
  }

  silence(region: string): void {
    this.silent.add(region);
  }

  /** What a lost region had taken over it delivers afterwards. */
  restore(region: string): void {
    if (!this.silent.delete(region)) return;
    const waiting = this.waiting.get(region) ?? [];
    this.waiting.delete(region);
    for (const attempt of waiting) attempt();
  }

  private attempt(topic: Topic, to: Subscription, notification: Notification, number: number): void {
    if (this.silent.has(topic.region)) {
      const waiting = this.waiting.get(topic.region) ?? [];
      this.waiting.set(topic.region, waiting);
      waiting.push(() => this.attempt(topic, to, notification, number));
      return;
    }
    const { clock, network } = this.world;
    if (to.place === topic.region) {
      this.arrive(topic, to, notification);
      return;
    }
    const passage = network.pass(topic.region, to.place);
    if (passage.kind === 'passes') clock.after(passage.ms, () => this.arrive(topic, to, notification));
    else this.retry(topic, to, notification, number, passage.kind === 'lost' ? this.nature.attemptMs : passage.ms);
  }

  private retry(topic: Topic, to: Subscription, notification: Notification, failures: number, spentMs: number): void {
    const wait = retryAfterMs(to.protocol === 'email' ? CUSTOMER_ENDPOINTS : AWS_ENDPOINTS, failures);
    if (wait === undefined) this.fail(to, notification, 'given up');
    else this.world.clock.after(spentMs + wait, () => this.attempt(topic, to, notification, failures + 1));
  }

  private arrive(topic: Topic, to: Subscription, notification: Notification): void {
    const { clock, functions, sqs } = this.world;
    if (to.protocol === 'sqs') {
      // A refusal is the receiver's fault, and SNS does not try again ("Message delivery retries", client-side errors).
      if (!this.mayDeliver(topic, to)) {
        this.fail(to, notification, 'not allowed');
        return;
      }
      sqs.deliver(to.endpoint, sqsBody(notification, to), to.principal);
    } else if (to.protocol === 'lambda') {
      functions.invokeAsync(to.endpoint, lambdaEvent(notification, to), callerOf(topic, to));
    }
    this.pending -= 1;
    const text = notification.body;
    this.made.push({ at: clock.now(), ...about(to, notification), text });
  }

  private mayDeliver(topic: Topic, to: Subscription): boolean {
    let needs = this.needs.get(to);
    if (needs === undefined) {
      needs = sendNeedsOf(this.world.sqs.settings(to.endpoint));
      this.needs.set(to, needs);
    }
    return this.world.access.allows(callerOf(topic, to), needs);
  }

  private fail(to: Subscription, notification: Notification, why: Undelivered['why']): void {
    this.pending -= 1;
    this.failed.push({ ...about(to, notification), why });
  }
}

function about(
  { protocol, endpoint }: Subscription,
  { at, topicArn, subject }: Notification,
): Omit<Undelivered, 'why'> {
  return { publishedAt: at, topicArn, protocol, endpoint, subject };
}

function callerOf({ region, arn }: Topic, { principal }: Subscription): Caller & { readonly sourceArn: string } {
  return { principal, from: region, name: 'sns', sourceArn: arn };
}
