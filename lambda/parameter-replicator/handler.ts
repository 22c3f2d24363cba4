import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { tracedClient } from '../shared/tracing';
import { composeParameterReplicator } from './compose';
import { parameterReplicatorEnv } from './env';

const env = readEnv(parameterReplicatorEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

const reconcile = composeParameterReplicator(
  env,
  {
    dynamodb: tracedClient(
      new DynamoDBClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_000 })),
      telemetry,
    ),
    // The parameter store throttles at few calls a second: more attempts than usual, and nobody waits.
    source: tracedClient(new SSMClient(awsClientOptions(env.AWS_REGION, { attempts: 5 })), telemetry),
    target: tracedClient(new SSMClient(awsClientOptions(env.TARGET_REGION, { attempts: 3 })), telemetry),
  },
  telemetry,
  Date.now,
);

/** EventBridge: a change of one parameter, or the schedule's full reconciliation; the answer is a `ReplicationResult`. */
export const handler = observe((event: unknown) => reconcile(event));
