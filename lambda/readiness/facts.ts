import { type AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { GetFunctionConfigurationCommand, type LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
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
import { MalformedError } from '../shared/errors';
import type { ClusterState, CodeHashes, GlobalClusterState } from './judge';

// Everything here only reads, and rejects where nothing definite can be said; the clients' patience bounds each call.

/** The global cluster; `absent` where RDS knows none. */
export async function readGlobalCluster(rds: RDSClient, id: string): Promise<GlobalClusterState | 'absent'> {
  try {
    const { GlobalClusters } = await rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: id }));
    const found = GlobalClusters?.[0];
    if (!found) return 'absent';
    return {
      ...stateOf(found, id),
      memberArns: (found.GlobalClusterMembers ?? []).flatMap(({ DBClusterArn }) => DBClusterArn ?? []),
    };
  } catch (error) {
    if (error instanceof GlobalClusterNotFoundFault) return 'absent';
    throw error;
  }
}

/** A cluster of this region. */
export async function readCluster(rds: RDSClient, arn: string): Promise<ClusterState | 'absent'> {
  try {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: arn }));
    const found = DBClusters?.[0];
    if (!found) return 'absent';
    return stateOf(found, arn);
  } catch (error) {
    if (error instanceof DBClusterNotFoundFault) return 'absent';
    throw error;
  }
}

/** An answer without them is no answer: a state that is not known must not look like a bad one. */
function stateOf(
  { Status: status, EngineVersion: engineVersion }: Pick<DBCluster, 'Status' | 'EngineVersion'>,
  id: string,
): ClusterState {
  if (status === undefined || engineVersion === undefined) throw new MalformedError(`RDS does not describe ${id}`);
  return { status, engineVersion };
}

/** How many instances of a cluster are available. */
export async function countAvailableInstances(rds: RDSClient, clusterArn: string): Promise<number> {
  // The identifier and not the ARN: RDS takes both, an emulator knows the first alone, and no match would look like no instance.
  const identifier = clusterArn.slice(clusterArn.lastIndexOf(':') + 1);
  const { DBInstances } = await rds.send(
    new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [identifier] }] }),
  );
  return (DBInstances ?? []).filter(({ DBInstanceStatus }) => DBInstanceStatus === 'available').length;
}

/** Whether the secret is here; one that waits for its deletion cannot be read any more. */
export async function readSecret(secrets: SecretsManagerClient, id: string): Promise<'present' | 'absent'> {
  try {
    const { DeletedDate } = await secrets.send(new DescribeSecretCommand({ SecretId: id }));
    return DeletedDate === undefined ? 'present' : 'absent';
  } catch (error) {
    if (error instanceof SecretNotFoundException) return 'absent';
    throw error;
  }
}

/** The hash of each function's code in one region, all at once. */
export async function readCode(lambda: LambdaClient, names: readonly string[]): Promise<CodeHashes> {
  const hashes = await Promise.all(names.map(async (name) => [name, await readHash(lambda, name)] as const));
  return Object.fromEntries(hashes);
}

async function readHash(lambda: LambdaClient, name: string): Promise<string> {
  try {
    const { CodeSha256 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    if (CodeSha256 === undefined) throw new MalformedError(`Lambda says nothing about the code of ${name}`);
    return CodeSha256;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 'absent';
    throw error;
  }
}

/** How large a group may grow. */
export async function readFleetMaximum(autoScaling: AutoScalingClient, group: string): Promise<number | 'absent'> {
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
  );
  return AutoScalingGroups?.[0]?.MaxSize ?? 'absent';
}
