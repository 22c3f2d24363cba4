import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LEASE_KEY } from '../lease-store';
import type { Lease } from '../may-write';

/** The item by which this region's functions know whether they may write; `lease-store.ts` reads it. */
export interface LocalLeasePort {
  /**
   * Makes functions go by this lease. Refused, without an error, where the item has moved on: a higher epoch, a later end, or
   * the same epoch closed.
   */
  put(lease: Lease): Promise<'written' | 'refused'>;
  /** Stops this region's functions under an epoch, for good: no renewal of that epoch opens the item again. */
  close(lease: Lease): Promise<'written' | 'refused'>;
}

/** Each call is idempotent: repeated after a lost answer it finds what it wrote. The client's time-outs bound it. */
export function createLocalLease(client: DynamoDBClient, table: string): LocalLeasePort {
  async function update({ activeRegion, epoch, leaseEnd }: Lease, closed: boolean, condition: string) {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: LEASE_KEY } },
          UpdateExpression: 'SET activeRegion = :region, epoch = :epoch, leaseEnd = :end, closed = :closed',
          ConditionExpression: condition,
          ExpressionAttributeValues: {
            ':region': { S: activeRegion },
            ':epoch': { N: String(epoch) },
            ':end': { N: String(leaseEnd) },
            ':closed': { BOOL: closed },
            ...(!closed && { ':open': { BOOL: false } }),
          },
        }),
      );
      return 'written';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'refused';
      throw error;
    }
  }

  return {
    put: (lease) =>
      update(
        lease,
        false,
        'attribute_not_exists(pk) OR epoch < :epoch OR (epoch = :epoch AND leaseEnd <= :end AND closed = :open)',
      ),
    close: (lease) => update(lease, true, 'attribute_not_exists(pk) OR epoch <= :epoch'),
  };
}
