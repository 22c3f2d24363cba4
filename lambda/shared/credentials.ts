import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { CredentialsError, describeError } from './errors';

/** A database user and its password. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The existing database secret, read once and again after it was refused. */
export interface CredentialsPort {
  read(): Promise<Credentials>;
  /** Forgets what was read: the database refused it, so it has probably been rotated. */
  forget(): void;
}

const secretForm = z.object({ username: z.string().check(z.minLength(1)), password: z.string().check(z.minLength(1)) });

/**
 * Reads {username, password} from Secrets Manager and keeps it between invocations. Reading is idempotent; the client's
 * time-outs and attempts bound it.
 *
 * @throws CredentialsError from `read`, without the secret's content.
 */
export function createSecretCredentials(client: SecretsManagerClient, secretId: string): CredentialsPort {
  let kept: Credentials | undefined;
  return {
    async read() {
      kept ??= await fetchSecret(client, secretId);
      return kept;
    },
    forget() {
      kept = undefined;
    },
  };
}

async function fetchSecret(client: SecretsManagerClient, secretId: string): Promise<Credentials> {
  let text: string | undefined;
  try {
    ({ SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretId })));
  } catch (error) {
    throw new CredentialsError(`the database secret ${secretId} cannot be read: ${describeError(error)}`, {
      cause: error,
    });
  }
  try {
    return z.parse(secretForm, JSON.parse(text ?? ''));
  } catch {
    // Neither the parser's message nor the cause may go on: both can quote the secret.
    throw new CredentialsError(`the database secret ${secretId} is not JSON with username and password`);
  }
}
