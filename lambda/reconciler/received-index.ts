import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { receivedMinute } from '../shared/order-items';
import type { Telemetry } from '../shared/telemetry';
import type { Kind, Received } from './kinds';

/** Orders or payments in the order of their receipt, as far as they have been read. Times in milliseconds since 1970. */
export interface ReceivedPage<R extends Received> {
  readonly received: readonly R[];
  /** Everything received before this moment is in this page or an earlier one. */
  readonly readThrough: number;
}

/** Orders or payments by the time of their receipt, of both regions, as this region's copy of the table has them. */
export interface ReceivedIndex<R extends Received> {
  /**
   * Those received from `from` on and before `until`: about as many as wanted, or all there are. Those of the page's last
   * moment come again in the next one.
   *
   * @throws AWS's errors; the client's time-outs and attempts bound each call.
   */
  read(from: number, until: number, wanted: number): Promise<ReceivedPage<R>>;
}

const BY_RECEIVED = 'byReceived';
const MINUTE_MS = 60_000;

type Key = Record<string, AttributeValue>;

/** An item of another form can never be executed: it is logged, and holds nothing up. */
export function createReceivedIndex<R extends Received>(
  client: DynamoDBClient,
  table: string,
  { name, form }: Kind<R>,
  telemetry: Pick<Telemetry, 'error'>,
): ReceivedIndex<R> {
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
    return { received: Items.flatMap((item) => parse(unmarshall(item))), next: LastEvaluatedKey };
  }

  function parse(item: Readonly<Record<string, unknown>>): R[] {
    const parsed = z.safeParse(form, item);
    if (parsed.success) return [parsed.data];
    telemetry.error(`an item in the index of ${name} has another form`, parsed.error, { id: item['pk'] });
    return [];
  }

  /** Those of one minute; it ends early once it has enough, but never at the moment it began with. */
  async function readMinute(from: number, until: number, wanted: number): Promise<ReceivedPage<R>> {
    const received: R[] = [];
    let next: Key | undefined;
    do {
      const page = await query(from, until, wanted, next);
      received.push(...page.received);
      next = page.next;
      const last = Date.parse(received.at(-1)?.receivedAt ?? '');
      if (next && received.length >= wanted && last > from) return { received, readThrough: last };
    } while (next);
    return { received, readThrough: until };
  }

  return {
    async read(from, until, wanted) {
      const received: R[] = [];
      let readThrough = from;
      while (readThrough < until && received.length < wanted) {
        const minuteEnd = Math.min(startOfMinute(readThrough) + MINUTE_MS, until);
        const page = await readMinute(readThrough, minuteEnd, wanted - received.length);
        received.push(...page.received);
        ({ readThrough } = page);
      }
      return { received, readThrough };
    },
  };
}

function startOfMinute(time: number): number {
  return time - (time % MINUTE_MS);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
