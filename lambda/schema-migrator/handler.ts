import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../shared/aws';
import { createSecretCredentials } from '../shared/credentials';
import { createDatabase } from '../shared/database';
import { readEnv } from '../shared/env';
import { createObservability } from '../shared/observability';
import { tracedClient } from '../shared/tracing';
import { schemaMigratorEnv } from './env';
import { migrate } from './migrate';
import { MIGRATIONS } from './migrations';

const env = readEnv(schemaMigratorEnv);
const { telemetry, observe } = createObservability(env.AWS_REGION);
const secrets = tracedClient(new SecretsManagerClient(awsClientOptions(env.AWS_REGION)), telemetry);
const database = createDatabase({
  settings: env,
  credentials: createSecretCredentials(secrets, env.DATABASE_SECRET_ID),
  telemetry,
  applicationName: 'schema-migrator',
  now: Date.now,
});

/** Brings this region's database to the program's schema version; its answer is a `MigrationResult`. */
export const handler = observe(async (_event: unknown) => {
  const result = await migrate({ database, telemetry, now: Date.now }, MIGRATIONS);
  telemetry.info('the schema was checked', { ...result });
  return result;
});
