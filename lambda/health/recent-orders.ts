import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { receivedMinute } from '../shared/order-items';

/** Orders by the time at which they were received. */
export interface RecentOrders {
  /**
   * Ids of orders that this region received in a time, the latest first, so that a queue that stops is seen at once whatever
   * the traffic. Milliseconds since 1970.
   */
  receivedBetween(from: number, to: number): Promise<readonly string[]>;
}

/** How many orders are looked at: enough to see that none moves. */
const MOST_ORDERS = 100;

/** The index of the orders table (lib/data/global-tables.ts). */
const BY_RECEIVED = 'byReceived';

const MINUTE_MS = 60_000;

/**
 * Reads the index `byReceived`, one query per minute, side by side. Orders that the other region received are left out: they
 * come here by the reconciler's sweep and say nothing about this region's queue.
 */
export function createRecentOrders(client: DynamoDBClient, table: string, region: string): RecentOrders {
  async function inMinute(minute: string, from: string, to: string): Promise<readonly string[]> {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: BY_RECEIVED,
        KeyConditionExpression: 'receivedMinute = :minute AND receivedAt BETWEEN :from AND :to',
        FilterExpression: '#region = :region',
        ProjectionExpression: 'orderId',
        ExpressionAttributeNames: { '#region': 'region' },
        ExpressionAttributeValues: {
          ':minute': { S: minute },
          ':from': { S: from },
          ':to': { S: to },
          ':region': { S: region },
        },
        ScanIndexForward: false,
        Limit: MOST_ORDERS,
      }),
    );
    return (Items ?? []).flatMap(({ orderId }) => (orderId?.S === undefined ? [] : [orderId.S]));
  }

  return {
    async receivedBetween(from, to) {
      const first = new Date(from).toISOString();
      const last = new Date(to).toISOString();
      const found = await Promise.all(minutesOf(from, to).map((minute) => inMinute(minute, first, last)));
      return found.flat().slice(0, MOST_ORDERS);
    },
  };
}

/** The minutes that a time touches, the latest first. */
export function minutesOf(from: number, to: number): readonly string[] {
  const minutes: string[] = [];
  for (let minute = Math.floor(to / MINUTE_MS); minute >= Math.floor(from / MINUTE_MS); minute -= 1) {
    minutes.push(receivedMinute(new Date(minute * MINUTE_MS).toISOString()));
  }
  return minutes;
}
