import { doneOf } from '../../../rehearsal/aws/sqs/batch-response';
import { EventSourceMappings } from '../../../rehearsal/aws/sqs/event-source-mappings';
import { Sqs } from '../../../rehearsal/aws/sqs/sqs';
import { altered, functionArn, HERE, mappingId, queueArn, queueUrl, roleArn, stack } from './fixture';
import { output, returned, START, world } from './support';
import type { Values } from '../../../analysis/graph/graph';
import type { PollingNature, SqsNature } from '../../../rehearsal/aws/sqs/nature';
import type { InvocationResult } from '../../../rehearsal/aws/ports';

const MAPPING = 'aws:lambda/eventSourceMapping:EventSourceMapping';
const QUIET: SqsNature = {
  visibleAfterMs: { least: 0, most: 0 },
  duplicates: 0,
  duplicateAfterMs: { least: 0, most: 0 },
  metricsAtMs: { least: 0, most: 0 },
};
const POLLING: PollingNature = { pickUpMs: { least: 10, most: 10 }, switchMs: { least: 3_000, most: 3_000 } };

const [uuid, url, queue] = [mappingId(HERE), queueUrl(HERE), queueArn(HERE)];

function polling(change: Values = {}) {
  const around = world();
  const of = altered(stack(), MAPPING, () => change);
  const sqs = new Sqs(of, around, QUIET);
  const mappings = new EventSourceMappings(of, { ...around, sqs }, POLLING);
  const mapping = mappings.get(uuid);
  if (mapping === undefined) throw new Error('no mapping');
  const send = (count = 1): void => {
    for (let index = 0; index < count; index += 1)
      output(sqs, 'SendMessage', { QueueUrl: url, MessageBody: `${index}` });
  };
  return { ...around, sqs, mappings, mapping, send };
}

const batchOf = (event: unknown): readonly string[] =>
  (event as { Records: { messageId: string }[] }).Records.map(({ messageId }) => messageId);

describe('an event source mapping', () => {
  // Lambda guide, "Using Lambda with Amazon SQS": "Lambda polls the queue and invokes your Lambda function synchronously".
  test('invokes its function with what is in the queue and deletes what was done', async () => {
    const { send, run, sqs, invoked, turn } = polling();
    turn.result = { ms: 50, of: () => returned({ batchItemFailures: [] }) };
    send(3);
    await run(0.02);
    expect(invoked).toMatchObject([
      { at: START + 10, functionArn: functionArn(HERE), by: { principal: 'lambda.amazonaws.com', sourceArn: queue } },
    ]);
    expect(batchOf(invoked[0]?.event)).toHaveLength(3);
    await run(1);
    expect(sqs.contents(queue)).toEqual([]);
  });

  test('does nothing while the queue is empty', async () => {
    const { run, asked, invoked } = polling();
    await run(3_600);
    expect([asked, invoked]).toEqual([[], []]);
  });

  // Lambda guide, "Using Lambda with Amazon SQS", "Execution role permissions".
  test('polls with the rights of its function’s role, and not without them', async () => {
    const { send, run, invoked, asked, turn, mapping } = polling();
    turn.allows = () => false;
    send();
    await run(10);
    expect(invoked).toEqual([]);
    expect(asked[0]).toEqual({
      by: expect.objectContaining({
        principal: roleArn('processor'),
      }) as unknown,
      needs: mapping.pollerNeeds,
    });
    expect(mapping.pollerNeeds.map(({ action }) => action)).toEqual([
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'kms:Decrypt',
    ]);
  });

  test('takes at most batchSize messages for one invocation', async () => {
    const { send, run, invoked } = polling({ batchSize: 4 });
    send(10);
    await run(1);
    expect(invoked.map(({ event }) => batchOf(event).length)).toEqual([4, 4, 2]);
  });

  // Lambda guide, "Batching behavior": until the window is over, or the batch is full.
  test('gathers messages for the batching window, unless the batch is full before', async () => {
    const { send, run, invoked } = polling({ maximumBatchingWindowInSeconds: 5, batchSize: 12 });
    send(2);
    await run(4);
    send(3);
    await run(4.9);
    expect(invoked).toEqual([]);
    await run(5.1);
    expect(invoked.map(({ event }) => batchOf(event).length)).toEqual([5]);
    send(12);
    await run(5.2);
    expect(invoked.map(({ event }) => batchOf(event).length)).toEqual([5, 12]);
  });

  // Lambda guide, "Configuring scaling behavior for SQS event source mappings".
  test('starts with five invocations at once and never makes more than maximumConcurrency', async () => {
    const { send, run, invoked, mapping } = polling({ batchSize: 1, scalingConfig: { maximumConcurrency: 7 } });
    send(20);
    await run(0.5);
    expect(invoked).toHaveLength(5);
    await run(5);
    expect([invoked.length, mapping.concurrency]).toEqual([7, 7]);
    invoked[0]?.end(returned(null));
    await run(6);
    expect([invoked.length, mapping.concurrency]).toEqual([8, 7]);
  });

  // Lambda guide, "Handling errors": "after your queue's visibility timeout runs out, the message will again reappear".
  test.each<[string, InvocationResult]>([
    ['throws', { kind: 'failed', errorType: 'Error', message: 'no' }],
    ['is lost', { kind: 'lost', why: 'killed' }],
    ['gives a malformed answer', returned({ batchItemFailures: [{ id: '1' }] })],
  ])('gets the whole batch again after the visibility timeout when the function %s', async (_how, result) => {
    const { send, run, invoked, turn } = polling();
    turn.result = { ms: 50, of: () => result };
    send(2);
    await run(180);
    expect(invoked).toHaveLength(1);
    turn.result = { ms: 50, of: () => returned(null) };
    await run(181);
    expect(
      invoked
        .slice(1)
        .flatMap(({ event }) => batchOf(event))
        .sort(),
    ).toEqual([...batchOf(invoked[0]?.event)].sort());
    await run(1_000);
    expect(invoked.flatMap(({ event }) => batchOf(event))).toHaveLength(4);
  });

  test('gets only those again that the answer names', async () => {
    const { send, run, invoked, turn } = polling();
    turn.result = { ms: 50, of: (event) => returned({ batchItemFailures: [{ itemIdentifier: batchOf(event)[1] }] }) };
    send(3);
    await run(181);
    expect(batchOf(invoked[1]?.event)).toEqual([batchOf(invoked[0]?.event)[1]]);
  });
});

// Lambda API reference, UpdateEventSourceMapping and EventSourceMappingConfiguration.
describe('enabling and disabling', () => {
  test('takes its time, and meanwhile refuses another change', async () => {
    const { send, run, invoked, mappings, mapping } = polling();
    expect(mappings.setEnabled(uuid, false)).toMatchObject({ ok: true, output: { State: 'Disabling', UUID: uuid } });
    expect(mappings.setEnabled(uuid, true)).toMatchObject({ ok: false, error: { code: 'ResourceInUseException' } });
    await run(1);
    send();
    await run(2);
    expect(invoked).toHaveLength(1);
    await run(3);
    expect(mapping.currentState).toBe('Disabled');
    send();
    await run(60);
    expect(invoked).toHaveLength(1);
    mappings.setEnabled(uuid, true);
    await run(62);
    expect([mapping.currentState, invoked.length]).toEqual(['Enabling', 1]);
    await run(64);
    expect([mapping.currentState, invoked.length]).toEqual(['Enabled', 2]);
  });

  test('knows its own mappings only', () => {
    const { mappings } = polling();
    expect(mappings.setEnabled('none', true)).toMatchObject({
      error: { code: 'ResourceNotFoundException', status: 404 },
    });
  });
});

describe('the loss of a region', () => {
  test('takes pollers and invocations with it; the messages are delivered again when it is back', async () => {
    const { send, run, sqs, invoked, mappings, mapping } = polling();
    send();
    await run(1);
    sqs.silence(HERE);
    mappings.silence(HERE);
    send();
    await run(300);
    expect(invoked).toHaveLength(1);
    // An answer that comes out of a dead region is nobody's.
    invoked[0]?.end(returned(null));
    sqs.restore(HERE);
    mappings.restore(HERE);
    await run(301);
    expect(invoked.slice(1).flatMap(({ event }) => batchOf(event))).toHaveLength(2);
    expect(mapping.concurrency).toBe(1);
  });
});

// Lambda guide, "Handling errors for an SQS event source in Lambda", "Success and failure conditions".
describe('a partial batch response', () => {
  const IDS = ['a', 'b'];
  test.each<[string, unknown, readonly string[]]>([
    ['an empty list', { batchItemFailures: [] }, IDS],
    ['a null list', { batchItemFailures: null }, IDS],
    ['an empty answer', {}, IDS],
    ['a null answer', null, IDS],
    ['one failure', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['a']],
    ['all failures', { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'a' }] }, []],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, []],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }, []],
    ['a bad key', { batchItemFailures: [{ messageId: 'a' }] }, []],
    ['an identifier of another batch', { batchItemFailures: [{ itemIdentifier: 'c' }] }, []],
    ['a text', 'ok', []],
    ['a list that is none', { batchItemFailures: 'a' }, []],
  ])('with %s', (_what, payload, done) => {
    expect(doneOf(returned(payload), IDS, true)).toEqual(done);
  });

  test('is not looked at without ReportBatchItemFailures', () => {
    expect(doneOf(returned({ batchItemFailures: [{ itemIdentifier: 'b' }] }), IDS, false)).toEqual(IDS);
  });
});
