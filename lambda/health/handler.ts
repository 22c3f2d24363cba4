import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { tracedClient } from '../shared/tracing';
import { composeHealth } from './compose';
import { healthEnv } from './env';

const env = readEnv(healthEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

// One attempt: whoever asks for health asks again, and a retry would hide what it should show.
const patience = { connectionTimeoutMs: 500, requestTimeoutMs: 800, attempts: 1 };

const respond = composeHealth(
  env,
  {
    dynamodb: tracedClient(new DynamoDBClient(awsClientOptions(env.AWS_REGION, patience)), telemetry),
    secrets: tracedClient(new SecretsManagerClient(awsClientOptions(env.AWS_REGION, patience)), telemetry),
  },
  telemetry,
  Date.now,
);

/** GET /health and GET /health/deep behind API Gateway's REST proxy integration. */
export const handler = observe((event: unknown, context) => respond(event, context.awsRequestId));
