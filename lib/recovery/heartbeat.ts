import type * as pulumi from '@pulumi/pulumi';
import type { HeartbeatEnv } from '../../lambda/heartbeat/env';
import { localItem, publishSignals } from '../services/function-policy';
import { TICKING_SECONDS } from '../services/function-trigger';
import { ServiceFunction } from '../services/service-function';
import {
  functionSettings,
  registerEnvironment,
  registerStatements,
  signalsEnvironment,
  type ControlRegion,
} from './region-of-control';

/** Keeps the lease of the active region, and watches the other one's. Outside the VPC: it needs no path that could fail with it. */
export function createHeartbeat(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
): ServiceFunction<HeartbeatEnv> {
  const { config, own } = control;
  return new ServiceFunction<HeartbeatEnv>(
    name,
    {
      ...functionSettings(control),
      functionName: 'heartbeat',
      description: 'Renews the lease of the active region by majority, and watches the other region renew',
      timeoutSeconds: TICKING_SECONDS,
      memoryMegabytes: 512,
      environment: {
        ...registerEnvironment(control),
        ...signalsEnvironment(control),
        HEARTBEAT_INTERVAL_SECONDS: String(config.heartbeatIntervalSeconds),
      },
      statements: [
        ...registerStatements(control, 'write'),
        localItem('ReadLeaseAndVerdict', 'dynamodb:GetItem', own.leaseTable.tableArn, ['lease', 'verdict']),
        localItem('WriteLease', 'dynamodb:UpdateItem', own.leaseTable.tableArn, ['lease']),
        publishSignals(config.environmentSuffix),
      ],
    },
    { parent },
  );
}
