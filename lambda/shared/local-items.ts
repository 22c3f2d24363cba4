import { type AttributeValue, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parseStored } from './stored';

const milliseconds = z.int();

/**
 * What functions of one region tell each other, each an item of the region's lease table beside `lease` itself. One function
 * writes each; the last value counts. Times in milliseconds since 1970.
 */
const FORMS = {
  /** By health, in the VPC: this region about itself. The heartbeat carries it to the other one. */
  verdict: z.object({
    healthy: z.boolean(),
    at: milliseconds,
    writableAt: milliseconds,
    why: z.string(),
    /** Since when every verdict has been healthy, without a gap: a region that comes back is not trusted at once. */
    healthySince: z.optional(milliseconds),
  }),
  /** By primary-probe: since when its orders have failed, if they do. */
  probe: z.object({
    at: milliseconds,
    lastGoodAt: milliseconds,
    firstFailedAt: z.optional(milliseconds),
    why: z.string(),
  }),
  /** By readiness: what would make a promotion impossible, and what else is wrong. */
  readiness: z.object({
    at: milliseconds,
    blockers: z.array(z.string()),
    /** The same by check, for a run to weigh against what it sees itself; absent in an item of an older version. */
    failed: z.optional(z.array(z.object({ id: z.string(), found: z.array(z.string()) }))),
    warnings: z.array(z.string()),
    /** What each check said, since when, and when it was last ok; absent in an item of an older version. */
    checks: z.optional(
      z.array(
        z.object({
          id: z.string(),
          state: z.enum(['ok', 'failed', 'unknown']),
          since: milliseconds,
          okAt: z.optional(milliseconds),
        }),
      ),
    ),
  }),
  /** By the operator's command: no failover starts by itself until then. The reconciler tells CloudWatch so, which holds the alarm. */
  freeze: z.object({ until: milliseconds, at: milliseconds, who: z.string(), reason: z.string() }),
  /**
   * By the reconciler, and by the orchestrator, which sets it back: orders and payments received before these moments are known
   * to have their row. Each moves on for itself.
   */
  sweep: z.object({
    setBackAt: z.optional(milliseconds),
    orders: z.optional(milliseconds),
    payments: z.optional(milliseconds),
  }),
} as const;

export type LocalItemName = keyof typeof FORMS;
export type LocalItem<N extends LocalItemName> = z.output<(typeof FORMS)[N]>;

/** The items; the client's time-outs and attempts bound each call. */
export interface LocalItems {
  /** @throws MalformedError when the item has another form; AWS's errors. */
  get<N extends LocalItemName>(name: N): Promise<LocalItem<N> | undefined>;
  put<N extends LocalItemName>(name: N, item: LocalItem<N>): Promise<void>;
}

/** Reads consistently, because each item is there to be decided by. */
export function createLocalItems(client: DynamoDBClient, table: string): LocalItems {
  return {
    async get(name) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { pk: { S: name } }, ConsistentRead: true }),
      );
      return parseLocalItem(name, Item);
    },
    async put(name, item) {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ ...item, pk: name }, { removeUndefinedValues: true }),
        }),
      );
    },
  };
}

/**
 * A local item as DynamoDB answers it; undefined when it is not there.
 *
 * @throws MalformedError when it has another form.
 */
export function parseLocalItem<N extends LocalItemName>(
  name: N,
  item: Record<string, AttributeValue> | undefined,
): LocalItem<N> | undefined {
  return item && parseStored(formOf(name), unmarshall(item), `the local item ${name}`);
}

function formOf<N extends LocalItemName>(name: N): z.ZodMiniType<LocalItem<N>> {
  const forms: { readonly [K in LocalItemName]: z.ZodMiniType<LocalItem<K>> } = FORMS;
  return forms[name];
}
