import type * as pulumi from '@pulumi/pulumi';
import type { LedgerEnv } from '../../lambda/ledger/env';
import { databaseEnvironment, databaseStatements, type DatabaseAccess } from '../services/database-access';
import { ServiceFunction } from '../services/service-function';
import { functionSettings, type ControlRegion } from './region-of-control';

/** How a control function in the VPC reaches this region's database. */
export function databaseOf(control: ControlRegion): DatabaseAccess {
  const { databasePort, databaseName, databaseTls } = control.config;
  return {
    databaseHosts: control.databaseHosts,
    databasePort,
    databaseName,
    databaseTls,
    databaseSecretId: control.databaseSecretArn,
  };
}

/** What functions outside the VPC have to ask of PostgreSQL: which orders and payments have a row, and which epoch stands. */
export function createLedger(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
): ServiceFunction<LedgerEnv> {
  const settings = functionSettings(control);
  const database = databaseOf(control);
  return new ServiceFunction<LedgerEnv>(
    name,
    {
      ...settings,
      network: control.network,
      functionName: 'ledger',
      description:
        'Answers from PostgreSQL which orders and payments have an effect, and installs the epoch of a new writer',
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      environment: { ENVIRONMENT_SUFFIX: control.config.environmentSuffix, ...databaseEnvironment(database) },
      statements: databaseStatements(settings, database),
    },
    { parent },
  );
}
