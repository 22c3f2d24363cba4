import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { awsClientOptions } from '../../../lambda/shared/aws';
import type { OrderItem, OrderReader, SessionStore } from '../ports';
import { CALL_MS, PATIENCE, PROBE_MS, within } from './limits';

/** The key that health reads; no session can have it, because session ids are UUIDs. An absent item proves as much. */
const PROBE_KEY = 'health';
/** An order has one order item and a result per epoch and region: more items than this would be a fault elsewhere. */
const MOST_ORDER_ITEMS = 100;

const sessionItem = z.object({
  pk: z.string(),
  user: z.string(),
  createdAt: z.string(),
  region: z.string(),
  expiresAt: z.number(),
});
const orderItem = z.looseObject({ sk: z.string() });

/** A document client whose every attempt is bounded. */
export function documentClient(region: string, config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({ ...awsClientOptions(region, PATIENCE), ...config }));
}

/** Sessions in the global table. */
export function sessionStore(client: DynamoDBDocumentClient, table: string): SessionStore {
  const name = 'the sessions table';
  return {
    create: ({ sessionId, ...rest }) =>
      within(name, CALL_MS, async (abortSignal) => {
        const Item = { pk: sessionId, ...rest };
        await client.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }), {
          abortSignal,
        });
      }),
    find: (sessionId) =>
      within(name, CALL_MS, async (abortSignal) => {
        const get = new GetCommand({ TableName: table, Key: { pk: sessionId }, ConsistentRead: true });
        const { Item } = await client.send(get, { abortSignal });
        if (!Item) return undefined;
        const { pk, ...rest } = sessionItem.parse(Item);
        return { sessionId: pk, ...rest };
      }),
    remove: (sessionId) =>
      within(name, CALL_MS, async (abortSignal) => {
        await client.send(new DeleteCommand({ TableName: table, Key: { pk: sessionId } }), { abortSignal });
      }),
    probe: () =>
      within(name, PROBE_MS, async (abortSignal) => {
        const get = new GetCommand({ TableName: table, Key: { pk: PROBE_KEY }, ConsistentRead: true });
        await client.send(get, { abortSignal });
      }),
  };
}

/** Orders in the global table, read only. */
export function orderReader(client: DynamoDBDocumentClient, table: string): OrderReader {
  return {
    itemsOf: (orderId) =>
      within('the orders table', CALL_MS, async (abortSignal) => {
        const query = new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ConsistentRead: true,
          ExpressionAttributeValues: { ':pk': orderId },
          Limit: MOST_ORDER_ITEMS,
        });
        const { Items = [] } = await client.send(query, { abortSignal });
        return Items.map((item): OrderItem => ({ ...item, sk: orderItem.parse(item).sk }));
      }),
  };
}
