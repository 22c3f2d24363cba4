import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { createSecretCredentials } from '../shared/credentials';
import { createDatabase } from '../shared/database';
import { createRouter } from '../shared/http';
import { createLeaseStore } from '../shared/lease-store';
import type { Telemetry } from '../shared/telemetry';
import { createTableProbe } from './deep';
import type { healthEnv } from './env';
import { healthRoutes } from './health';
import { createTradingData } from './trading-data';

/** The clients that health calls AWS with. */
export interface HealthClients {
  readonly dynamodb: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
}

/** Puts health together: environment and clients in, a function from event to answer out. */
export function composeHealth(
  env: z.output<typeof healthEnv> & { readonly AWS_REGION: string },
  clients: HealthClients,
  telemetry: Telemetry,
  now: () => number,
) {
  const shared = {
    settings: env,
    credentials: createSecretCredentials(clients.secrets, env.DATABASE_SECRET_ID),
    telemetry,
    applicationName: 'health',
    now,
    connectTimeoutMs: 1_000,
  };
  // The reader endpoint for what Route 53 asks, so that a writer that fails over does not look like a dead region.
  const reader = createDatabase({ ...shared, host: env.DATABASE_READER_HOST });
  const writer = createDatabase(shared);
  return createRouter(
    healthRoutes({
      tradingData: createTradingData(reader, now),
      deep: {
        writer,
        lease: createLeaseStore(clients.dynamodb, env.LEASE_TABLE),
        table: createTableProbe(clients.dynamodb, env.PROBE_TABLE),
        now,
      },
      telemetry,
      region: env.AWS_REGION,
      now,
    }),
    telemetry,
  );
}
