import { createHash } from 'node:crypto';
import * as sns from '@pulumi/aws/sns';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import { policyDocument, tlsOnly } from '../policy';

/** Who is told in one region. */
export interface NotificationsArgs {
  readonly environmentSuffix: string;
  readonly accountId: pulumi.Input<string>;
  /** The region's key; AWS's own key for SNS would refuse alarms, silently. */
  readonly keyArn: pulumi.Input<string>;
  readonly alertEmails: readonly string[];
}

/** The topic through which one region speaks to people (M10). Alarms and rules can only publish in their own region. */
export class Notifications extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  readonly topicName: pulumi.Output<string>;

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:detection:Notifications', name, {}, opts);
    const inside = { parent: this };

    const topic = new sns.Topic(
      `${name}-topic`,
      { name: physicalName('SNS topic', 'alerts', args.environmentSuffix), kmsMasterKeyId: args.keyArn },
      inside,
    );
    new sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: topic.arn,
        policy: policyDocument([
          {
            Sid: 'AlarmsOfThisAccount',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topic.arn,
            Condition: { StringEquals: { 'aws:SourceAccount': args.accountId } },
          },
          {
            // No condition: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge" (EventBridge guide,
            // "Using resource-based policies"). Its requests carry no source, so one would keep every event away, silently.
            Sid: 'Rules',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topic.arn,
          },
          tlsOnly('sns:Publish', topic.arn),
        ]),
      },
      inside,
    );
    for (const address of args.alertEmails) {
      new sns.TopicSubscription(
        `${name}-email-${addressKey(address)}`,
        { topic: topic.arn, protocol: 'email', endpoint: address },
        inside,
      );
    }

    this.topicArn = topic.arn;
    this.topicName = topic.name;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

/** A subscription's identity is its address and not its place in the list, or removing one would re-confirm the others. */
function addressKey(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 8);
}
