import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { tracedClient } from '../shared/tracing';
import { composeLedger } from './compose';
import { ledgerEnv } from './env';

const env = readEnv(ledgerEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);

const reply = composeLedger(
  env,
  {
    secrets: tracedClient(
      new SecretsManagerClient(awsClientOptions(env.AWS_REGION, { requestTimeoutMs: 1_500, attempts: 2 })),
      telemetry,
    ),
  },
  telemetry,
  Date.now,
);

/** Called by failover-orchestrator and reconciler, with a `LedgerRequest`. */
export const handler = observe((event: unknown) => reply(event));
