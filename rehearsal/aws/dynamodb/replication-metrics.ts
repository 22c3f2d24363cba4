import type { Metrics } from '../ports';
import type { DynamoDb } from './dynamodb';

/**
 * Publishes what DynamoDB measures of replication: milliseconds from a write to its arrival, in the source region, by table and
 * receiving region, nothing without writes (DynamoDB developer guide, "DynamoDB metrics and dimensions", ReplicationLatency).
 * That a write which cannot arrive shows only when it does is assumed.
 */
export function publishReplicationLatency(dynamodb: Pick<DynamoDb, 'onReplicated'>, metrics: Metrics): void {
  dynamodb.onReplicated(({ table, from, to, writtenAt, at }) => {
    metrics.put(from, {
      namespace: 'AWS/DynamoDB',
      name: 'ReplicationLatency',
      dimensions: { TableName: table, ReceivingRegion: to },
      value: at - writtenAt,
      at,
      resolution: 60,
    });
  });
}
