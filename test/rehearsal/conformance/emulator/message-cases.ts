import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Case } from './case';

const batch = (...ids: readonly string[]) => ids.map((Id) => ({ Id, MessageBody: `body ${Id}` }));

export const SQS: readonly Case[] = [
  {
    name: 'SendMessage',
    run: ({ sqs, names }) => sqs.send(new SendMessageCommand({ QueueUrl: names.queueUrl, MessageBody: 'näh' })),
  },
  {
    name: 'SendMessage to a queue that is not there',
    run: ({ sqs, names }) => sqs.send(new SendMessageCommand({ QueueUrl: `${names.queueUrl}-none`, MessageBody: 'a' })),
  },
  {
    name: 'SendMessage of nothing',
    run: ({ sqs, names }) => sqs.send(new SendMessageCommand({ QueueUrl: names.queueUrl, MessageBody: '' })),
  },
  {
    name: 'SendMessage with a character that XML has not',
    run: ({ sqs, names }) => sqs.send(new SendMessageCommand({ QueueUrl: names.queueUrl, MessageBody: '\u0000' })),
  },
  {
    name: 'SendMessageBatch',
    run: ({ sqs, names }) =>
      sqs.send(new SendMessageBatchCommand({ QueueUrl: names.queueUrl, Entries: batch('0', '1') })),
  },
  {
    name: 'SendMessageBatch with one id twice',
    run: ({ sqs, names }) =>
      sqs.send(new SendMessageBatchCommand({ QueueUrl: names.queueUrl, Entries: batch('0', '0') })),
  },
  {
    name: 'SendMessageBatch of nothing',
    run: ({ sqs, names }) => sqs.send(new SendMessageBatchCommand({ QueueUrl: names.queueUrl, Entries: [] })),
  },
  {
    name: 'SendMessageBatch of eleven',
    run: ({ sqs, names }) => {
      const Entries = batch(...Array.from({ length: 11 }, (_, index) => String(index)));
      return sqs.send(new SendMessageBatchCommand({ QueueUrl: names.queueUrl, Entries }));
    },
  },
];

export const SNS: readonly Case[] = [
  {
    name: 'Publish',
    run: ({ sns, names }) =>
      sns.send(new PublishCommand({ TopicArn: names.topicArn, Subject: 'a & b', Message: 'text' })),
  },
  {
    name: 'Publish to a topic that is not there',
    run: ({ sns, names }) => sns.send(new PublishCommand({ TopicArn: `${names.topicArn}-none`, Message: 'text' })),
  },
  {
    name: 'Publish with a subject of 101 characters',
    run: ({ sns, names }) =>
      sns.send(new PublishCommand({ TopicArn: names.topicArn, Subject: 'a'.repeat(101), Message: 'text' })),
  },
  {
    name: 'Publish of nothing',
    run: ({ sns, names }) => sns.send(new PublishCommand({ TopicArn: names.topicArn, Message: '' })),
  },
];
