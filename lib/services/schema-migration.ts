import * as pulumi from '@pulumi/pulumi';
import type { SchemaMigratorEnv } from '../../lambda/schema-migrator/env';
import { databaseEnvironment, databaseStatements } from './database-access';
import type { DatabaseAccess } from './database-access';
import { FunctionTrigger } from './function-trigger';
import { ServiceFunction } from './service-function';
import type { FunctionNetwork, FunctionSettings } from './service-function';

/** The schema step of one region. */
export interface SchemaMigrationArgs extends FunctionSettings {
  readonly database: DatabaseAccess;
  readonly network: FunctionNetwork;
}

/** Seconds; a migration holds its lock for as long as it runs. */
const MIGRATOR_TIMEOUT_SECONDS = 120;

/**
 * Brings the database to the version of the code. A deployment calls it at once; the schedule is for whatever a deployment
 * cannot know, such as a database that became writable here because the roles changed. In the other region it does nothing.
 */
export class SchemaMigration extends pulumi.ComponentResource {
  readonly schemaMigrator: ServiceFunction<SchemaMigratorEnv>;

  constructor(name: string, args: SchemaMigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:SchemaMigration', name, {}, opts);
    const { environmentSuffix, database } = args;

    this.schemaMigrator = new ServiceFunction<SchemaMigratorEnv>(
      `${name}-function`,
      {
        environmentSuffix,
        region: args.region,
        accountId: args.accountId,
        keyArn: args.keyArn,
        logRetentionDays: args.logRetentionDays,
        network: args.network,
        functionName: 'schema-migrator',
        description: 'Applies the versions of the database schema that are still missing',
        timeoutSeconds: MIGRATOR_TIMEOUT_SECONDS,
        memoryMegabytes: 256,
        environment: { ENVIRONMENT_SUFFIX: environmentSuffix, ...databaseEnvironment(database) },
        statements: databaseStatements(args, database),
      },
      { parent: this },
    );
    new FunctionTrigger(
      `${name}-schedule`,
      {
        environmentSuffix,
        ruleName: 'schema-migration',
        description: 'Applies a schema that a deployment could not apply itself',
        functionName: this.schemaMigrator.functionName,
        functionArn: this.schemaMigrator.functionArn,
        rule: { scheduleExpression: 'rate(5 minutes)' },
      },
      { parent: this },
    );
    this.registerOutputs({ functionName: this.schemaMigrator.functionName });
  }
}
