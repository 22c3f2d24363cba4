import { text } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { ACCOUNT, keyIn, statementsOf } from './two-regions';
import { evaluateWorkloads, handlerIn } from './workloads';

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateWorkloads();
});

const queue = (name: string) => graph.one('aws:sqs/queue:Queue', `trading-dr-queue-${name}`).inputs;

test('hides a message for six time-outs of its consumer, so that no retry overlaps the first attempt', () => {
  const timeout = Number(handlerIn(graph, 'order-processor', 'dr').inputs['timeout']);
  expect(queue('orders')['visibilityTimeoutSeconds']).toBe(180);
  expect(Number(queue('orders')['visibilityTimeoutSeconds'])).toBeGreaterThanOrEqual(6 * timeout);
});

test('gives a message up after five attempts, to a dead-letter queue that only it may use and that keeps it for 14 days', () => {
  const deadLetterArn = `arn:aws:sqs:eu-central-2:${ACCOUNT}:orders-dlq-test`;
  expect(JSON.parse(text(queue('orders'), 'redrivePolicy'))).toEqual({
    deadLetterTargetArn: deadLetterArn,
    maxReceiveCount: 5,
  });
  const allow = graph.one('aws:sqs/redriveAllowPolicy:RedriveAllowPolicy', 'trading-dr-queue-redrive').inputs;
  expect(JSON.parse(text(allow, 'redriveAllowPolicy'))).toEqual({
    redrivePermission: 'byQueue',
    sourceQueueArns: [`arn:aws:sqs:eu-central-2:${ACCOUNT}:orders-queue-test`],
  });
  expect(queue('dead-letters')['messageRetentionSeconds']).toBe(1_209_600);
  expect(Number(queue('orders')['messageRetentionSeconds'])).toBeLessThan(1_209_600);
});

test.each(['orders', 'dead-letters'])('%s: encrypted with the region’s key and refused without TLS', (name) => {
  expect(queue(name)['kmsMasterKeyId']).toBe(keyIn('dr'));
  const policy = graph.one('aws:sqs/queuePolicy:QueuePolicy', `trading-dr-queue-${name}-policy`).inputs['policy'];
  expect(statementsOf(policy)).toMatchObject([
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    },
  ]);
});

test('a batch fails message by message, and a bounded number of processors work on it', () => {
  const { inputs } = graph.one('aws:lambda/eventSourceMapping:EventSourceMapping', 'trading-dr-consumer');
  expect(inputs).toMatchObject({
    batchSize: 10,
    functionResponseTypes: ['ReportBatchItemFailures'],
    scalingConfig: { maximumConcurrency: 10 },
    enabled: true,
  });
});

test.each(['primary', 'dr'])('a run may stop the consumer in %s, and `up` leaves it so (X5)', (role) => {
  const mapping = graph.one('aws:lambda/eventSourceMapping:EventSourceMapping', `trading-${role}-consumer`);
  expect(mapping.options.ignoreChanges).toEqual(['enabled']);
});
