import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LocalItem } from '../shared/local-items';
import type { KindName } from './kinds';

/** How far one kind is swept, in milliseconds since 1970; undefined before the first sweep. */
export interface Swept {
  /** When a run has last set it back. */
  readonly setBackAt: number | undefined;
  /** Everything received before this moment is known to have its row. */
  readonly sweptThrough: number | undefined;
}

/** Until when everything of one kind is known to have its row. */
export interface SweepStore {
  /**
   * Moves it on from what the tick has read; does nothing when a run has set it back meanwhile, or another sweep has moved it.
   * So a reading may be stale: what was swept by it is refused here, and the next tick begins with what stands.
   */
  advance(from: Swept, sweptThrough: number): Promise<'written' | 'refused'>;
}

/** What the local item says of one kind. */
export function sweptOf(item: LocalItem<'sweep'> | undefined, kind: KindName): Swept {
  return { setBackAt: item?.setBackAt, sweptThrough: item?.[kind] };
}

/**
 * The local item `sweep`, by compare-and-set: a run sets it back, and that must never be overwritten. Each kind has an attribute
 * of its own, so that one that moves on never refuses the other.
 */
export function createSweepStore(client: DynamoDBClient, table: string, kind: KindName): SweepStore {
  return {
    async advance(from, sweptThrough) {
      const values = { ':to': sweptThrough, ':setBackAt': from.setBackAt, ':from': from.sweptThrough };
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { pk: { S: 'sweep' } },
            UpdateExpression: `SET ${kind} = :to`,
            ConditionExpression: [
              unchanged('setBackAt', ':setBackAt', from.setBackAt),
              unchanged(kind, ':from', from.sweptThrough),
            ].join(' AND '),
            ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
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

function unchanged(attribute: string, placeholder: string, value: number | undefined): string {
  return value === undefined ? `attribute_not_exists(${attribute})` : `${attribute} = ${placeholder}`;
}
