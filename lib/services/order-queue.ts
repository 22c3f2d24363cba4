import * as sqs from '@pulumi/aws/sqs';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import { policyDocument, tlsOnly } from '../policy';

/** Seconds in a day. */
const DAY = 24 * 60 * 60;

/** How often a message is handed out before it goes to the dead-letter queue: AWS's floor for Lambda (developer guide, SQS). */
const MAX_RECEIVE_COUNT = 5;
/** A message stays hidden for six of its consumer's time-outs, so that no retry overlaps the first attempt (same source). */
const VISIBILITY_TIMEOUTS = 6;

/** The queue of one region. */
export interface OrderQueueArgs {
  readonly environmentSuffix: string;
  readonly keyArn: pulumi.Input<string>;
  readonly consumerTimeoutSeconds: number;
}

/** The orders that wait for the processor, and those that it could not process (C1). */
export class OrderQueue extends pulumi.ComponentResource {
  readonly queueUrl: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;
  /** Dimension `QueueName` of the queue's metrics. */
  readonly queueName: pulumi.Output<string>;
  /** The same of the dead-letter queue: a message there is an order that nobody processed. */
  readonly deadLetterQueueName: pulumi.Output<string>;
  /** Where a person looks for such orders. */
  readonly deadLetterQueueUrl: pulumi.Output<string>;

  constructor(name: string, args: OrderQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:OrderQueue', name, {}, opts);
    const inside = { parent: this };
    const encryption = { kmsMasterKeyId: args.keyArn, kmsDataKeyReusePeriodSeconds: 300 };

    const deadLetters = new sqs.Queue(
      `${name}-dead-letters`,
      {
        name: physicalName('SQS queue', 'orders-dlq', args.environmentSuffix),
        // SQS's longest, and longer than the queue's: a message's age counts from its first queue.
        messageRetentionSeconds: 14 * DAY,
        ...encryption,
      },
      inside,
    );
    const queue = new sqs.Queue(
      `${name}-orders`,
      {
        name: physicalName('SQS queue', 'orders-queue', args.environmentSuffix),
        visibilityTimeoutSeconds: VISIBILITY_TIMEOUTS * args.consumerTimeoutSeconds,
        // Longer than any outage after which an order could still be valid; what comes later is found in the table.
        messageRetentionSeconds: 4 * DAY,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: deadLetters.arn,
          maxReceiveCount: MAX_RECEIVE_COUNT,
        }),
        ...encryption,
      },
      inside,
    );
    new sqs.RedriveAllowPolicy(
      `${name}-redrive`,
      {
        queueUrl: deadLetters.url,
        redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: 'byQueue', sourceQueueArns: [queue.arn] }),
      },
      inside,
    );
    for (const [part, its] of Object.entries({ orders: queue, 'dead-letters': deadLetters })) {
      new sqs.QueuePolicy(
        `${name}-${part}-policy`,
        { queueUrl: its.url, policy: policyDocument([tlsOnly('sqs:*', its.arn)]) },
        inside,
      );
    }

    this.queueUrl = queue.url;
    this.queueArn = queue.arn;
    this.queueName = queue.name;
    this.deadLetterQueueName = deadLetters.name;
    this.deadLetterQueueUrl = deadLetters.url;
    this.registerOutputs({ queueUrl: this.queueUrl });
  }
}
