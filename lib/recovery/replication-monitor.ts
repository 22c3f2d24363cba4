import * as pulumi from '@pulumi/pulumi';
import type { ReplicationMonitorEnv } from '../../lambda/replication-monitor/env';
import { databaseEnvironment, databaseStatements } from '../services/database-access';
import { TICKING_SECONDS } from '../services/function-trigger';
import { ServiceFunction } from '../services/service-function';
import { databaseOf } from './ledger';
import { functionSettings, type ControlRegion } from './region-of-control';

/** Measures the database's lag by SQL (M7): CloudWatch has it once a minute, and a run needs it now. */
export function createReplicationMonitor(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
): ServiceFunction<ReplicationMonitorEnv> {
  const { config } = control;
  const settings = functionSettings(control);
  const database = databaseOf(control);
  return new ServiceFunction<ReplicationMonitorEnv>(
    name,
    {
      ...settings,
      network: control.network,
      functionName: 'replication-monitor',
      description: 'Measures how far the database of this region is behind',
      timeoutSeconds: TICKING_SECONDS,
      memoryMegabytes: 512,
      environment: {
        ENVIRONMENT_SUFFIX: config.environmentSuffix,
        ...databaseEnvironment(database),
        DATABASE_READER_HOST: pulumi.output(database.databaseHosts).reader,
        LAG_SAMPLE_INTERVAL_SECONDS: String(config.lagSampleIntervalSeconds),
      },
      statements: databaseStatements(settings, database),
    },
    { parent },
  );
}
