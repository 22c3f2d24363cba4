import { randomUUID } from 'node:crypto';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsClientOptions } from '../shared/aws';
import { otherRegionOf, REGISTER_PATIENCE, registerClients } from '../shared/compose-keeper';
import { readEnv } from '../shared/env';
import { createHttpClient } from '../shared/http-client';
import { createObservability } from '../shared/observability';
import { SIGNAL_PATIENCE } from '../shared/signal-publisher';
import { createSleep } from '../shared/ticks';
import { tracedClient } from '../shared/tracing';
import { createCallLog, createWatch } from './call-log';
import { composeFailoverOrchestrator } from './compose';
import { failoverOrchestratorEnv } from './env';
import { createDns } from '../shared/vantage';

const env = readEnv(failoverOrchestratorEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);
const callLog = createCallLog(Date.now);
const watch = createWatch(callLog, telemetry);
const here = env.AWS_REGION;
const there = otherRegionOf(env);

/**
 * One attempt, and short: the run itself asks again, and knows better when; and the region that is left may be a black hole.
 * The longer ones are for control planes that take their time.
 */
const ONCE = { connectionTimeoutMs: 1_000, requestTimeoutMs: 2_000, attempts: 1 } as const;

const respond = composeFailoverOrchestrator(
  env,
  {
    registers: registerClients(env, (location) =>
      watch(new DynamoDBClient(awsClientOptions(location, REGISTER_PATIENCE)), location),
    ),
    leases: watch(new DynamoDBClient(awsClientOptions(here, REGISTER_PATIENCE)), here),
    // Without its journal a run may do nothing: here patience pays. Not in the log of calls, which goes there itself.
    journal: tracedClient(
      new DynamoDBClient(awsClientOptions(here, { requestTimeoutMs: 1_500, attempts: 4 })),
      telemetry,
    ),
    cloudwatch: watch(new CloudWatchClient(awsClientOptions(here, { requestTimeoutMs: 1_500, attempts: 2 })), here),
    signals: watch(new CloudWatchClient(awsClientOptions(here, SIGNAL_PATIENCE)), here),
    // Who calls a function says how long it may take.
    functions: watch(new LambdaClient(awsClientOptions(here, { ...ONCE, requestTimeoutMs: 9_000 })), here),
    ownConsumers: watch(new LambdaClient(awsClientOptions(here, { ...ONCE, requestTimeoutMs: 4_000 })), here),
    otherConsumers: watch(new LambdaClient(awsClientOptions(there, ONCE)), there),
    rds: {
      look: watch(new RDSClient(awsClientOptions(here, ONCE)), here),
      // With the look before it within the attempt's 8 s.
      order: watch(new RDSClient(awsClientOptions(here, { ...ONCE, requestTimeoutMs: 4_000 })), here),
    },
    autoScaling: watch(new AutoScalingClient(awsClientOptions(here, ONCE)), here),
    there: {
      journal: watch(new DynamoDBClient(awsClientOptions(there, ONCE)), there),
      leases: watch(new DynamoDBClient(awsClientOptions(there, ONCE)), there),
      functions: watch(new LambdaClient(awsClientOptions(there, { ...ONCE, requestTimeoutMs: 8_000 })), there),
      rds: {
        look: watch(new RDSClient(awsClientOptions(there, ONCE)), there),
        order: watch(new RDSClient(awsClientOptions(there, { ...ONCE, requestTimeoutMs: 5_000 })), there),
      },
      autoScaling: watch(new AutoScalingClient(awsClientOptions(there, ONCE)), there),
    },
    ownTopic: watch(new SNSClient(awsClientOptions(here, { requestTimeoutMs: 1_000 })), here),
    otherTopic: watch(new SNSClient(awsClientOptions(there, ONCE)), there),
    route53: watch(new Route53Client(awsClientOptions(here, { ...ONCE, requestTimeoutMs: 4_000 })), 'global'),
    s3: watch(new S3Client(awsClientOptions(here)), here),
    http: createHttpClient({ connectMs: 2_000, answerMs: 5_000 }),
    dns: createDns(),
  },
  callLog,
  telemetry,
  { now: Date.now, sleep: createSleep(), random: Math.random, newId: randomUUID },
);

/** CloudWatch's alarm event, or an `orchestratorRequest`; the answer is an `orchestratorAnswer`. */
export const handler = observe((event: unknown, context) => respond(event, () => context.getRemainingTimeInMillis()));
