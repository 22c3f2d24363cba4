import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { MalformedError } from './errors';

/** An item of an append-only table. */
export interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly [attribute: string]: unknown;
}

/** Whether an item was new, or what stands under its key already. */
export type PutOnce = { readonly written: true } | { readonly written: false; readonly existing: Item };

/** A table whose items are written once and never changed. */
export interface ItemStore {
  putOnce(item: Item): Promise<PutOnce>;
  get(pk: string, sk: string): Promise<Item | undefined>;
  /** Every item of one order or payment, in the order of their sort keys. */
  list(pk: string): Promise<readonly Item[]>;
}

/**
 * Items of a global table, as this region sees it. Everything is idempotent: a put that the SDK repeats after a lost answer
 * finds its own item. The client's time-outs and attempts bound each call.
 */
export function createItemStore(client: DynamoDBClient, table: string): ItemStore {
  return {
    async get(pk, sk) {
      const { Item: found } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall({ pk, sk }), ConsistentRead: true }),
      );
      return found && itemOf(found);
    },
    async putOnce(item) {
      try {
        const Item = marshall(item, { removeUndefinedValues: true });
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item,
            ConditionExpression: 'attribute_not_exists(pk)',
            // The refusal says what stands there: nobody has to ask again, and nothing can happen in between.
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { written: true };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (!error.Item) {
          throw new MalformedError(`the refusal to write ${item.pk} ${item.sk} again names no item`, { cause: error });
        }
        return { written: false, existing: itemOf(error.Item) };
      }
    },
    async list(pk) {
      const items: Item[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: pk } },
            ConsistentRead: true,
            ...(from && { ExclusiveStartKey: from }),
          }),
        );
        items.push(...(page.Items ?? []).map(itemOf));
        from = page.LastEvaluatedKey;
      } while (from);
      return items;
    },
  };
}

function itemOf(wire: Record<string, AttributeValue>): Item {
  const found = unmarshall(wire);
  const pk: unknown = found['pk'];
  const sk: unknown = found['sk'];
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new MalformedError('an item has no pk and sk');
  return { ...found, pk, sk };
}
