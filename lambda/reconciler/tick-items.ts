import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeadlineError } from '../shared/errors';
import { LEASE_KEY, readLease, unreadLease } from '../shared/lease-store';
import { type LocalItem, type LocalItemName, parseLocalItem } from '../shared/local-items';
import type { LeaseReading } from '../shared/may-write';

/** What reading one local item gave; one that is not there was read, one that may be there was not. */
export type ItemReading<N extends LocalItemName> =
  | { readonly known: true; readonly item: LocalItem<N> | undefined }
  | { readonly known: false; readonly error: unknown };

/** What every tick goes by. Each was read for itself: none of them says anything about another, nor that it could be read. */
export interface TickItems {
  readonly lease: LeaseReading;
  readonly freeze: ItemReading<'freeze'>;
  readonly sweep: ItemReading<'sweep'>;
}

/** Where a tick learns what it goes by. */
export interface TickItemsPort {
  /** Never rejects: what cannot be read is a reading that says why. */
  read(): Promise<TickItems>;
}

const NAMES = [LEASE_KEY, 'freeze', 'sweep'] as const;

type Name = (typeof NAMES)[number];
type Item = Readonly<Record<string, AttributeValue>>;

/** The item of a name, undefined when it is not there; throws when that is not known. */
type Answer = (name: Name) => Item | undefined;

/**
 * Reads what every tick goes by from this region's lease table, in one consistent call; the client's time-outs and attempts bound
 * it. Nothing is asked for twice within a tick: what was not read is asked for again in the next one.
 */
export function createTickItems(client: DynamoDBClient, table: string): TickItemsPort {
  return {
    async read() {
      const answer = await ask(client, table);
      return { lease: leaseIn(answer), freeze: itemIn(answer, 'freeze'), sweep: itemIn(answer, 'sweep') };
    },
  };
}

/** @throws why the item could not be read. */
export function itemOf<N extends LocalItemName>(reading: ItemReading<N>): LocalItem<N> | undefined {
  if (reading.known) return reading.item;
  throw reading.error;
}

async function ask(client: DynamoDBClient, table: string): Promise<Answer> {
  try {
    // Consistency is an attribute of what is asked of each table, and not of the call (API reference, BatchGetItem).
    const asked = { Keys: NAMES.map((pk) => ({ pk: { S: pk } })), ConsistentRead: true };
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: asked } }),
    );
    const items = new Map((Responses?.[table] ?? []).map((item) => [item['pk']?.S, item]));
    const left = new Set(Object.values(UnprocessedKeys ?? {}).flatMap(({ Keys = [] }) => Keys.map(({ pk }) => pk?.S)));
    return (name) => {
      // Too much traffic or a failure inside DynamoDB, in an answer that succeeded (API reference, BatchGetItem): an item that
      // may well be there, and must not pass for absent.
      if (left.has(name)) throw new DeadlineError(`DynamoDB has not processed the key ${name} of ${table}`);
      return items.get(name);
    };
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function leaseIn(answer: Answer): LeaseReading {
  try {
    return readLease(answer(LEASE_KEY));
  } catch (error) {
    return unreadLease(error);
  }
}

function itemIn<N extends LocalItemName & Name>(answer: Answer, name: N): ItemReading<N> {
  try {
    return { known: true, item: parseLocalItem(name, answer(name)) };
  } catch (error) {
    return { known: false, error };
  }
}
