import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type * as z from 'zod/mini';
import { createLeaseStore } from '../shared/lease-store';
import type { Telemetry } from '../shared/telemetry';
import type { parameterReplicatorEnv } from './env';
import { readRequest } from './event';
import { createParameterSource, createParameterTarget } from './parameter-store';
import { replicate, type ReplicationResult, type ReplicatorPorts } from './replicate';

/** The clients that parameter-replicator calls AWS with. */
export interface ParameterReplicatorClients {
  readonly dynamodb: DynamoDBClient;
  readonly source: SSMClient;
  /** Of the target region. */
  readonly target: SSMClient;
}

/** Puts parameter-replicator together: environment and clients in, a function from event to result out. */
export function composeParameterReplicator(
  env: z.output<typeof parameterReplicatorEnv> & { readonly AWS_REGION: string },
  clients: ParameterReplicatorClients,
  telemetry: Telemetry,
  now: () => number,
) {
  const ports: ReplicatorPorts = {
    source: createParameterSource(clients.source, env.PARAMETER_PATH),
    target: createParameterTarget(clients.target, env.PARAMETER_PATH, env.TARGET_KEY_ARN, env.AWS_REGION),
    lease: createLeaseStore(clients.dynamodb, env.LEASE_TABLE),
    telemetry,
    region: env.AWS_REGION,
    path: env.PARAMETER_PATH,
    now,
  };
  let complete = now();

  /** The age counts from the last complete reconciliation, or from this environment's start when there was none yet. */
  return async (event: unknown): Promise<ReplicationResult> => {
    const request = readRequest(event);
    try {
      const result = await replicate(ports, request);
      if (request.kind === 'all' && isComplete(result)) complete = now();
      telemetry.info('parameters were reconciled', { request, ...result });
      return result;
    } finally {
      if (request.kind === 'all') telemetry.seconds('ReconciliationAgeSeconds', (now() - complete) / 1_000);
    }
  };
}

/** The region that is not active has nothing to reconcile, so its age does not grow. */
function isComplete(result: ReplicationResult): boolean {
  if (result.status === 'REPLICATED') return result.failed.length === 0;
  return result.status === 'SKIPPED' && result.reason === 'NOT_ACTIVE';
}
