import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { createSecretCredentials } from '../shared/credentials';
import { createDatabase } from '../shared/database';
import type { Telemetry } from '../shared/telemetry';
import { answer, type LedgerAnswer } from './answer';
import type { ledgerEnv } from './env';

/** The clients that ledger calls AWS with. */
export interface LedgerClients {
  readonly secrets: SecretsManagerClient;
}

/** Puts ledger together: environment and clients in, a function from request to answer out. */
export function composeLedger(
  env: z.output<typeof ledgerEnv>,
  clients: LedgerClients,
  telemetry: Telemetry,
  now: () => number,
): (event: unknown) => Promise<LedgerAnswer> {
  const database = createDatabase({
    settings: env,
    credentials: createSecretCredentials(clients.secrets, env.DATABASE_SECRET_ID),
    telemetry,
    applicationName: 'ledger',
    now,
    connectTimeoutMs: 1_500,
  });
  return (event) => answer({ database, now }, event);
}
