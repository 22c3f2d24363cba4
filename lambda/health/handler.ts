import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { createSleep } from '../shared/ticks';
import { tracedClient } from '../shared/tracing';
import { composeHealth } from './compose';
import { healthEnv } from './env';

const env = readEnv(healthEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

// One attempt: whoever asks for health asks again, and a retry would hide what it should show.
const patience = { connectionTimeoutMs: 500, requestTimeoutMs: 800, attempts: 1 };
// Two for the schedule: a verdict that is missing tells the other region nothing, and the first connection after a pause may be dead.
const watchingPatience = { ...patience, requestTimeoutMs: 700, attempts: 2 };

const respond = composeHealth(
  env,
  {
    dynamodb: tracedClient(new DynamoDBClient(awsClientOptions(env.AWS_REGION, patience)), telemetry),
    watching: tracedClient(new DynamoDBClient(awsClientOptions(env.AWS_REGION, watchingPatience)), telemetry),
    secrets: tracedClient(new SecretsManagerClient(awsClientOptions(env.AWS_REGION, patience)), telemetry),
  },
  telemetry,
  { now: Date.now, sleep: createSleep() },
);

/** GET /health and GET /health/deep behind API Gateway's REST proxy integration, and the one-minute schedule. */
export const handler = observe((event: unknown, context) =>
  respond(event, { invocationId: context.awsRequestId, end: Date.now() + context.getRemainingTimeInMillis() }),
);
