import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { receivedMinute } from '../shared/order-items';

/** Orders that one region received in a time, the latest first. */
export interface ReceivedHere {
  readonly ids: readonly string[];
  /** False when the time was over before the orders of this region were told from those of the other one. */
  readonly isEnough: boolean;
}

/** Orders by the time at which they were received. */
export interface RecentOrders {
  /**
   * Ids of orders that this region received in a time, the latest first, so that a queue that stops is seen at once whatever
   * the traffic. Milliseconds since 1970.
   *
   * @param until no further page is asked for after this moment.
   * @throws DynamoDB's errors; the client's time-outs and attempts bound each page.
   */
  receivedBetween(from: number, to: number, until: number): Promise<ReceivedHere>;
}

/** How many orders are looked at: enough to see that none moves. */
const MOST_ORDERS = 100;

/** Where the first page does not have enough, the other region receives most: bigger steps through what is not asked for. */
const FURTHER_PAGE = 1_000;

/** The index of the orders table (lib/data/global-tables.ts). */
const BY_RECEIVED = 'byReceived';

const MINUTE_MS = 60_000;

/**
 * Reads the index `byReceived`, minute by minute, side by side. Orders that the other region received are left out: they
 * come here by the reconciler's sweep and say nothing about this region's queue. DynamoDB counts them against a page's limit
 * all the same (developer guide, "Filter expressions for the Query operation"), so a page without any of ours need not be the last.
 *
 * @param now milliseconds since 1970.
 */
export function createRecentOrders(
  client: DynamoDBClient,
  table: string,
  region: string,
  now: () => number,
): RecentOrders {
  async function page(minute: string, from: string, to: string, after: Record<string, AttributeValue> | undefined) {
    const { Items = [], LastEvaluatedKey } = await client.send(
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
        Limit: after ? FURTHER_PAGE : MOST_ORDERS,
        ...(after && { ExclusiveStartKey: after }),
      }),
    );
    return {
      ids: Items.flatMap(({ orderId }) => (orderId?.S === undefined ? [] : [orderId.S])),
      next: LastEvaluatedKey,
    };
  }

  async function inMinute(minute: string, from: string, to: string, until: number): Promise<ReceivedHere> {
    const found: string[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const read = await page(minute, from, to, next);
      found.push(...read.ids);
      ({ next } = read);
    } while (next && found.length < MOST_ORDERS && now() < until);
    return { ids: found, isEnough: !next || found.length >= MOST_ORDERS };
  }

  return {
    async receivedBetween(from, to, until) {
      const first = new Date(from).toISOString();
      const last = new Date(to).toISOString();
      const found = await Promise.all(minutesOf(from, to).map((minute) => inMinute(minute, first, last, until)));
      return {
        ids: found.flatMap(({ ids }) => ids).slice(0, MOST_ORDERS),
        isEnough: found.every(({ isEnough }) => isEnough),
      };
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
