import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { SQS_NATURE } from '../../../rehearsal/aws/sqs/nature';
import { Sqs } from '../../../rehearsal/aws/sqs/sqs';
import { altered, HERE, keyArn, queueArn, queueUrl, stack, THERE } from './fixture';
import { answer, call, code, output, START, world } from './support';
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

function queue(nature = AT_ONCE, of = graph) {
  const around = world();
  const sqs = new Sqs(of, around, nature);
  const send = (body = '{}', more = {}) => output(sqs, 'SendMessage', { QueueUrl: url, MessageBody: body, ...more });
  return { ...around, sqs, send };
}

describe('a sender', () => {
  test('gets the id and the MD5 digest of the body, which the SDK compares', () => {
    const { send } = queue();
    const { MessageId, MD5OfMessageBody } = send('näh');
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(MD5OfMessageBody).toBe(createHash('md5').update('näh').digest('hex'));
  });

  // SQS guide, "Amazon SQS Key management", "Configure KMS permissions": the producer needs both actions.
  test('needs sqs:SendMessage, and of an encrypted queue kms:GenerateDataKey and kms:Decrypt through SQS', () => {
    const { sqs } = queue();
    const key = keyArn(HERE);
    const context = { 'kms:ViaService': [`sqs.${HERE}.amazonaws.com`], 'kms:EncryptionContext:aws:sqs:arn': [arn] };
    expect(sqs.needs(call('sqs', 'SendMessageBatch', { QueueUrl: url }))).toEqual([
      { action: 'sqs:SendMessage', resource: arn },
      { action: 'kms:GenerateDataKey', resource: key, context },
      { action: 'kms:Decrypt', resource: key, context },
    ]);
  });

  // SQS API reference, SendMessage, "Errors" and "MessageBody".
  test.each([
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['more than 1 MiB', { MessageBody: 'a'.repeat(1_048_577) }, 'InvalidParameterValue'],
    ['a character that XML does not allow', { MessageBody: '\u0000' }, 'InvalidMessageContents'],
    ['a delay of more than 15 minutes', { MessageBody: 'a', DelaySeconds: 901 }, 'InvalidParameterValue'],
  ])('is refused %s', (_what, input, expected) => {
    expect(code(queue().sqs, 'SendMessage', { QueueUrl: url, ...input })).toBe(expected);
  });

  test('does not find a queue that is not there, nor one of another region', () => {
    const { sqs } = queue();
    const MessageBody = 'a';
    expect(code(sqs, 'SendMessage', { QueueUrl: `${url}-none`, MessageBody })).toBe('QueueDoesNotExist');
    expect(code(sqs, 'SendMessage', { QueueUrl: url, MessageBody }, THERE)).toBe('QueueDoesNotExist');
  });

  test('ends the run with what is not modelled', () => {
    const { sqs } = queue();
    const withAttributes = { QueueUrl: url, MessageBody: 'a', MessageAttributes: {} };
    expect(() => answer(sqs, 'SendMessage', withAttributes)).toThrow('MessageAttributes is not modelled');
    expect(() => answer(sqs, 'PurgeQueue', { QueueUrl: url })).toThrow('not modelled');
  });

  test('of a FIFO queue is not modelled', () => {
    const fifo = altered(graph, QUEUE, () => ({ fifoQueue: true }));
    expect(() => queue(AT_ONCE, fifo)).toThrow('FIFO queues are not modelled');
  });
});

// SQS API reference, SendMessageBatch: "you should check for batch errors even when the call returns HTTP 200".
describe('a batch', () => {
  const entries = (...bodies: string[]) => bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));

  test('is taken entry by entry: what is wrong with one does not touch the others', () => {
    const { sqs } = queue();
    const { Successful, Failed } = output(sqs, 'SendMessageBatch', { QueueUrl: url, Entries: entries('a', '', 'c') });
    expect(Successful).toMatchObject([{ Id: '0' }, { Id: '2' }]);
    expect(Failed).toMatchObject([{ Id: '1', Code: 'MissingParameter', SenderFault: true }]);
  });

  test('can lose entries to an internal error, which is nobody’s fault but SQS’s', () => {
    const { sqs } = queue();
    sqs.failEntries(1);
    const { Successful, Failed } = output(sqs, 'SendMessageBatch', { QueueUrl: url, Entries: entries('a') });
    expect(Successful).toBeUndefined();
    expect(Failed).toMatchObject([{ Id: '0', Code: 'InternalError', SenderFault: false }]);
  });

  test.each([
    ['no entry', [], 'EmptyBatchRequest'],
    ['more than ten', entries(...'abcdefghijk'), 'TooManyEntriesInBatchRequest'],
    ['an id twice', [...entries('a'), ...entries('b')], 'BatchEntryIdsNotDistinct'],
    ['an id with a dot', [{ Id: 'a.b', MessageBody: 'a' }], 'InvalidBatchEntryId'],
    ['more than 1 MiB in all', entries('a'.repeat(600_000), 'b'.repeat(600_000)), 'BatchRequestTooLong'],
  ])('with %s is refused as a whole', (_what, Entries, expected) => {
    const { sqs } = queue();
    expect(code(sqs, 'SendMessageBatch', { QueueUrl: url, Entries })).toBe(expected);
    expect(sqs.contents(arn)).toEqual([]);
  });
});

describe('a receiver', () => {
  // Lambda guide, "Using Lambda with Amazon SQS", "Example standard queue message event".
  test('gets a record of Lambda’s event', async () => {
    const { sqs, send, run } = queue();
    const { MessageId, MD5OfMessageBody } = send('{"a":1}');
    await run(1);
    expect(sqs.receive(arn, 10)).toEqual([
      {
        messageId: MessageId,
        receiptHandle: expect.any(String) as unknown,
        body: '{"a":1}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(START),
          SenderId: 'arn:aws:iam::123456789012:role/r',
          ApproximateFirstReceiveTimestamp: String(START + 1_000),
        },
        messageAttributes: {},
        md5OfBody: MD5OfMessageBody,
        eventSource: 'aws:sqs',
        eventSourceARN: arn,
        awsRegion: HERE,
      },
    ]);
  });

  // SQS guide, "Amazon SQS visibility timeout"; 180 seconds by the graph.
  test('hides a message for the visibility timeout of its queue, and gets it again when it was not deleted', async () => {
    const { sqs, send, run } = queue();
    send();
    await run(1);
    const [first] = sqs.receive(arn, 1);
    await run(180.9);
    expect(sqs.receive(arn, 1)).toEqual([]);
    await run(181);
    const [again] = sqs.receive(arn, 1);
    expect(again?.messageId).toBe(first?.messageId);
    expect(again?.attributes.ApproximateReceiveCount).toBe('2');
  });

  // SQS API reference, DeleteMessage: "provide the most recently received ReceiptHandle".
  test('deletes with the receipt handle of the latest delivery only', async () => {
    const { sqs, send, run } = queue();
    send();
    await run(1);
    const [first] = sqs.receive(arn, 1);
    await run(182);
    const [second] = sqs.receive(arn, 1);
    sqs.delete(arn, first?.receiptHandle ?? '');
    expect(sqs.contents(arn)).toHaveLength(1);
    sqs.delete(arn, second?.receiptHandle ?? '');
    expect(sqs.contents(arn)).toEqual([]);
    await run(600);
    expect(sqs.receive(arn, 1)).toEqual([]);
  });

  // The same page: the handle stays good until the message is received again.
  test('deletes a message whose visibility timeout is over, as long as nobody has received it again', async () => {
    const { sqs, send, run } = queue();
    send();
    await run(1);
    const [first] = sqs.receive(arn, 1);
    await run(182);
    sqs.delete(arn, first?.receiptHandle ?? '');
    expect(sqs.receive(arn, 1)).toEqual([]);
  });

  test('can give a message back at once', async () => {
    const { sqs, send, run } = queue();
    send();
    await run(1);
    const [first] = sqs.receive(arn, 1);
    sqs.release(arn, first?.receiptHandle ?? '');
    expect(sqs.receive(arn, 1)).toHaveLength(1);
  });

  // SQS guide, "Amazon SQS delay queues" and "message timers": the message's own delay goes before the queue's.
  test('does not see a delayed message before its time', async () => {
    const delayed = altered(graph, QUEUE, () => ({ delaySeconds: 20 }));
    const { sqs, send, run } = queue(AT_ONCE, delayed);
    send('queue');
    send('own', { DelaySeconds: 5 });
    await run(6);
    expect(sqs.receive(arn, 10).map(({ body }) => body)).toEqual(['own']);
    await run(21);
    expect(sqs.receive(arn, 10).map(({ body }) => body)).toEqual(['queue']);
  });

  // SQS guide, "Using dead-letter queues": moved when the receive count exceeds maxReceiveCount, 5 by the graph; the id stays.
  test('gets a message maxReceiveCount times; then it is among the dead letters', async () => {
    const { sqs, send, run } = queue();
    const { MessageId } = send();
    for (let delivery = 1; delivery <= 5; delivery += 1) {
      await run(200 * delivery);
      expect(sqs.receive(arn, 1)).toHaveLength(1);
    }
    await run(1_200);
    expect(sqs.contents(dlq)).toEqual([]);
    expect(sqs.receive(arn, 1)).toEqual([]);
    expect(sqs.contents(arn)).toEqual([]);
    expect(sqs.contents(dlq)).toMatchObject([{ messageId: MessageId, sentAt: START, arrivedAt: START + 1_200_000 }]);
  });

  // SQS API reference, SetQueueAttributes, MessageRetentionPeriod.
  test('does not get a message after its retention', async () => {
    const short = altered(graph, QUEUE, () => ({ messageRetentionSeconds: 60 }));
    const { sqs, send, run } = queue(AT_ONCE, short);
    send();
    await run(61);
    expect(sqs.receive(arn, 1)).toEqual([]);
    expect(sqs.contents(arn)).toEqual([]);
  });
});

// SQS guide, "Amazon SQS standard queues": at-least-once delivery and best-effort ordering.
describe('a standard queue', () => {
  test('may deliver a message more than once, even after it was deleted', async () => {
    const { sqs, send, run } = queue();
    sqs.duplicateDeliveries(1);
    const { MessageId } = send();
    await run(1);
    const [first] = sqs.receive(arn, 1);
    sqs.delete(arn, first?.receiptHandle ?? '');
    sqs.duplicateDeliveries(0);
    await run(3);
    const [copy] = sqs.receive(arn, 1);
    expect(copy?.messageId).toBe(MessageId);
    expect(copy?.receiptHandle).not.toBe(first?.receiptHandle);
  });

  test('may deliver out of order', async () => {
    const { sqs, send, run } = queue(SQS_NATURE);
    const sent = [...'abcdefghij'];
    for (const body of sent) send(body);
    await run(1);
    const got = sqs.receive(arn, 10).map(({ body }) => body);
    expect(got).not.toEqual(sent);
    expect([...got].sort()).toEqual(sent);
  });

  test('may be late', async () => {
    const { sqs, send, run } = queue();
    sqs.lateDeliveries({ least: 5_000, most: 5_000 });
    send();
    await run(4);
    expect(sqs.receive(arn, 1)).toEqual([]);
    await run(6);
    expect(sqs.receive(arn, 1)).toHaveLength(1);
  });

  // Whatever order of events: nothing is lost before its retention, and nothing is delivered that was never sent.
  test('loses nothing and invents nothing, whatever receivers do', async () => {
    const act = fc.constantFrom('send', 'receive', 'delete', 'release', 'wait');
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), fc.string(), async (acts, seed) => {
        const around = world(seed);
        const sqs = new Sqs(graph, around, { ...SQS_NATURE, duplicates: 0 });
        const sent = new Set<unknown>();
        const deleted = new Set<string>();
        const held = new Map<string, string>();
        let seconds = 0;
        for (const one of acts) {
          const [handle = ''] = held.keys();
          if (one === 'send') sent.add(output(sqs, 'SendMessage', { QueueUrl: url, MessageBody: 'a' })['MessageId']);
          if (one === 'receive') for (const got of sqs.receive(arn, 3)) held.set(got.receiptHandle, got.messageId);
          if (one === 'release') sqs.release(arn, handle);
          if (one === 'wait') await around.run((seconds += 100));
          if (one === 'delete') {
            const before = sqs.contents(arn).length;
            sqs.delete(arn, handle);
            if (sqs.contents(arn).length < before) deleted.add(held.get(handle) ?? '');
            held.delete(handle);
          }
        }
        const kept = [...sqs.contents(arn), ...sqs.contents(dlq)].map(({ messageId }) => messageId);
        expect(new Set([...kept, ...deleted])).toEqual(sent);
        expect(kept.length + deleted.size).toBe(sent.size);
      }),
      { numRuns: 200 },
    );
  });
});
