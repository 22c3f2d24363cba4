import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { tracedClient } from '../shared/tracing';
import { composePaymentValidator } from './compose';
import { paymentValidatorEnv } from './env';

const env = readEnv(paymentValidatorEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

const respond = composePaymentValidator(
  env,
  {
    dynamodb: tracedClient(
      new DynamoDBClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_000 })),
      telemetry,
    ),
    s3: tracedClient(
      new S3Client(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_500, attempts: 2 })),
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

/** POST /payments and GET /payments/{paymentId} behind API Gateway's REST proxy integration; the reconciler's requests to settle. */
export const handler = observe((event: unknown, context) => respond(event, context.awsRequestId));
