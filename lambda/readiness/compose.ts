import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type * as z from 'zod/mini';
import { quorumFrom } from '../shared/compose-keeper';
import { createFunctionCalls } from '../shared/invoke';
import { createLocalItems, type LocalItem } from '../shared/local-items';
import { createRegisterStore } from '../shared/register/register-store';
import { createSignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { readSchedule } from '../shared/ticks';
import { type CheckPorts, gatherFacts } from './check';
import type { readinessEnv } from './env';
import { judgeReadiness } from './judge';

/** The clients that readiness calls AWS with. */
export interface ReadinessClients extends Omit<CheckPorts, 'calls' | 'registers' | 'quorum'> {
  /** For the monitor, which needs longer than Lambda's own API. */
  readonly monitor: LambdaClient;
  /** DynamoDB in every location with a register. */
  readonly registers: Readonly<Record<string, DynamoDBClient>>;
  readonly leases: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
}

/** Puts readiness together: environment and clients in, a function from the schedule's event to what was found out. */
export function composeReadiness(
  env: z.output<typeof readinessEnv> & { readonly AWS_REGION: string },
  clients: ReadinessClients,
  telemetry: Telemetry,
  now: () => number,
): (event: unknown) => Promise<LocalItem<'readiness'>> {
  const quorum = quorumFrom(env);
  const neverWritten = () => '';
  const ports: CheckPorts = {
    ...clients,
    calls: createFunctionCalls(clients.monitor),
    registers: createRegisterStore(clients.registers, env.REGISTER_TABLE, quorum, neverWritten),
    quorum,
  };
  const subjects = {
    globalClusterId: env.GLOBAL_CLUSTER_ID,
    ownClusterArn: env.OWN_CLUSTER_ARN,
    fleetGroup: env.FLEET_GROUP,
    functionNames: env.FUNCTION_NAMES,
    monitorFunction: env.MONITOR_FUNCTION,
    secretId: env.DATABASE_SECRET_ID,
  };
  const items = createLocalItems(clients.leases, env.LEASE_TABLE);
  const signals = createSignalPublisher(clients.cloudwatch, env.METRICS_NAMESPACE);

  return async (event) => {
    readSchedule(event);
    const facts = await gatherFacts(ports, subjects);
    const found = judgeReadiness(facts, {
      ownClusterArn: env.OWN_CLUSTER_ARN,
      fleetFloor: env.FLEET_FLOOR,
      now: now(),
    });
    const failures = found.blockers.length + found.warnings.length;
    if (failures > 0) telemetry.warn('this region is not ready to take over', { ...found });
    // The alarm must not wait for the item; a run reads the item, so that its failure fails the invocation.
    await Promise.all([
      items.put('readiness', found),
      signals
        .publish({ ReadinessFailures: failures }, found.at)
        .catch((error: unknown) => telemetry.error('the readiness was not published', error)),
    ]);
    return found;
  };
}
