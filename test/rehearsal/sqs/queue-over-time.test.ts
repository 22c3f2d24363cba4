import { Sqs } from '../../../rehearsal/aws/sqs/sqs';
import { altered, HERE, queueArn, queueUrl, stack } from './fixture';
import { output, START, world } from './support';
import type { SqsNature } from '../../../rehearsal/aws/sqs/nature';

const QUEUE = 'aws:sqs/queue:Queue';
const AT_ONCE: SqsNature = {
  visibleAfterMs: { least: 0, most: 0 },
  duplicates: 0,
  duplicateAfterMs: { least: 1_000, most: 1_000 },
  metricsAtMs: { least: 30_000, most: 30_000 },
};
const graph = stack();
const [url, arn, dlq] = [queueUrl(HERE), queueArn(HERE), queueArn(HERE, 'orders-dlq')];

function queue(of = graph) {
  const around = world();
  const sqs = new Sqs(of, around, AT_ONCE);
  return { ...around, sqs, send: () => output(sqs, 'SendMessage', { QueueUrl: url, MessageBody: '{}' }) };
}

describe('a lost region', () => {
  test('delivers nothing, keeps its messages, and goes on when it is back', async () => {
    const { sqs, send, run, data } = queue();
    const told: string[] = [];
    sqs.onVisible(arn, () => told.push('visible'));
    send();
    sqs.silence(HERE);
    await run(100);
    expect(sqs.receive(arn, 1)).toEqual([]);
    expect(told).toEqual([]);
    expect(data.filter(({ region }) => region === HERE)).toEqual([]);
    sqs.restore(HERE);
    expect(told).toEqual(['visible']);
    expect(sqs.receive(arn, 1)).toHaveLength(1);
  });
});

// SQS guide, "Available CloudWatch metrics for Amazon SQS".
describe('the metrics of a queue', () => {
  const of = (data: ReturnType<typeof queue>['data'], name: string, queueName = 'orders') =>
    data
      .filter((one) => one.region === HERE && one.name === name && one.dimensions['QueueName'] === queueName)
      .map(({ at, value }) => [(at - START) / 1_000, value]);

  test('are published each minute while the queue is active', async () => {
    const { send, run, data } = queue();
    send();
    await run(150);
    expect(of(data, 'ApproximateNumberOfMessagesVisible')).toEqual([
      [30, 1],
      [90, 1],
      [150, 1],
    ]);
    expect(of(data, 'ApproximateAgeOfOldestMessage')).toEqual([
      [30, 30],
      [90, 90],
      [150, 150],
    ]);
    expect(of(data, 'ApproximateNumberOfMessagesVisible', 'orders-dlq')).toEqual([]);
  });

  test('count a message in flight in the age, until it was delivered three times', async () => {
    const { sqs, send, run, data } = queue();
    send();
    await run(1);
    sqs.receive(arn, 1);
    await run(185);
    sqs.receive(arn, 1);
    await run(370);
    expect(of(data, 'ApproximateAgeOfOldestMessage').at(-1)).toEqual([330, 330]);
    sqs.receive(arn, 1);
    await run(400);
    expect(of(data, 'ApproximateAgeOfOldestMessage').at(-1)).toEqual([330, 330]);
  });

  test('of a dead-letter queue tell the age since the message was moved', async () => {
    const once = altered(graph, QUEUE, (inputs) =>
      inputs['redrivePolicy'] === undefined
        ? {}
        : { redrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq, maxReceiveCount: 1 }) },
    );
    const { sqs, send, run, data } = queue(once);
    send();
    await run(1);
    sqs.receive(arn, 1);
    await run(200);
    sqs.receive(arn, 1);
    await run(210);
    expect(of(data, 'ApproximateAgeOfOldestMessage', 'orders-dlq')).toEqual([[210, 10]]);
    expect(of(data, 'ApproximateNumberOfMessagesVisible', 'orders-dlq')).toEqual([[210, 1]]);
  });
});
