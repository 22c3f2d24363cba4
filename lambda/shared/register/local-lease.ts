import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LEASE_KEY, readLease } from '../lease-store';
import type { Lease } from '../may-write';

/** The item by which this region's functions know whether they may write; `lease-store.ts` reads it. */
export interface LocalLeasePort {
  /**
   * Makes functions go by this lease. Refused, without an error, where the item has moved on: a higher epoch, a later end, or
   * the same epoch closed.
   */
  put(lease: Lease): Promise<'written' | 'refused'>;
  /**
   * Stops this region's functions under an epoch, for good: no renewal of that epoch opens the item again. Tells what the item
   * held, in the same step, because a renewal may come between a reading and a write.
   *
   * @param standIn the region that an absent item is filled in with; the one that an item names stays.
   */
  close(epoch: number, standIn: string): Promise<Closed>;
}

/** What closing met: the lease as it was, or an item that has moved on to a higher epoch. */
export type Closed = { readonly kind: 'closed'; readonly was: Lease | undefined } | { readonly kind: 'refused' };

/** Each call is idempotent: repeated after a lost answer it finds what it wrote. The client's time-outs bound it. */
export function createLocalLease(client: DynamoDBClient, table: string): LocalLeasePort {
  const item = { TableName: table, Key: { pk: { S: LEASE_KEY } } };
  return {
    async put({ activeRegion, epoch, leaseEnd }) {
      try {
        await client.send(
          new UpdateItemCommand({
            ...item,
            UpdateExpression: 'SET activeRegion = :region, epoch = :epoch, leaseEnd = :end, closed = :open',
            ConditionExpression:
              'attribute_not_exists(pk) OR epoch < :epoch OR (epoch = :epoch AND leaseEnd <= :end AND closed = :open)',
            ExpressionAttributeValues: {
              ':region': { S: activeRegion },
              ':epoch': { N: String(epoch) },
              ':end': { N: String(leaseEnd) },
              ':open': { BOOL: false },
            },
          }),
        );
        return 'written';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'refused';
        throw error;
      }
    },
    async close(epoch, standIn) {
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            ...item,
            UpdateExpression:
              'SET activeRegion = if_not_exists(activeRegion, :region), epoch = :epoch, leaseEnd = :over, closed = :closed',
            ConditionExpression: 'attribute_not_exists(pk) OR epoch <= :epoch',
            ExpressionAttributeValues: {
              ':region': { S: standIn },
              ':epoch': { N: String(epoch) },
              ':over': { N: '0' },
              ':closed': { BOOL: true },
            },
            ReturnValues: 'ALL_OLD',
          }),
        );
        const reading = readLease(Attributes);
        return { kind: 'closed', was: reading.known ? reading.lease : undefined };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { kind: 'refused' };
        throw error;
      }
    },
  };
}
