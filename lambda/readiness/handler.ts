import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
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

// Describing is slow at times and is not in a hurry; two attempts fit into one check.
const patience = { requestTimeoutMs: 3_000, attempts: 2 };
const here = awsClientOptions(env.AWS_REGION, patience);
const dynamodbIn = (region: string) =>
  tracedClient(new DynamoDBClient(awsClientOptions(region, REGISTER_PATIENCE)), telemetry);

const check = composeReadiness(
  env,
  {
    rds: tracedClient(new RDSClient(here), telemetry),
    lambdaHere: tracedClient(new LambdaClient(here), telemetry),
    lambdaThere: tracedClient(new LambdaClient(awsClientOptions(otherRegionOf(env), patience)), telemetry),
    // The monitor answers within 3 s, after a cold start in the VPC; a second attempt would be a second sample.
    monitor: tracedClient(
      new LambdaClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 7_000, attempts: 1 })),
      telemetry,
    ),
    autoScaling: tracedClient(new AutoScalingClient(here), telemetry),
    secrets: tracedClient(new SecretsManagerClient(here), telemetry),
    registers: registerClients(env, dynamodbIn),
    leases: dynamodbIn(env.AWS_REGION),
    cloudwatch: tracedClient(new CloudWatchClient(awsClientOptions(env.AWS_REGION, SIGNAL_PATIENCE)), telemetry),
  },
  telemetry,
  Date.now,
);

/** The five-minute schedule; the answer is what it wrote. */
export const handler = observe((event: unknown) => check(event));
