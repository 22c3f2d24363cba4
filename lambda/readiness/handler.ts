import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createDns } from '../shared/vantage';
import { awsClientOptions } from '../shared/aws';
import { otherRegionOf, REGISTER_PATIENCE, registerClients } from '../shared/compose-keeper';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { SIGNAL_PATIENCE } from '../shared/signal-publisher';
import { tracedClient } from '../shared/tracing';
import { composeReadiness } from './compose';
import { readinessEnv } from './env';

const env = readEnv(readinessEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

// Describing is slow at times and is not in a hurry; two attempts fit into the time of one fact.
const patience = { requestTimeoutMs: 3_000, attempts: 2 };
const here = awsClientOptions(env.AWS_REGION, patience);
const there = awsClientOptions(otherRegionOf(env), patience);
const dynamodbIn = (region: string) =>
  tracedClient(new DynamoDBClient(awsClientOptions(region, REGISTER_PATIENCE)), telemetry);

const check = composeReadiness(
  env,
  {
    rds: { here: tracedClient(new RDSClient(here), telemetry), there: tracedClient(new RDSClient(there), telemetry) },
    lambda: {
      here: tracedClient(new LambdaClient(here), telemetry),
      there: tracedClient(new LambdaClient(there), telemetry),
    },
    secrets: {
      here: tracedClient(new SecretsManagerClient(here), telemetry),
      there: tracedClient(new SecretsManagerClient(there), telemetry),
    },
    // The monitor answers within 3 s, after a cold start in the VPC; a second attempt would be a second sample.
    monitor: tracedClient(
      new LambdaClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 7_000, attempts: 1 })),
      telemetry,
    ),
    autoScaling: tracedClient(new AutoScalingClient(here), telemetry),
    cloudwatch: tracedClient(new CloudWatchClient(here), telemetry),
    dynamodb: tracedClient(new DynamoDBClient(here), telemetry),
    s3: tracedClient(new S3Client(here), telemetry),
    sns: tracedClient(new SNSClient(here), telemetry),
    sqs: tracedClient(new SQSClient(here), telemetry),
    registers: registerClients(env, dynamodbIn),
    leases: dynamodbIn(env.AWS_REGION),
    metrics: tracedClient(new CloudWatchClient(awsClientOptions(env.AWS_REGION, SIGNAL_PATIENCE)), telemetry),
    dns: createDns(),
  },
  telemetry,
  Date.now,
);

/** The five-minute schedule; the answer is what it wrote. */
export const handler = observe((event: unknown) => check(event));
