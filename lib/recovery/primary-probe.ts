import type * as pulumi from '@pulumi/pulumi';
import type { PrimaryProbeEnv } from '../../lambda/primary-probe/env';
import { keyThrough, localItem, publishSignals } from '../services/function-policy';
import { TICKING_SECONDS } from '../services/function-trigger';
import { ServiceFunction } from '../services/service-function';
import { functionSettings, signalsEnvironment, type ControlRegion } from './region-of-control';

/** Sends orders (or payments) through primary as a client outside it would, and sees them settled. Only in dr. */
export function createPrimaryProbe(
  parent: pulumi.Resource,
  name: string,
  control: ControlRegion,
): ServiceFunction<PrimaryProbeEnv> {
  const { config, own, other } = control;
  return new ServiceFunction<PrimaryProbeEnv>(
    name,
    {
      ...functionSettings(control),
      functionName: 'primary-probe',
      description: 'Sends a marked order or payment through primary and sees it settled',
      timeoutSeconds: TICKING_SECONDS,
      memoryMegabytes: 512,
      environment: {
        ENVIRONMENT_SUFFIX: config.environmentSuffix,
        ...signalsEnvironment(control),
        TARGET_URL: `https://${other.apiName}`,
        PROBE_WORKLOAD: config.trading ? 'orders' : 'payments',
        PROBE_INTERVAL_SECONDS: String(config.probeIntervalSeconds),
        LEASE_TABLE: own.leaseTable.tableName,
      },
      statements: [
        localItem('ReadProbe', 'dynamodb:GetItem', own.leaseTable.tableArn, ['probe']),
        localItem('WriteProbe', 'dynamodb:PutItem', own.leaseTable.tableArn, ['probe']),
        keyThrough('dynamodb', own.regionName, own.keyArn, ['kms:Decrypt']),
        publishSignals(config.environmentSuffix),
      ],
    },
    { parent },
  );
}
