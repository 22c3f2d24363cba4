import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LocalItem, LocalItems } from '../shared/local-items';

type Sweep = LocalItem<'sweep'>;

/** Until when every order is known to have its row. */
export interface SweepStore {
  read(): Promise<Sweep | undefined>;
  /** Moves it on from what was read; does nothing when a run has set it back meanwhile. */
  advance(from: Sweep | undefined, to: Sweep): Promise<'written' | 'refused'>;
}

/** The local item `sweep`, by compare-and-set: a run sets it back, and that must never be overwritten. */
export function createSweepStore(client: DynamoDBClient, table: string, items: LocalItems): SweepStore {
  return {
    read: () => items.get('sweep'),
    async advance(from, to) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({ ...to, pk: 'sweep' }),
            ...(from
              ? {
                  ConditionExpression: '#at = :at AND sweptThrough = :through',
                  ExpressionAttributeNames: { '#at': 'at' },
                  ExpressionAttributeValues: marshall({ ':at': from.at, ':through': from.sweptThrough }),
                }
              : { ConditionExpression: 'attribute_not_exists(pk)' }),
          }),
        );
        return 'written';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'refused';
        throw error;
      }
    },
  };
}
