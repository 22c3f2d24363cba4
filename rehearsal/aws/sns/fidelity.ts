import type { ModelledBehaviour } from '../fidelity';

const RETRIES = 'SNS guide, "Amazon SNS message delivery retries"';

export const SNS_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A notification reaches queues, functions and people.',
    model: 'assumed',
    how: 'Queues and functions after 10 to 200 ms, in boxes after 1 to 30 s; every address has confirmed its subscription.',
    source: 'SNS guide, "Amazon SNS event destinations"; the times are assumed',
    test: 'by e-mail is what a person can have read, and when',
  },
  {
    behaviour: 'A queue gets the notification as JSON, or the message alone with raw delivery.',
    model: 'simplified',
    how: 'The documented fields; the signature is none. Message attributes and filters end the run.',
    source: 'SNS guide, "Fanout Amazon SNS notifications to Amazon SQS queues"',
    test: 'to a queue carries the notification as JSON, without a subject where there is none',
  },
  {
    behaviour: 'A function gets the notification as one record of an asynchronous invocation.',
    model: 'exact',
    how: 'Retries after the invocation are Lambda’s.',
    source: 'Lambda guide, "Invoking Lambda functions with Amazon SNS notifications"',
    test: 'to a function is an asynchronous invocation with one record',
  },
  {
    behaviour: 'A delivery that fails is tried again: 100,015 times at AWS’s own endpoints, 50 times by e-mail.',
    model: 'simplified',
    how: 'The documented phases without jitter; an endpoint that does not answer takes 5 s (assumed).',
    source: RETRIES,
    test: 'because the other region is out of reach arrives when it is back',
  },
  {
    behaviour: 'What the receiver’s policy forbids is not tried again.',
    model: 'exact',
    how: 'Queue policy and key policy are asked with the topic as the source.',
    source: RETRIES,
    test: 'that the queue’s policy forbids is not tried again',
  },
  {
    behaviour: 'With an opt-in region on either side SNS delivers as that region’s own principal.',
    model: 'exact',
    how: 'With two opt-in regions it is the receiver’s.',
    source: 'SNS guide, "Cross-region delivery"',
    test: 'to an opt-in region',
  },
  {
    behaviour: 'A subject has less than 100 characters and no control characters.',
    model: 'exact',
    how: 'By the letter of the page: 100 characters are refused.',
    source: 'SNS API reference, Publish',
    test: 'takes a subject of 99 characters',
  },
  {
    behaviour: 'A publisher to an encrypted topic needs kms:GenerateDataKey and kms:Decrypt.',
    model: 'exact',
    how: 'Of handlers through SNS; of parts of AWS by topic policy and key policy.',
    source: 'SNS guide, "Managing Amazon SNS encryption keys and costs"',
    test: 'needs sns:Publish, and to an encrypted topic kms:GenerateDataKey and kms:Decrypt through SNS',
  },
  {
    behaviour:
      'An alarm publishes with its account in the request, a rule of EventBridge with nothing that a condition could ask for.',
    model: 'exact',
    how: 'Another part of AWS as a publisher ends the run.',
    source: 'EventBridge guide, "Using resource-based policies for Amazon EventBridge"',
    test: 'by EventBridge is asked without an account, which its requests do not carry',
  },
  {
    behaviour: 'A notification may be delivered twice.',
    model: 'assumed',
    how: '0.01 % of deliveries.',
    source: 'SNS guide, "Amazon SNS standard topics"; the share is assumed',
    test: 'may happen twice',
  },
  {
    behaviour: 'ListSubscriptionsByTopic tells who is subscribed to a topic.',
    model: 'simplified',
    how: 'In one page; everybody has confirmed.',
    source: 'SNS API reference, ListSubscriptionsByTopic',
    test: 'lists who is subscribed to a topic; everybody has confirmed',
  },
];
