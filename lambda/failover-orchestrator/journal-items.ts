import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item of the journal's table. */
export interface JournalItem {
  readonly pk: string;
  readonly sk: string;
  readonly [attribute: string]: unknown;
}

/** The append-only part of the journal's table: every item but the few that are replaced by compare-and-set. */
export interface JournalItems {
  get(pk: string, sk: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Whether the item is new. A repetition of the same put, by the SDK too, finds its own item and leaves it. */
  putOnce(item: JournalItem): Promise<boolean>;
  /** Every item under one key whose sort key comes before another one, in that order. */
  listBefore(pk: string, sk: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Reads consistently. @throws AWS's errors; the client's time-outs and attempts bound each call. */
export function createJournalItems(client: DynamoDBClient, table: string): JournalItems {
  return {
    async get(pk, sk) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall({ pk, sk }), ConsistentRead: true }),
      );
      return Item && unmarshall(Item);
    },
    async putOnce(item) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall(item, { removeUndefinedValues: true }),
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async listBefore(pk, sk) {
      const items: Record<string, unknown>[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk AND sk < :sk',
            ExpressionAttributeValues: marshall({ ':pk': pk, ':sk': sk }),
            ConsistentRead: true,
            ...(from && { ExclusiveStartKey: from }),
          }),
        );
        items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
        from = page.LastEvaluatedKey;
      } while (from);
      return items;
    },
  };
}
