import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describeError, kindOf } from './errors';
import type { LeaseReading } from './may-write';

/** Where a function learns whether its region may write. */
export interface LeasePort {
  /** Never rejects: what cannot be read is a reading that says why. */
  read(): Promise<LeaseReading>;
}

/** The key of the one local item in this region's lease table. */
export const LEASE_KEY = 'lease';

/**
 * Reads this region's local lease item with a consistent read; the client's own time-outs and attempts bound it.
 * A failed read, an absent item and an item of another form are unknown: whoever asks then fails closed.
 */
export function createLeaseStore(client: DynamoDBClient, table: string): LeasePort {
  return {
    async read() {
      try {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: table, Key: { pk: { S: LEASE_KEY } }, ConsistentRead: true }),
        );
        return readLease(Item);
      } catch (error) {
        return unreadLease(error);
      }
    },
  };
}

/**
 * Answers the first question with a reading that was just made, and asks from then on: whoever has looked before it begins
 * need not look twice.
 */
export function beginningWith(reading: LeaseReading, lease: LeasePort): LeasePort {
  let given: LeaseReading | undefined = reading;
  return {
    read() {
      const first = given;
      given = undefined;
      return first ? Promise.resolve(first) : lease.read();
    },
  };
}

/** What a failed read of the lease is: a reading that says why. */
export function unreadLease(error: unknown): LeaseReading {
  return { known: false, kind: kindOf(error), why: `the local lease item cannot be read: ${describeError(error)}` };
}

/** A lease as the item holds it, or why there is none. */
export function readLease(item: Readonly<Record<string, AttributeValue>> | undefined): LeaseReading {
  if (!item) return { known: false, kind: 'NoLease', why: 'there is no local lease item' };
  const activeRegion = item['activeRegion']?.S;
  const epoch = Number(item['epoch']?.N);
  const leaseEnd = Number(item['leaseEnd']?.N);
  if (!activeRegion || !Number.isSafeInteger(epoch) || epoch < 1 || !Number.isSafeInteger(leaseEnd)) {
    const why = 'the local lease item has no valid activeRegion, epoch and leaseEnd';
    return { known: false, kind: 'MalformedError', why };
  }
  return { known: true, lease: { activeRegion, epoch, leaseEnd } };
}
