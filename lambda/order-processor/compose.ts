import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { createSecretCredentials } from '../shared/credentials';
import { createDatabase } from '../shared/database';
import { createItemStore } from '../shared/item-store';
import { createLeaseStore } from '../shared/lease-store';
import type { Telemetry } from '../shared/telemetry';
import type { orderProcessorEnv } from './env';
import { type BatchPorts, processBatch } from './process-batch';

/** The clients that order-processor calls AWS with. */
export interface OrderProcessorClients {
  readonly dynamodb: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
}

/** Puts order-processor together: environment and clients in, a function from batch to answer out. */
export function composeOrderProcessor(
  env: z.output<typeof orderProcessorEnv> & { readonly AWS_REGION: string },
  clients: OrderProcessorClients,
  telemetry: Telemetry,
  now: () => number,
) {
  const ports: BatchPorts = {
    items: createItemStore(clients.dynamodb, env.ORDERS_TABLE),
    lease: createLeaseStore(clients.dynamodb, env.LEASE_TABLE),
    database: createDatabase({
      settings: env,
      credentials: createSecretCredentials(clients.secrets, env.DATABASE_SECRET_ID),
      telemetry,
      applicationName: 'order-processor',
      now,
    }),
    region: env.AWS_REGION,
    telemetry,
    now,
  };
  return (event: unknown, end: number) => processBatch(ports, event, end);
}
