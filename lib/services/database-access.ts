import * as pulumi from '@pulumi/pulumi';
import type { SchemaMigratorEnv } from '../../lambda/schema-migrator/env';
import type { PolicyStatement } from '../policy';
import type { EnvInputs } from './environment';
import type { FunctionSettings } from './service-function';

/** How a function of one region reaches that region's database. */
export interface DatabaseAccess {
  /** This region's cluster endpoint, never the other's: a function that crossed regions would die with both. */
  readonly databaseHost: pulumi.Input<string>;
  readonly databasePort: number;
  readonly databaseName: string;
  /** ARN of this region's copy of the existing secret. */
  readonly databaseSecretId: pulumi.Input<string>;
  readonly databaseTls: 'verify-full' | 'disable';
}

/** The part of a function's environment that every function with a database has. */
export type DatabaseEnv = Pick<SchemaMigratorEnv, Extract<keyof SchemaMigratorEnv, `DATABASE_${string}`>>;

/** The environment of a function that uses the database. */
export function databaseEnvironment(database: DatabaseAccess): EnvInputs<DatabaseEnv> {
  return {
    DATABASE_HOST: database.databaseHost,
    DATABASE_PORT: String(database.databasePort),
    DATABASE_NAME: database.databaseName,
    DATABASE_SECRET_ID: database.databaseSecretId,
    DATABASE_TLS: database.databaseTls,
  };
}

/** Reading the one secret, whichever key its owner encrypted it with. */
export function databaseStatements(
  { region, accountId }: FunctionSettings,
  { databaseSecretId }: DatabaseAccess,
): PolicyStatement[] {
  return [
    { Sid: 'ReadDatabaseSecret', Action: 'secretsmanager:GetSecretValue', Resource: databaseSecretId },
    {
      Sid: 'KeyThroughSecretsManager',
      Action: 'kms:Decrypt',
      // The secret exists already (N9) and so does its key, which may be AWS's own: any key, but only for this secret.
      Resource: pulumi.interpolate`arn:aws:kms:${region.name}:${accountId}:key/*`,
      Condition: {
        StringEquals: {
          'kms:ViaService': `secretsmanager.${region.name}.amazonaws.com`,
          'kms:EncryptionContext:SecretARN': databaseSecretId,
        },
      },
    },
  ];
}
