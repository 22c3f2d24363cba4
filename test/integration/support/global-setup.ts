import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { startPostgres } from '../../support/postgres';
import { databaseIsLocal, emulatorEndpoint, GAP_VARIABLE, POLICIES_GAP_VARIABLE, MISSING, outputs } from './deployment';
import { invoke } from './functions';
import { grantLease } from './lease';
import { hasMetric } from './metrics';
import type { DeploymentOutputs } from '../../../ops/outputs-file';
import type { Postgres } from '../../support/postgres';

/** The engine that a local stack's handlers use, while the suite runs. */
export const running: { engine: Postgres | undefined } = { engine: undefined };

const credentials = z.object({ username: z.string(), password: z.string() });

/** Serves the database that a local stack was told of, with the user its secret names, and applies the schema. */
export default async function globalSetup(): Promise<void> {
  if (outputs === undefined) {
    console.error(`\nintegration tests ${MISSING}`);
    return;
  }
  if (emulatorEndpoint !== undefined) await findGaps(outputs);
  if (!databaseIsLocal) return;
  const { username, password } = await databaseCredentials(outputs);
  running.engine = await startPostgres({
    port: outputs.databasePort,
    user: username,
    password,
    database: outputs.databaseName,
  });
  await migrate(outputs);
}

async function databaseCredentials(stack: DeploymentOutputs): Promise<z.infer<typeof credentials>> {
  const client = new SecretsManagerClient({ region: stack.primaryRegion });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: stack.databaseSecretName }));
  client.destroy();
  return credentials.parse(JSON.parse(SecretString ?? ''));
}

/** The deployed migrator itself, as a deployment runs it. */
async function migrate(stack: DeploymentOutputs): Promise<void> {
  const answer = await invoke(stack.primaryRegion, stack.schemaMigratorFunction, {});
  console.error(
    `\nintegration tests: PostgreSQL on port ${stack.databasePort}; schema migrator: ${JSON.stringify(answer)}`,
  );
}

/** Tries what only some emulators carry; the tests that need it are then skipped by name. */
async function findGaps(stack: DeploymentOutputs): Promise<void> {
  await grantLease(stack, stack.primaryRegion, 1);
  const replicated = invoke(stack.primaryRegion, stack.parameterReplicatorFunction, { source: 'schedule' });
  await replicated.catch((error: unknown) => {
    if (!String(error).includes('ssm:GetParametersByPath on resource: *')) throw error;
    process.env[GAP_VARIABLE] =
      'policies for ssm:GetParametersByPath are checked against "*" instead of the path that the policy names';
  });
  await invoke(stack.drRegion, stack.readinessFunction, { source: 'schedule' });
  if (!(await hasMetric(stack, 'ReadinessFailures'))) {
    process.env[POLICIES_GAP_VARIABLE] =
      'what policies allow for a metric namespace, a database, a fleet or a batch of messages is denied';
  }
}
