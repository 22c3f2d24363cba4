import type { ModelledBehaviour } from '../fidelity';

const AVAILABLE = 'SQS guide, "Available CloudWatch metrics for Amazon SQS"';
const ERRORS = 'Lambda guide, "Handling errors for an SQS event source in Lambda"';

export const SQS_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A standard queue delivers at least once and in no strict order.',
    model: 'assumed',
    how: 'A copy comes 5 ms to 60 s after 0.01 % of deliveries, also after a deletion; unequal ways of 1 to 30 ms disorder messages.',
    source: 'SQS guide, "Amazon SQS standard queues"; the numbers are assumed',
    test: 'may deliver a message more than once, even after it was deleted',
  },
  {
    behaviour:
      'A delivered message is hidden for the visibility timeout, and deleted with the handle of its latest delivery only.',
    model: 'exact',
    how: 'The timeout of the graph; the limit of 120,000 messages in flight is left out.',
    source: 'SQS guide, "Amazon SQS visibility timeout"; API reference, DeleteMessage',
    test: 'deletes with the receipt handle of the latest delivery only',
  },
  {
    behaviour: 'A message that was delivered maxReceiveCount times goes to the dead-letter queue.',
    model: 'exact',
    how: 'At the moment of the next delivery; id and time of sending stay, so its retention goes on.',
    source: 'SQS guide, "Using dead-letter queues in Amazon SQS"',
    test: 'gets a message maxReceiveCount times; then it is among the dead letters',
  },
  {
    behaviour: 'A message waits for the delay of its sender or of its queue, and is gone after its retention.',
    model: 'exact',
    how: 'Retention is looked at when a message would be delivered.',
    source: 'SQS guide, "Amazon SQS delay queues"; API reference, SetQueueAttributes',
    test: 'does not see a delayed message before its time',
  },
  {
    behaviour: 'A batch is taken entry by entry; what is wrong with the batch itself refuses all of it.',
    model: 'simplified',
    how: 'Documented errors; a fault fails entries with InternalError. Message attributes end the run.',
    source: 'SQS API reference, SendMessageBatch',
    test: 'is taken entry by entry: what is wrong with one does not touch the others',
  },
  {
    behaviour: 'A sender to an encrypted queue needs kms:GenerateDataKey and kms:Decrypt through SQS.',
    model: 'simplified',
    how: 'Asked at every call; that a data key serves for kmsDataKeyReusePeriodSeconds, so that KMS is asked less often, is left out.',
    source: 'SQS guide, "Amazon SQS Key management"',
    test: 'needs sqs:SendMessage, and of an encrypted queue kms:GenerateDataKey and kms:Decrypt through SQS',
  },
  {
    behaviour: 'An active queue publishes its metrics each minute.',
    model: 'simplified',
    how: 'ApproximateNumberOfMessagesVisible and ApproximateAgeOfOldestMessage, exact values; the others are left out.',
    source: AVAILABLE,
    test: 'are published each minute while the queue is active',
  },
  {
    behaviour: 'The age does not count a message that was received three times.',
    model: 'exact',
    how: 'Without another message there is no value.',
    source: AVAILABLE,
    test: 'count a message in flight in the age, until it was delivered three times',
  },
  {
    behaviour: 'Lambda polls a queue and invokes its function with batches.',
    model: 'assumed',
    how: 'A poller has a visible message after 2 to 50 ms; batch size and window as the mapping says. Filters end the run.',
    source: 'Lambda guide, "Using Lambda with Amazon SQS"; the time is assumed',
    test: 'invokes its function with what is in the queue and deletes what was done',
  },
  {
    behaviour:
      'Five invocations at once, up to 300 more a minute while messages are left, never above maximumConcurrency.',
    model: 'simplified',
    how: 'Five more each second of backlog; the scaling down after errors without ReportBatchItemFailures is left out.',
    source: 'Lambda guide, "Configuring scaling behavior for SQS event source mappings"',
    test: 'starts with five invocations at once and never makes more than maximumConcurrency',
  },
  {
    behaviour: 'After an error of the function the whole batch comes back when its visibility timeout is over.',
    model: 'simplified',
    how: 'So it is with a throttled invocation; that Lambda retries that one within the visibility timeout is left out.',
    source: ERRORS,
    test: 'gets the whole batch again after the visibility timeout when the function throws',
  },
  {
    behaviour:
      'With ReportBatchItemFailures only the messages that the answer names come back; a malformed answer fails all.',
    model: 'exact',
    how: 'The documented conditions. Assumed: an answer of another form (a text, another object) is malformed.',
    source: ERRORS,
    test: 'gets only those again that the answer names',
  },
  {
    behaviour: 'Enabling and disabling a mapping take their time, and another change is refused meanwhile.',
    model: 'assumed',
    how: '2 to 60 s, during which a mapping that is being disabled still polls; ResourceInUseException.',
    source: 'Lambda API reference, UpdateEventSourceMapping; AWS gives no time',
    test: 'takes its time, and meanwhile refuses another change',
  },
  {
    behaviour: 'The pollers use the rights of the function’s role.',
    model: 'exact',
    how: 'sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes and kms:Decrypt are asked at each poll.',
    source: 'Lambda guide, "Using Lambda with Amazon SQS", "Execution role permissions"',
    test: 'polls with the rights of its function’s role, and not without them',
  },
  {
    behaviour: 'GetQueueAttributes counts the messages that could be received, and those that are in flight.',
    model: 'simplified',
    how: 'ApproximateNumberOfMessages and ApproximateNumberOfMessagesNotVisible, exactly and at once.',
    source: 'SQS API reference, GetQueueAttributes',
    test: 'counts the messages of a queue that could be received now, and those in flight',
  },
];
