import {
  type DynamoDBClient,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { GetBucketReplicationCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { MalformedError } from '../../shared/errors';
import type { BucketCopy, Facts, TableState } from '../facts';
import { readEach } from './by-name';

// Everything here only reads, and rejects where nothing definite can be said; the clients' patience bounds each call.

/** Global tables as the client's region sees them. */
export async function readTables(dynamodb: DynamoDBClient, names: readonly string[]): Promise<Facts['tables']> {
  return readEach(names, (name) => readTable(dynamodb, name));
}

async function readTable(dynamodb: DynamoDBClient, name: string): Promise<TableState | 'absent'> {
  try {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === undefined) throw new MalformedError(`DynamoDB does not describe ${name}`);
    const replicas = (Table.Replicas ?? []).flatMap(({ RegionName, ReplicaStatus = 'unknown' }): [string, string][] =>
      RegionName === undefined ? [] : [[RegionName, ReplicaStatus]],
    );
    return {
      status: Table.TableStatus,
      keyUnusable:
        Table.SSEDescription?.InaccessibleEncryptionDateTime !== undefined ||
        Table.TableStatus === 'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
      replicas: Object.fromEntries(replicas),
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 'absent';
    throw error;
  }
}

/** Whether point-in-time recovery is on, by table. */
export async function readBackups(dynamodb: DynamoDBClient, names: readonly string[]): Promise<Facts['backups']> {
  return readEach(names, (name) => isRecoverable(dynamodb, name));
}

async function isRecoverable(dynamodb: DynamoDBClient, name: string): Promise<boolean> {
  const { ContinuousBackupsDescription: found } = await dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName: name }),
  );
  const status = found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  if (status === undefined) throw new MalformedError(`DynamoDB says nothing about backups of ${name}`);
  return status === 'ENABLED';
}

/** How buckets of the client's region are copied. */
export async function readBuckets(s3: S3Client, names: readonly string[]): Promise<Facts['buckets']> {
  return readEach(names, (name) => readBucket(s3, name));
}

async function readBucket(s3: S3Client, name: string): Promise<BucketCopy | 'absent'> {
  try {
    const { ReplicationConfiguration } = await s3.send(new GetBucketReplicationCommand({ Bucket: name }));
    const enabled = (ReplicationConfiguration?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
    return {
      enabledRules: enabled.length,
      timed: enabled.some(({ Destination }) => Destination?.ReplicationTime?.Status === 'Enabled'),
    };
  } catch (error) {
    if (isNamed(error, 'NoSuchBucket')) return 'absent';
    // S3's error for a bucket that has no rule at all (S3 API reference, error codes); no class of the SDK's.
    if (isNamed(error, 'ReplicationConfigurationNotFoundError')) return { enabledRules: 0, timed: false };
    throw error;
  }
}

/** Messages in queues of the client's region, by the queue's name. */
export async function readDeadLetters(sqs: SQSClient, urls: readonly string[]): Promise<Facts['deadLetters']> {
  const counts = await readEach(urls, (url) => readCount(sqs, url));
  return Object.fromEntries(Object.entries(counts).map(([url, count]) => [url.slice(url.lastIndexOf('/') + 1), count]));
}

async function readCount(sqs: SQSClient, url: string): Promise<number> {
  const attribute = 'ApproximateNumberOfMessages';
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [attribute] }));
  const count = Number(Attributes?.[attribute]);
  if (!Number.isSafeInteger(count)) throw new MalformedError(`SQS does not say how many messages are in ${url}`);
  return count;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
