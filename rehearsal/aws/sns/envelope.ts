import type { Subscription } from './settings';

/** One published message. */
export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly region: string;
  readonly subject: string | undefined;
  readonly body: string;
  /** When it was published, milliseconds since 1970. */
  readonly at: number;
}

/** Nobody here checks signatures. */
const SIGNATURE = 'simulated';

/** What a queue gets (SNS guide, "Fanout Amazon SNS notifications to Amazon SQS queues"); no Subject where none was published. */
export function sqsBody(notification: Notification, { arn, raw }: Subscription): string {
  if (raw) return notification.body;
  const { messageId, topicArn, region, subject, body, at } = notification;
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: body,
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: '1',
    Signature: SIGNATURE,
    SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-simulated.pem`,
    UnsubscribeURL: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`,
  });
}

/** What a function gets (Lambda guide, "Invoking Lambda functions with Amazon SNS notifications"). */
export function lambdaEvent(notification: Notification, { arn }: Subscription): unknown {
  const { messageId, topicArn, region, subject, body, at } = notification;
  const sns = {
    SignatureVersion: '1',
    Timestamp: new Date(at).toISOString(),
    Signature: SIGNATURE,
    SigningCertUrl: `https://sns.${region}.amazonaws.com/SimpleNotificationService-simulated.pem`,
    MessageId: messageId,
    Message: body,
    MessageAttributes: {},
    Type: 'Notification',
    UnsubscribeUrl: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    TopicArn: topicArn,
    Subject: subject ?? null,
  };
  return { Records: [{ EventVersion: '1.0', EventSubscriptionArn: arn, EventSource: 'aws:sns', Sns: sns }] };
}
