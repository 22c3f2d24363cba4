import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions } from '../shared/aws';
import { REGISTER_PATIENCE, registerClients } from '../shared/compose-keeper';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { SIGNAL_PATIENCE } from '../shared/signal-publisher';
import { createSleep } from '../shared/ticks';
import { tracedClient } from '../shared/tracing';
import { composeReconciler } from './compose';
import { reconcilerEnv } from './env';

const env = readEnv(reconcilerEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);
const here = env.AWS_REGION;

/** What fails is tried again in the next tick. */
const BRIEF = { requestTimeoutMs: 1_000, attempts: 2 } as const;

const reconcile = composeReconciler(
  env,
  {
    registers: registerClients(env, (location) =>
      tracedClient(new DynamoDBClient(awsClientOptions(location, REGISTER_PATIENCE)), telemetry),
    ),
    leases: tracedClient(new DynamoDBClient(awsClientOptions(here, REGISTER_PATIENCE)), telemetry),
    journal: tracedClient(new DynamoDBClient(awsClientOptions(here, BRIEF)), telemetry),
    // A page of the index may have a megabyte.
    received: tracedClient(
      new DynamoDBClient(awsClientOptions(here, { requestTimeoutMs: 2_000, attempts: 2 })),
      telemetry,
    ),
    cloudwatch: tracedClient(new CloudWatchClient(awsClientOptions(here, SIGNAL_PATIENCE)), telemetry),
    // Who calls a function says how long it may take.
    functions: tracedClient(
      new LambdaClient(awsClientOptions(here, { requestTimeoutMs: 4_000, attempts: 1 })),
      telemetry,
    ),
    sqs: tracedClient(new SQSClient(awsClientOptions(here, BRIEF)), telemetry),
  },
  telemetry,
  { now: Date.now, sleep: createSleep(), random: Math.random, newId: randomUUID },
);

/** The one-minute schedule. */
export const handler = observe((event: unknown, context) =>
  reconcile(event, Date.now() + context.getRemainingTimeInMillis()),
);
