import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { tracedClient } from '../shared/tracing';
import { composeOrderProcessor } from './compose';
import { orderProcessorEnv } from './env';

const env = readEnv(orderProcessorEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

const process = composeOrderProcessor(
  env,
  {
    dynamodb: tracedClient(
      new DynamoDBClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_000 })),
      telemetry,
    ),
    secrets: tracedClient(
      new SecretsManagerClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_500, attempts: 2 })),
      telemetry,
    ),
  },
  telemetry,
  Date.now,
);

/** Consumes the orders queue with partial batch responses. */
export const handler = observe((event: unknown, context) =>
  process(event, Date.now() + context.getRemainingTimeInMillis()),
);
