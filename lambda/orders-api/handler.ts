import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { tracedClient } from '../shared/tracing';
import { composeOrdersApi } from './compose';
import { ordersApiEnv } from './env';

const env = readEnv(ordersApiEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

const respond = composeOrdersApi(
  env,
  {
    dynamodb: tracedClient(new DynamoDBClient(awsClientOptions(env.AWS_REGION)), telemetry),
    leaseDynamodb: tracedClient(
      new DynamoDBClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 500, attempts: 2 })),
      telemetry,
    ),
    sqs: tracedClient(new SQSClient(awsClientOptions(env.AWS_REGION)), telemetry),
    ssm: tracedClient(
      new SSMClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_000, attempts: 2 })),
      telemetry,
    ),
  },
  telemetry,
  Date.now,
);

/** POST /orders and GET /orders/{orderId} behind API Gateway's REST proxy integration. */
export const handler = observe((event: unknown, context) => respond(event, context.awsRequestId));
