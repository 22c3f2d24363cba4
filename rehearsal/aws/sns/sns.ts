import { answered, notModelled, NotModelledError, refused } from '../service';
import { keyNeeds } from '../sqs/access';
import { onlyKnown, optionalText, requiredText } from '../sqs/input';
import { Deliveries } from './delivery';
import { SNS_NATURE } from './nature';
import { topicsOf } from './settings';
import type { Graph } from '../../../analysis/graph/graph';
import type { Random } from '../../kernel/random';
import type { Topics } from '../ports';
import type { Call, Caller, Need, Reply, Service } from '../service';
import type { Delivery, SnsWorld, Undelivered } from './delivery';
import type { SnsNature } from './nature';
import type { Topic } from './settings';

interface Known {
  readonly topic: Topic;
  readonly needs: readonly Need[];
  /** Of a part of AWS that says for which account it publishes. */
  readonly accountNeeds: readonly Need[];
}

/**
 * Which parts of AWS name the account of what made them publish. EventBridge does not: "You can't use Condition blocks in
 * Amazon SNS topic policies for EventBridge" (EventBridge guide, "Using resource-based policies"). CloudWatch does (SNS guide,
 * "Example cases for Amazon SNS access control").
 */
const NAMES_ACCOUNT: Readonly<Record<string, boolean>> = {
  'cloudwatch.amazonaws.com': true,
  'events.amazonaws.com': false,
};

const LIST_FIELDS = new Set(['TopicArn']);
/** SNS API reference, ListSubscriptionsByTopic: "Each call returns a limited list of subscriptions, up to 100". */
const PAGE = 100;
const PUBLISH_FIELDS = new Set(['TopicArn', 'Subject', 'Message']);

/** SNS API reference, Publish: "less than 100 characters long", "no line breaks or control characters", 256 KB. */
const SUBJECT_BELOW = 100;
const LONGEST_MESSAGE = 262_144;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u{0}-\u{1F}\u{7F}]/u;

/** SNS in all regions of a stack: its topics and what becomes of what is published. */
export class Sns implements Service, Topics {
  readonly name = 'sns';
  private readonly byArn: ReadonlyMap<string, Known>;
  private readonly random: Random;
  private readonly delivering: Deliveries;
  private duplicates: number;

  constructor(
    graph: Graph,
    private readonly world: SnsWorld,
    nature: SnsNature = SNS_NATURE,
  ) {
    this.random = world.random.stream('sns');
    this.duplicates = nature.duplicates;
    this.delivering = new Deliveries({ ...world, random: this.random }, nature);
    this.byArn = new Map(topicsOf(graph).map((topic) => [topic.arn, knownOf(topic)]));
  }

  needs(call: Call): readonly Need[] {
    if (call.operation === 'ListSubscriptionsByTopic')
      return [{ action: 'sns:ListSubscriptionsByTopic', resource: requiredText(call, 'TopicArn') }];
    if (call.operation !== 'Publish') notModelled(call);
    return this.byArn.get(requiredText(call, 'TopicArn'))?.needs ?? [];
  }

  handle(call: Call, reply: Reply): void {
    if (call.operation === 'ListSubscriptionsByTopic') {
      this.list(call, reply);
      return;
    }
    if (call.operation !== 'Publish') notModelled(call);
    onlyKnown(call, PUBLISH_FIELDS);
    const topic = this.byArn.get(requiredText(call, 'TopicArn'))?.topic;
    const subject = optionalText(call, 'Subject');
    const body = requiredText(call, 'Message');
    const wrong = messageError(subject, body);
    if (topic?.region !== call.region) reply(refused('NotFound', 'Topic does not exist', 404));
    else if (wrong !== undefined) reply(refused('InvalidParameter', `Invalid parameter: ${wrong}`));
    else reply(answered({ MessageId: this.take(topic, subject, body) }));
  }

  publish(topicArn: string, message: { readonly subject?: string; readonly body: string }, by: Caller): void {
    const known = this.byArn.get(topicArn);
    if (known === undefined) throw new NotModelledError(`the stack has no topic ${topicArn}`);
    if (!this.world.access.allows(by, namesAccount(by) ? known.accountNeeds : known.needs)) return;
    this.take(known.topic, message.subject, message.body);
  }

  /** What reached its endpoint, in the order of arrival. */
  get deliveries(): readonly Delivery[] {
    return this.delivering.made;
  }

  get undelivered(): readonly Undelivered[] {
    return this.delivering.failed;
  }

  /** Notifications under way. */
  get pending(): number {
    return this.delivering.pending;
  }

  /** Fault: this share of deliveries happens twice. */
  duplicateDeliveries(probability: number): void {
    this.duplicates = probability;
  }

  /** The region is lost: its topics deliver nothing and keep what they have taken. */
  silence(region: string): void {
    this.delivering.silence(region);
  }

  restore(region: string): void {
    this.delivering.restore(region);
  }

  /** In one page of at most a hundred; everybody has confirmed. */
  private list(call: Call, reply: Reply): void {
    onlyKnown(call, LIST_FIELDS);
    const topic = this.byArn.get(requiredText(call, 'TopicArn'))?.topic;
    if (topic?.region !== call.region) return reply(refused('NotFound', 'Topic does not exist', 404));
    if (topic.subscriptions.length > PAGE) return notModelled(call, 'a second page');
    const Subscriptions = topic.subscriptions.map(({ arn, protocol, endpoint }) => ({
      SubscriptionArn: arn,
      Owner: topic.account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topic.arn,
    }));
    reply(answered({ Subscriptions }));
  }

  private take(topic: Topic, subject: string | undefined, body: string): string {
    const messageId = this.random.uuid();
    const { arn: topicArn, region } = topic;
    const notification = { messageId, topicArn, region, subject, body, at: this.world.clock.now() };
    for (const subscription of topic.subscriptions) {
      this.delivering.start(topic, subscription, notification);
      if (this.duplicates > 0 && this.random.chance(this.duplicates)) {
        this.delivering.start(topic, subscription, notification);
      }
    }
    return messageId;
  }
}

/** SNS guide, "Managing Amazon SNS encryption keys and costs": publishing to an encrypted topic needs both. */
function knownOf(topic: Topic): Known {
  const { arn, region, keyArn, account } = topic;
  const publish: Need = { action: 'sns:Publish', resource: arn };
  const key =
    keyArn === undefined
      ? []
      : keyNeeds(['kms:GenerateDataKey', 'kms:Decrypt'], keyArn, `sns.${region}`, ['aws:sns:topicArn', arn]);
  const context = { 'aws:SourceAccount': [account] };
  return { topic, needs: [publish, ...key], accountNeeds: [{ ...publish, context }, ...key] };
}

/** @throws NotModelledError for a part of AWS of which nobody has looked up what its requests carry. */
function namesAccount(by: Caller): boolean {
  const known = NAMES_ACCOUNT[by.principal];
  if (known === undefined) throw new NotModelledError(`${by.principal} as a publisher to a topic`);
  return known;
}

function messageError(subject: string | undefined, body: string): string | undefined {
  if (body === '') return 'Empty message';
  if (Buffer.byteLength(body) > LONGEST_MESSAGE) return 'Message too long';
  if (subject === undefined) return undefined;
  if (subject === '' || subject.length >= SUBJECT_BELOW || CONTROL.test(subject)) return 'Subject';
  return undefined;
}
