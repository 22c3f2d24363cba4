import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { HERE } from '../support';

/** The clients of one side, all of them of one region. */
export interface Side {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
  readonly s3: S3Client;
  readonly cloudwatch: CloudWatchClient;
  readonly autoscaling: AutoScalingClient;
  readonly rds: RDSClient;
  readonly lambda: LambdaClient;
  /** What has another name on each side. */
  readonly names: { readonly queueUrl: string; readonly topicArn: string; readonly clusterArn: string };
}

// What both sides have, in names and values.
export const QUEUE = 'orders';
export const TOPIC = 'alerts';
export const SECRET = 'trading/database';
export const SECRET_TEXT = '{"username":"app","password":"secret"}';
export const BUCKET = 'reports-of-a-rehearsal';
export const PARAMETERS = [
  { Name: '/app/limits', Type: 'SecureString', Value: '{"max":1}' },
  { Name: '/app/feature/name', Type: 'String', Value: 'on' },
  { Name: '/application', Type: 'String', Value: 'another path' },
] as const;
export const ALARM = 'high';
export const COMPOSITE = 'trigger';
export const GROUP = 'fleet';
export const SIZES = { MinSize: 1, DesiredCapacity: 2, MaxSize: 6 } as const;
export const GLOBAL = 'trading-global';
export const CLUSTER = 'trading-here';
export const ENGINE = { Engine: 'aurora-postgresql', EngineVersion: '17.7' } as const;
export const FUNCTION = 'sample-dev';

interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export const OPTIONS: ClientOptions = {
  region: HERE,
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

/** Every client, with these options. */
export function clientsOf(options: object) {
  const given = { ...OPTIONS, ...options };
  return {
    sqs: new SQSClient(given),
    sns: new SNSClient(given),
    ssm: new SSMClient(given),
    secrets: new SecretsManagerClient(given),
    s3: new S3Client(given),
    cloudwatch: new CloudWatchClient(given),
    autoscaling: new AutoScalingClient(given),
    rds: new RDSClient(given),
    lambda: new LambdaClient(given),
  };
}
