import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientOptions } from '../shared/aws';
import { REGISTER_PATIENCE, registerClients } from '../shared/compose-keeper';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { SIGNAL_PATIENCE } from '../shared/signal-publisher';
import { createSleep } from '../shared/ticks';
import { tracedClient } from '../shared/tracing';
import { composeHeartbeat } from './compose';
import { heartbeatEnv } from './env';

const env = readEnv(heartbeatEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);
const dynamodbIn = (region: string) =>
  tracedClient(new DynamoDBClient(awsClientOptions(region, REGISTER_PATIENCE)), telemetry);

const beatForAMinute = composeHeartbeat(
  env,
  {
    registers: registerClients(env, dynamodbIn),
    leases: dynamodbIn(env.AWS_REGION),
    cloudwatch: tracedClient(new CloudWatchClient(awsClientOptions(env.AWS_REGION, SIGNAL_PATIENCE)), telemetry),
  },
  telemetry,
  { now: Date.now, sleep: createSleep(), random: Math.random, newId: randomUUID },
);

/** The one-minute schedule; it beats until the minute is over. */
export const handler = observe((event: unknown, context) =>
  beatForAMinute(event, Date.now() + context.getRemainingTimeInMillis()),
);
