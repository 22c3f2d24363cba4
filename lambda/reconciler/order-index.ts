import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { ReceivedOrder } from '../shared/order';
import { receivedOrder } from '../shared/order-form';
import { receivedMinute } from '../shared/order-items';
import type { Telemetry } from '../shared/telemetry';

/** Orders in the order of their receipt, as far as they have been read. Times in milliseconds since 1970. */
export interface OrderPage {
  readonly orders: readonly ReceivedOrder[];
  /** Every order received before this moment is in this page or an earlier one. */
  readonly readThrough: number;
}

/** Orders by the time of their receipt, of both regions, as this region's copy of the table has them. */
export interface OrderIndex {
  /**
   * Orders received from `from` on and before `until`: about as many as wanted, or all there are. Those of the page's last
   * moment come again in the next one.
   *
   * @throws AWS's errors; the client's time-outs and attempts bound each call.
   */
  read(from: number, until: number, wanted: number): Promise<OrderPage>;
}

const BY_RECEIVED = 'byReceived';
const MINUTE_MS = 60_000;

type Key = Record<string, AttributeValue>;

/** An item that is no order can never be executed: it is logged, and holds nothing up. */
export function createOrderIndex(
  client: DynamoDBClient,
  table: string,
  telemetry: Pick<Telemetry, 'error'>,
): OrderIndex {
  async function query(from: number, until: number, limit: number, start: Key | undefined) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: BY_RECEIVED,
        KeyConditionExpression: 'receivedMinute = :minute AND receivedAt BETWEEN :from AND :until',
        ExpressionAttributeValues: {
          ':minute': { S: receivedMinute(iso(from)) },
          ':from': { S: iso(from) },
          ':until': { S: iso(until - 1) },
        },
        Limit: limit,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    return { orders: Items.flatMap((item) => orderOf(unmarshall(item), telemetry)), next: LastEvaluatedKey };
  }

  /** Orders of one minute; it ends early once it has enough, but never at the moment it began with. */
  async function readMinute(from: number, until: number, wanted: number): Promise<OrderPage> {
    const orders: ReceivedOrder[] = [];
    let next: Key | undefined;
    do {
      const page = await query(from, until, wanted, next);
      orders.push(...page.orders);
      next = page.next;
      const last = Date.parse(orders.at(-1)?.receivedAt ?? '');
      if (next && orders.length >= wanted && last > from) return { orders, readThrough: last };
    } while (next);
    return { orders, readThrough: until };
  }

  return {
    async read(from, until, wanted) {
      const orders: ReceivedOrder[] = [];
      let readThrough = from;
      while (readThrough < until && orders.length < wanted) {
        const minuteEnd = Math.min(startOfMinute(readThrough) + MINUTE_MS, until);
        const page = await readMinute(readThrough, minuteEnd, wanted - orders.length);
        orders.push(...page.orders);
        ({ readThrough } = page);
      }
      return { orders, readThrough };
    },
  };
}

function orderOf(item: Readonly<Record<string, unknown>>, telemetry: Pick<Telemetry, 'error'>): ReceivedOrder[] {
  const parsed = z.safeParse(receivedOrder, item);
  if (parsed.success) return [parsed.data];
  telemetry.error('an item in the index of orders is no order', parsed.error, { orderId: item['pk'] });
  return [];
}

function startOfMinute(time: number): number {
  return time - (time % MINUTE_MS);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
