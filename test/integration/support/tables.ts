import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

type Key = Readonly<Record<string, string>>;

/** An item as it stands in one region, or undefined. */
export async function readItem(region: string, table: string, key: Key): Promise<Record<string, unknown> | undefined> {
  const client = new DynamoDBClient({ region });
  const command = new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true });
  const { Item } = await client.send(command).finally(() => client.destroy());
  return Item && unmarshall(Item);
}

/** Removes an item, so that a region is as on its first day. */
export async function removeItem(region: string, table: string, key: Key): Promise<void> {
  const client = new DynamoDBClient({ region });
  await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(key) })).finally(() => client.destroy());
}
