import { answered } from '../service';
import type { Answer } from '../service';
import type { Replica } from './replica';

/**
 * DescribeTable (DynamoDB API reference): every table and replica is active all the time, and its key can be used; of a replica in
 * another region it says what it knows, also while that region is lost.
 *
 * @param others its replicas in other regions.
 */
export function describeTable({ schema, place }: Replica, others: readonly Replica[]): Answer {
  const replicas = others.map(({ place: { region, kmsKeyArn } }) => ({
    RegionName: region,
    ReplicaStatus: 'ACTIVE',
    ...(kmsKeyArn !== undefined && { KMSMasterKeyId: kmsKeyArn }),
  }));
  return answered({
    Table: {
      TableName: schema.name,
      TableArn: place.arn,
      TableStatus: 'ACTIVE',
      ...(place.kmsKeyArn !== undefined && {
        SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: place.kmsKeyArn },
      }),
      ...(replicas.length > 0 && { Replicas: replicas }),
    },
  });
}

/** DescribeContinuousBackups (DynamoDB API reference): continuous backups are on for every table, recovery where it was asked for. */
export function describeBackups({ place }: Replica): Answer {
  const PointInTimeRecoveryStatus = place.recoverable ? 'ENABLED' : 'DISABLED';
  return answered({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
    },
  });
}
