import * as sns from '@pulumi/aws/sns';
import * as sqs from '@pulumi/aws/sqs';
import * as pulumi from '@pulumi/pulumi';
import { snsPrincipal } from '../foundation/sns-principal';
import { physicalName } from '../naming';
import { policyDocument, tlsOnly } from '../policy';
import type { PolicyStatement } from '../policy';
import { inBoth } from '../regions';
import type { PerRegion, Region, RegionRole, Regions } from '../regions';

/** The topics of both regions, and the keys of the queues that keep what they say. */
export interface AlertQueuesArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  /** Must let the topics of both regions use them (EncryptionKey's `topicRegions`). */
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  readonly topics: PerRegion<{ readonly topicArn: pulumi.Input<string> }>;
}

/** SQS's longest, in seconds: 14 days. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;
const ROLES: readonly RegionRole[] = ['primary', 'dr'];

/**
 * Each region keeps for two weeks what the topics of both have said (M10, F5): after the loss of a region the other one still
 * has its last alarms, as evidence for the one who has to judge a failover. Nothing consumes the queues; people read them.
 */
export class AlertQueues extends pulumi.ComponentResource {
  readonly queueUrl: PerRegion<pulumi.Output<string>>;
  readonly queueName: PerRegion<pulumi.Output<string>>;

  constructor(name: string, args: AlertQueuesArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:detection:AlertQueues', name, {}, opts);
    const { regions, topics } = args;
    const at = (region: Region): pulumi.CustomResourceOptions => ({ parent: this, provider: region.provider });
    const queues = inBoth(regions, (region) => createQueue(`${name}-${region.role}`, args, region, at(region)));

    for (const from of ROLES) {
      for (const to of ROLES) {
        const { queue, policy } = queues[to];
        new sns.TopicSubscription(
          `${name}-${from}-to-${to}`,
          // With SNS's envelope: which topic said it, and when, is half of the evidence.
          { topic: topics[from].topicArn, protocol: 'sqs', endpoint: queue.arn, rawMessageDelivery: false },
          // SNS takes a subscription in the topic's region only. Before the policy a message would be lost.
          { ...at(regions[from]), dependsOn: [policy] },
        );
      }
    }

    this.queueUrl = { primary: queues.primary.queue.url, dr: queues.dr.queue.url };
    this.queueName = { primary: queues.primary.queue.name, dr: queues.dr.queue.name };
    this.registerOutputs({ queueUrl: this.queueUrl });
  }
}

interface QueueWithPolicy {
  readonly queue: sqs.Queue;
  readonly policy: sqs.QueuePolicy;
}

function createQueue(
  name: string,
  args: AlertQueuesArgs,
  region: Region,
  opts: pulumi.CustomResourceOptions,
): QueueWithPolicy {
  const queue = new sqs.Queue(
    `${name}-queue`,
    {
      name: physicalName('SQS queue', 'alerts', args.environmentSuffix),
      messageRetentionSeconds: RETENTION_SECONDS,
      kmsMasterKeyId: args.keys[region.role].keyArn,
      kmsDataKeyReusePeriodSeconds: 300,
    },
    opts,
  );
  const policy = new sqs.QueuePolicy(
    `${name}-policy`,
    {
      queueUrl: queue.url,
      policy: policyDocument([
        ...ROLES.map((from) => deliveries(args, from, region, queue)),
        tlsOnly('sqs:*', queue.arn),
      ]),
    },
    opts,
  );
  return { queue, policy };
}

/** One topic may deliver; with an opt-in region on either side SNS has another name there. */
function deliveries(
  { regions, topics }: AlertQueuesArgs,
  from: RegionRole,
  region: Region,
  queue: sqs.Queue,
): PolicyStatement {
  return {
    Sid: from === 'primary' ? 'AlertsOfPrimary' : 'AlertsOfDr',
    Principal: { Service: snsPrincipal(regions[from].name, region.name) },
    Action: 'sqs:SendMessage',
    Resource: queue.arn,
    Condition: { ArnEquals: { 'aws:SourceArn': topics[from].topicArn } },
  };
}
