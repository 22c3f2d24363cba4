import * as pulumi from '@pulumi/pulumi';
import type { TapConfig } from '../config';
import type { ClusterHosts } from '../data/cluster-hosts';
import type { SchemaMigratorEnv } from '../../lambda/schema-migrator/env';
import type { PolicyStatement } from '../policy';
import type { EnvInputs } from './environment';
import type { FunctionSettings } from './service-function';

/** How a function of one region reaches that region's database. */
export interface DatabaseAccess {
  /** Of this region's cluster, never the other's: a function that crossed regions would die with both. */
  readonly databaseHosts: pulumi.Input<ClusterHosts>;
  readonly databasePort: number;
  readonly databaseName: string;
  /** ARN of this region's copy of the existing secret. */
  readonly databaseSecretId: pulumi.Input<string>;
  readonly databaseTls: 'verify-full' | 'disable';
}

/** The part of a function's environment that every function with a database has. */
export type DatabaseEnv = Pick<SchemaMigratorEnv, Extract<keyof SchemaMigratorEnv, `DATABASE_${string}`>>;

/** A local stack's own PostgreSQL stands in for all of Aurora's hosts, and nothing else differs there. */
export function databaseHosts(
  { databaseHost: host }: Pick<TapConfig, 'databaseHost'>,
  ofCluster: pulumi.Input<ClusterHosts>,
): pulumi.Input<ClusterHosts> {
  return host === '' ? ofCluster : { writer: host, reader: host, instances: [] };
}

/** The environment of a function that uses the database. */
export function databaseEnvironment(database: DatabaseAccess): EnvInputs<DatabaseEnv> {
  const hosts = pulumi.output(database.databaseHosts);
  return {
    DATABASE_HOST: hosts.writer,
    DATABASE_INSTANCE_HOSTS: hosts.instances.apply((instances) => instances.join(',')),
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
