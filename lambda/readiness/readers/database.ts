import {
  type DBCluster,
  DBClusterNotFoundFault,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
  GlobalClusterNotFoundFault,
  type RDSClient,
} from '@aws-sdk/client-rds';
import {
  DescribeSecretCommand,
  ResourceNotFoundException as SecretNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { MalformedError } from '../../shared/errors';
import type { Facts } from '../facts';

// Everything here only reads, and rejects where nothing definite can be said; the clients' patience bounds each call.

/** The global cluster; `absent` where RDS knows none. */
export async function readGlobalCluster(rds: RDSClient, id: string): Promise<Facts['globalCluster']> {
  try {
    const { GlobalClusters } = await rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: id }));
    const found = GlobalClusters?.[0];
    if (!found) return 'absent';
    const members = (found.GlobalClusterMembers ?? []).flatMap(({ DBClusterArn, SynchronizationStatus }) =>
      DBClusterArn === undefined
        ? []
        : [{ arn: DBClusterArn, ...(SynchronizationStatus && { synchronization: SynchronizationStatus }) }],
    );
    return { ...stateOf(found, id), members };
  } catch (error) {
    if (error instanceof GlobalClusterNotFoundFault) return 'absent';
    throw error;
  }
}

/** A cluster of the client's region. */
export async function readCluster(rds: RDSClient, arn: string): Promise<Facts['clusterHere']> {
  try {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: arn }));
    const found = DBClusters?.[0];
    if (!found) return 'absent';
    const maximumAcu = found.ServerlessV2ScalingConfiguration?.MaxCapacity;
    return { ...stateOf(found, arn), ...(maximumAcu !== undefined && { maximumAcu }) };
  } catch (error) {
    if (error instanceof DBClusterNotFoundFault) return 'absent';
    throw error;
  }
}

/** An answer without them is no answer: a state that is not known must not look like a bad one. */
function stateOf(
  { Status: status, EngineVersion: engineVersion }: Pick<DBCluster, 'Status' | 'EngineVersion'>,
  id: string,
): { readonly status: string; readonly engineVersion: string } {
  if (status === undefined || engineVersion === undefined) throw new MalformedError(`RDS does not describe ${id}`);
  return { status, engineVersion };
}

/** The instances of a cluster of the client's region. */
export async function readInstances(rds: RDSClient, clusterArn: string): Promise<Facts['instancesHere']> {
  // The identifier and not the ARN: RDS takes both, an emulator knows the first alone, and no match would look like no instance.
  const identifier = clusterArn.slice(clusterArn.lastIndexOf(':') + 1);
  const { DBInstances } = await rds.send(
    new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [identifier] }] }),
  );
  return (DBInstances ?? []).map(({ DBInstanceStatus, DBInstanceClass }) => {
    if (DBInstanceStatus === undefined) throw new MalformedError(`RDS does not describe an instance of ${identifier}`);
    return { status: DBInstanceStatus, instanceClass: DBInstanceClass ?? 'unknown' };
  });
}

/** The secret's current version; one that waits for its deletion cannot be read any more. */
export async function readSecret(secrets: SecretsManagerClient, id: string): Promise<Facts['secretHere']> {
  try {
    const { DeletedDate, VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: id }));
    if (DeletedDate !== undefined) return 'absent';
    const current = Object.entries(VersionIdsToStages ?? {}).find(([, stages]) => stages.includes('AWSCURRENT'));
    if (current === undefined) throw new MalformedError('Secrets Manager names no current version of the secret');
    return { version: current[0] };
  } catch (error) {
    if (error instanceof SecretNotFoundException) return 'absent';
    throw error;
  }
}
