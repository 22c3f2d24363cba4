import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { createSleep } from '../shared/ticks';
import { tracedClient } from '../shared/tracing';
import { composeReplicationMonitor } from './compose';
import { replicationMonitorEnv } from './env';

const env = readEnv(replicationMonitorEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

const respond = composeReplicationMonitor(
  env,
  {
    // With the connection within the time of one sample.
    secrets: tracedClient(
      new SecretsManagerClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 800, attempts: 2 })),
      telemetry,
    ),
  },
  telemetry,
  { now: Date.now, sleep: createSleep() },
);

/** The one-minute schedule, or failover-orchestrator and readiness asking for one sample. */
export const handler = observe((event: unknown, context) =>
  respond(event, Date.now() + context.getRemainingTimeInMillis()),
);
