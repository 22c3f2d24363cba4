import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

/** Where one region's people are told. */
export interface Topic {
  /** @throws SNS's errors; the client's time-outs and attempts bound the call. */
  publish(subject: string, text: string): Promise<void>;
}

/** SNS takes no longer subject, and none with a line break or another control character. */
const LONGEST_SUBJECT = 99;

/** A topic in the client's region. */
export function createTopic(client: SNSClient, topicArn: string): Topic {
  return {
    async publish(subject, text) {
      await client.send(
        new PublishCommand({ TopicArn: topicArn, Subject: subject.slice(0, LONGEST_SUBJECT), Message: text }),
      );
    },
  };
}
