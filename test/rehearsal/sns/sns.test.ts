import { AWS_ENDPOINTS, CUSTOMER_ENDPOINTS, retryAfterMs } from '../../../rehearsal/aws/sns/retry-policy';
import { NotModelledError } from '../../../rehearsal/aws/service';
import { principalFor } from '../../../rehearsal/aws/sns/settings';
import { Sns } from '../../../rehearsal/aws/sns/sns';
import { Sqs } from '../../../rehearsal/aws/sqs/sqs';
import { altered, functionArn, HERE, keyArn, queueArn, stack, THERE, topicArn } from '../sqs/fixture';
import { call, code, output, START, world } from '../sqs/support';
import type { SnsNature } from '../../../rehearsal/aws/sns/nature';

const SUBSCRIPTION = 'aws:sns/topicSubscription:TopicSubscription';
const NATURE: SnsNature = {
  deliveryMs: { least: 100, most: 100 },
  emailMs: { least: 2_000, most: 2_000 },
  attemptMs: 5_000,
  duplicates: 0,
};
const TOPIC = topicArn(HERE);

function topics(graph = stack()) {
  const around = world();
  const sqs = new Sqs(graph, around, {
    visibleAfterMs: { least: 0, most: 0 },
    duplicates: 0,
    duplicateAfterMs: { least: 0, most: 0 },
    metricsAtMs: { least: 0, most: 0 },
  });
  const sns = new Sns(graph, { ...around, sqs }, NATURE);
  const publish = (more = {}) =>
    output(sns, 'Publish', { TopicArn: TOPIC, Message: 'text', Subject: 'subject', ...more });
  const inQueue = (region: string) => sqs.contents(queueArn(region, 'alerts')).map(({ body }) => body);
  return { ...around, sqs, sns, publish, inQueue };
}

describe('publishing', () => {
  // SNS guide, "Managing Amazon SNS encryption keys and costs", "Configure AWS KMS permissions".
  test('needs sns:Publish, and to an encrypted topic kms:GenerateDataKey and kms:Decrypt through SNS', () => {
    const key = keyArn(HERE);
    const context = {
      'kms:ViaService': [`sns.${HERE}.amazonaws.com`],
      'kms:EncryptionContext:aws:sns:topicArn': [TOPIC],
    };
    expect(topics().sns.needs(call('sns', 'Publish', { TopicArn: TOPIC }))).toEqual([
      { action: 'sns:Publish', resource: TOPIC },
      { action: 'kms:GenerateDataKey', resource: key, context },
      { action: 'kms:Decrypt', resource: key, context },
    ]);
  });

  // SNS API reference, Publish: "no line breaks or control characters, and less than 100 characters long".
  test.each([
    ['a subject of 100 characters', { Subject: 'a'.repeat(100) }, 'InvalidParameter'],
    ['a line break in the subject', { Subject: 'a\nb' }, 'InvalidParameter'],
    ['an empty subject', { Subject: '' }, 'InvalidParameter'],
    ['an empty message', { Message: '' }, 'InvalidParameter'],
    ['more than 256 KB', { Message: 'a'.repeat(262_145) }, 'InvalidParameter'],
    ['a topic that is not there', { TopicArn: `${TOPIC}-none` }, 'NotFound'],
  ])('is refused %s', (_what, input, expected) => {
    expect(code(topics().sns, 'Publish', { TopicArn: TOPIC, Message: 'text', ...input })).toBe(expected);
  });

  test('takes a subject of 99 characters', () => {
    expect(topics().publish({ Subject: 'a'.repeat(99) })).toEqual({ MessageId: expect.any(String) as unknown });
  });

  test('in another region than the topic’s finds no topic', () => {
    expect(code(topics().sns, 'Publish', { TopicArn: TOPIC, Message: 'text' }, THERE)).toBe('NotFound');
  });

  // EventBridge guide, "Using resource-based policies": "You can't use Condition blocks in Amazon SNS topic policies".
  test('by EventBridge is asked without an account, which its requests do not carry', () => {
    const { sns, asked } = topics();
    sns.publish(TOPIC, { body: 'event' }, { principal: 'events.amazonaws.com', from: HERE, name: 'rule' });
    expect(asked.map(({ needs }) => needs[0])).toEqual([{ action: 'sns:Publish', resource: TOPIC }]);
  });

  test('by a part of AWS that nobody has looked up is not modelled', () => {
    const by = { principal: 's3.amazonaws.com', from: HERE, name: 'bucket' };
    expect(() => topics().sns.publish(TOPIC, { body: 'event' }, by)).toThrow(NotModelledError);
  });

  test('by an alarm is asked of the topic’s policy with the account', async () => {
    const { sns, asked, turn, run, sqs } = topics();
    const by = { principal: 'cloudwatch.amazonaws.com', from: HERE, name: 'alarm' };
    turn.allows = (needs) => needs[0]?.action !== 'sns:Publish';
    sns.publish(TOPIC, { body: 'no' }, by);
    await run(10);
    expect(sqs.contents(queueArn(HERE, 'alerts'))).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      by,
      needs: [
        { action: 'sns:Publish', resource: TOPIC, context: { 'aws:SourceAccount': ['123456789012'] } },
        { action: 'kms:GenerateDataKey' },
        { action: 'kms:Decrypt' },
      ],
    });
    turn.allows = () => true;
    sns.publish(TOPIC, { body: 'yes' }, by);
    await run(20);
    expect(sns.deliveries.map(({ text }) => text)).toEqual(['yes', 'yes', 'yes', 'yes']);
  });
});

describe('a delivery', () => {
  // SNS guide, "Fanout Amazon SNS notifications to Amazon SQS queues", the example of the JSON document.
  test('to a queue carries the notification as JSON, without a subject where there is none', async () => {
    const { publish, run, inQueue } = topics();
    const { MessageId } = publish();
    publish({ Subject: undefined });
    await run(1);
    const [first, second] = inQueue(HERE).map((body): unknown => JSON.parse(body));
    expect(first).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn: TOPIC,
      Subject: 'subject',
      Message: 'text',
      Timestamp: '2026-01-01T00:00:00.000Z',
      SignatureVersion: '1',
      Signature: expect.any(String) as unknown,
      SigningCertURL: expect.stringContaining(`https://sns.${HERE}.amazonaws.com/`) as unknown,
      UnsubscribeURL: expect.stringContaining('?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:') as unknown,
    });
    expect(second).not.toHaveProperty('Subject');
  });

  // SNS guide, "Amazon SNS raw message delivery".
  test('to a queue with raw delivery carries the message alone', async () => {
    const { publish, run, inQueue } = topics(altered(stack(), SUBSCRIPTION, () => ({ rawMessageDelivery: true })));
    publish();
    await run(1);
    expect(inQueue(HERE)).toEqual(['text']);
  });

  // Lambda guide, "Invoking Lambda functions with Amazon SNS notifications".
  test('to a function is an asynchronous invocation with one record', async () => {
    const { publish, run, invoked } = topics();
    const { MessageId } = publish();
    await run(1);
    expect(invoked).toMatchObject([
      {
        functionArn: functionArn(HERE),
        by: { principal: 'sns.amazonaws.com', sourceArn: TOPIC },
        event: {
          Records: [
            { EventSource: 'aws:sns', Sns: { MessageId, TopicArn: TOPIC, Subject: 'subject', Message: 'text' } },
          ],
        },
      },
    ]);
  });

  test('by e-mail is what a person can have read, and when', async () => {
    const { publish, run, sns } = topics();
    publish();
    await run(1.9);
    const mails = () => sns.deliveries.filter(({ protocol }) => protocol === 'email');
    expect(mails()).toEqual([]);
    await run(3);
    expect(mails()).toEqual([
      {
        at: START + 2_010,
        publishedAt: START,
        topicArn: TOPIC,
        protocol: 'email',
        endpoint: 'oncall@example.com',
        subject: 'subject',
        text: 'text',
      },
    ]);
  });

  // SNS guide, "Amazon SNS standard topics": at-least-once delivery.
  test('may happen twice', async () => {
    const { publish, run, inQueue, sns } = topics();
    sns.duplicateDeliveries(1);
    publish();
    await run(1);
    expect(inQueue(HERE)).toHaveLength(2);
  });

  // SNS guide, "Amazon SNS message delivery retries": a client-side error is not tried again.
  test('that the queue’s policy forbids is not tried again', async () => {
    const { publish, run, sns, asked, turn, inQueue } = topics();
    turn.allows = ([need]) => need?.resource !== queueArn(THERE, 'alerts');
    publish();
    await run(3_600);
    expect([inQueue(HERE).length, inQueue(THERE).length]).toEqual([1, 0]);
    expect(sns.undelivered).toMatchObject([{ endpoint: queueArn(THERE, 'alerts'), why: 'not allowed' }]);
    expect(asked.map(({ by }) => by)).toMatchObject([
      { principal: 'sns.amazonaws.com', from: HERE, sourceArn: TOPIC },
      { principal: 'sns.eu-central-2.amazonaws.com', from: HERE, sourceArn: TOPIC },
    ]);
  });
});

// SNS guide, "Cross-region delivery", the table of service principals.
describe('the principal of a delivery', () => {
  test.each([
    ['within a region', 'eu-central-2', 'eu-central-2', 'sns.amazonaws.com'],
    ['between default regions', 'us-east-1', 'us-east-2', 'sns.amazonaws.com'],
    ['to an opt-in region', 'eu-central-1', 'eu-central-2', 'sns.eu-central-2.amazonaws.com'],
    ['from an opt-in region', 'eu-central-2', 'eu-central-1', 'sns.eu-central-2.amazonaws.com'],
    ['between opt-in regions', 'eu-central-2', 'eu-south-1', 'sns.eu-south-1.amazonaws.com'],
  ])('%s', (_where, from, to, principal) => {
    expect(principalFor(from, to)).toBe(principal);
  });
});

// SNS guide, "Amazon SNS message delivery retries", the table of delivery policies.
describe('a delivery that fails', () => {
  const waits = (policy: typeof AWS_ENDPOINTS, count: number) =>
    Array.from({ length: count }, (_, index) => retryAfterMs(policy, index + 1));

  test('to an endpoint of AWS is tried 100,015 times more', () => {
    const first = waits(AWS_ENDPOINTS, 17);
    expect(first.slice(0, 6)).toEqual([0, 0, 0, 1_000, 1_000, 1_000]);
    expect(first.slice(14)).toEqual([20_000, 20_000, 20_000]);
    expect(first.slice(5, 15)).toEqual([...first.slice(5, 15)].sort((one, other) => (one ?? 0) - (other ?? 0)));
    expect([retryAfterMs(AWS_ENDPOINTS, 100_015), retryAfterMs(AWS_ENDPOINTS, 100_016)]).toEqual([20_000, undefined]);
  });

  test('by e-mail is tried 50 times more', () => {
    expect(waits(CUSTOMER_ENDPOINTS, 3)).toEqual([10_000, 10_000, 10_000]);
    expect([retryAfterMs(CUSTOMER_ENDPOINTS, 50), retryAfterMs(CUSTOMER_ENDPOINTS, 51)]).toEqual([600_000, undefined]);
  });

  test('because the other region is out of reach arrives when it is back', async () => {
    const { publish, run, turn, inQueue, sns } = topics();
    turn.passage = (_from, to) => (to === THERE ? { kind: 'lost' } : { kind: 'passes', ms: 10 });
    publish();
    await run(300);
    expect([inQueue(HERE).length, inQueue(THERE).length, sns.pending]).toEqual([1, 0, 1]);
    turn.passage = () => ({ kind: 'passes', ms: 10 });
    await run(330);
    expect([inQueue(THERE).length, sns.pending]).toEqual([1, 0]);
  });
});

describe('a lost region', () => {
  test('delivers what it had taken when it is back', async () => {
    const { publish, run, sns } = topics();
    publish();
    sns.silence(HERE);
    await run(600);
    expect(sns.deliveries).toEqual([]);
    sns.restore(HERE);
    await run(601);
    expect(sns.deliveries).toHaveLength(4);
  });
});
