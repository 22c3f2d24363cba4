import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { z } from 'zod';
import type { DeploymentOutputs } from '../../../ops/outputs-file';

const secret = z.object({ username: z.string(), password: z.string() });

/** Asks the database that the deployed handlers write to; only where this machine serves it. */
export async function query(
  stack: DeploymentOutputs,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly unknown[]> {
  const secrets = new SecretsManagerClient({ region: stack.primaryRegion });
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: stack.databaseSecretName }));
  secrets.destroy();
  const { username: user, password } = secret.parse(JSON.parse(SecretString ?? ''));
  const client = new Client({
    host: stack.databaseHost,
    port: stack.databasePort,
    database: stack.databaseName,
    user,
    password,
  });
  await client.connect();
  try {
    const { rows } = await client.query(sql, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}

/** How many effects an order has: one, whatever happened to its messages. */
export async function effectsOf(stack: DeploymentOutputs, orderId: string): Promise<readonly unknown[]> {
  return query(stack, 'SELECT order_id, epoch::int AS epoch, region, verdict FROM order_effects WHERE order_id = $1', [
    orderId,
  ]);
}
