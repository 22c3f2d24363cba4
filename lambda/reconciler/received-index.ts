import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { SettledEffect } from '../shared/effects';
import { DeadlineError } from '../shared/errors';
import { receivedMinute, resultSortKey } from '../shared/order-items';
import type { Telemetry } from '../shared/telemetry';
import type { Kind, Received } from './kinds';

/** An order or payment as a sweep sees it that finds it with its row: nearly all of them. */
export interface Found {
  readonly id: string;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** Orders or payments in the order of their receipt, as far as they have been read. Times in milliseconds since 1970. */
export interface FoundPage {
  readonly found: readonly Found[];
  /** Everything received before this moment is in this page or an earlier one. */
  readonly readThrough: number;
}

/** Orders or payments with everything that their execution needs. */
export interface LoadedItems<R extends Received> {
  readonly received: readonly R[];
  /** Ids of items of another form: they are logged, and can never be executed. */
  readonly unreadable: readonly string[];
}

/** Orders or payments by the time of their receipt, of both regions, as this region's copy of the table has them. */
export interface ReceivedIndex<R extends Received> {
  /**
   * Those received from `from` on and before `until`: about as many as wanted, or all there are. Those of the page's last
   * moment come again in the next one.
   *
   * @throws AWS's errors; the client's time-outs and attempts bound each call.
   */
  read(from: number, until: number, wanted: number): Promise<FoundPage>;
  /**
   * The whole items of some that were found, in the order of their receipt; those that are gone by now are left out.
   *
   * @throws as `read`.
   */
  load(found: readonly Found[]): Promise<LoadedItems<R>>;
  /**
   * Ids of those whose result item is not in this region's copy of the table. An eventually consistent read: it may not see the
   * latest ones.
   *
   * @throws as `read`; also when DynamoDB leaves some of them out because it is too busy.
   */
  withoutResult(settled: readonly SettledEffect[]): Promise<readonly string[]>;
}

const BY_RECEIVED = 'byReceived';
/** DynamoDB takes no more keys in one call (API reference, BatchGetItem). */
const MOST_KEYS = 100;
const MINUTE_MS = 60_000;

type Key = Record<string, AttributeValue>;

/** What a sweep looks at is read every ten seconds: it asks for two attributes, and for whole items only of those without a row. */
export function createReceivedIndex<R extends Received>(
  client: DynamoDBClient,
  table: string,
  { name, form }: Kind<R>,
  telemetry: Pick<Telemetry, 'error'>,
): ReceivedIndex<R> {
  /** One page of one minute. */
  function query(from: number, until: number, rest: Partial<QueryCommandInput>): Promise<QueryCommandOutput> {
    return client.send(
      new QueryCommand({
        TableName: table,
        IndexName: BY_RECEIVED,
        KeyConditionExpression: 'receivedMinute = :minute AND receivedAt BETWEEN :from AND :until',
        ExpressionAttributeValues: {
          ':minute': { S: receivedMinute(iso(from)) },
          ':from': { S: iso(from) },
          ':until': { S: iso(until - 1) },
        },
        ...rest,
      }),
    );
  }

  /** Those of one minute; it ends early once it has enough, but never at the moment it began with. */
  async function readMinute(from: number, until: number, wanted: number): Promise<FoundPage> {
    const found: Found[] = [];
    let next: Key | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await query(from, until, {
        ProjectionExpression: 'pk, receivedAt',
        Limit: wanted,
        ...(next && { ExclusiveStartKey: next }),
      });
      for (const item of Items) found.push({ id: item['pk']?.S ?? '', receivedAt: item['receivedAt']?.S ?? '' });
      next = LastEvaluatedKey;
      const last = Date.parse(found.at(-1)?.receivedAt ?? '');
      if (next && found.length >= wanted && last > from) return { found, readThrough: last };
    } while (next);
    return { found, readThrough: until };
  }

  /** Everything of one minute, as it is stored. */
  async function loadMinute(from: number, until: number): Promise<readonly Key[]> {
    const items: Key[] = [];
    let next: Key | undefined;
    do {
      const page = await query(from, until, next ? { ExclusiveStartKey: next } : {});
      items.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next);
    return items;
  }

  /** Those of at most `MOST_KEYS` that are there. */
  async function withResult(settled: readonly SettledEffect[]): Promise<readonly string[]> {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [table]: {
            Keys: settled.map(({ id, epoch, region }) => marshall({ pk: id, sk: resultSortKey(epoch, region) })),
            ProjectionExpression: 'pk',
          },
        },
      }),
    );
    if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new DeadlineError(`${table} is too busy to tell results`);
    return (Responses?.[table] ?? []).map((item) => item['pk']?.S ?? '');
  }

  return {
    async withoutResult(settled) {
      const pages: (readonly SettledEffect[])[] = [];
      for (let first = 0; first < settled.length; first += MOST_KEYS) {
        pages.push(settled.slice(first, first + MOST_KEYS));
      }
      const there = new Set((await Promise.all(pages.map(withResult))).flat());
      return settled.map(({ id }) => id).filter((id) => !there.has(id));
    },
    async read(from, until, wanted) {
      const found: Found[] = [];
      let readThrough = from;
      while (readThrough < until && found.length < wanted) {
        const page = await readMinute(readThrough, endOfMinute(readThrough, until), wanted - found.length);
        found.push(...page.found);
        ({ readThrough } = page);
      }
      return { found, readThrough };
    },
    async load(found) {
      const ids = new Set(found.map(({ id }) => id));
      const times = found.map(({ receivedAt }) => Date.parse(receivedAt));
      const end = Math.max(...times) + 1;
      const received: R[] = [];
      const unreadable: string[] = [];
      for (let from = Math.min(...times); from < end; from = endOfMinute(from, end)) {
        for (const item of await loadMinute(from, endOfMinute(from, end))) {
          const id = item['pk']?.S ?? '';
          if (!ids.has(id)) continue;
          const parsed = z.safeParse(form, unmarshall(item));
          if (parsed.success) received.push(parsed.data);
          else {
            telemetry.error(`an item in the index of ${name} has another form`, parsed.error, { id });
            unreadable.push(id);
          }
        }
      }
      return { received, unreadable };
    },
  };
}

function endOfMinute(time: number, until: number): number {
  return Math.min(time - (time % MINUTE_MS) + MINUTE_MS, until);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
