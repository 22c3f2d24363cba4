import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createHttpClient } from '../shared/http-client';
import { createObservability } from '../shared/observability';
import { SIGNAL_PATIENCE } from '../shared/signal-publisher';
import { createSleep } from '../shared/ticks';
import { tracedClient } from '../shared/tracing';
import { composePrimaryProbe } from './compose';
import { primaryProbeEnv } from './env';

const env = readEnv(primaryProbeEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

const probeForAMinute = composePrimaryProbe(
  env,
  {
    dynamodb: tracedClient(
      new DynamoDBClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_000, attempts: 2 })),
      telemetry,
    ),
    cloudwatch: tracedClient(new CloudWatchClient(awsClientOptions(env.AWS_REGION, SIGNAL_PATIENCE)), telemetry),
    // An answer may take most of the probe's five seconds and still leave time for a second attempt.
    connect: () => createHttpClient({ connectMs: 1_000, answerMs: 3_000 }),
  },
  telemetry,
  { now: Date.now, sleep: createSleep(), newId: randomUUID },
);

/** The one-minute schedule; it probes until the minute is over. */
export const handler = observe((event: unknown, context) =>
  probeForAMinute(event, Date.now() + context.getRemainingTimeInMillis()),
);
