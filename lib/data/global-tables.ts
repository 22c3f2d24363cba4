import * as dynamodb from '@pulumi/aws/dynamodb';
import * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';
import type { PerRegion, Regions } from '../regions';

/** Which tables to make, and with which keys and tags. */
export interface GlobalTablesArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly accountId: pulumi.Input<string>;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  /** Adds `orders` and `sessions`. */
  readonly trading: boolean;
  /** Adds `transactions`. */
  readonly payments: boolean;
  /** What every resource in dr carries; a provider's default tags do not reach a replica. */
  readonly drTags: Readonly<Record<string, string>>;
}

/** A global table as one region sees it. The name is the same in both, the ARN is the region's own. */
export interface RegionalTable {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
}

/** The tables that the chosen workloads have. */
export interface RegionalTables {
  readonly orders?: RegionalTable;
  readonly sessions?: RegionalTable;
  readonly transactions?: RegionalTable;
}

type TableName = keyof RegionalTables;

/** How the handlers address a table's items; everything else about the tables is the same. */
type TableSchema = Pick<dynamodb.TableArgs, 'attributes' | 'hashKey' | 'rangeKey' | 'globalSecondaryIndexes' | 'ttl'>;

/** The index by which the reconciler finds what was received in a minute: only items that carry the minute are in it. */
export const BY_RECEIVED = 'byReceived';

/** Orders and payments, and beside each its results, which are items of their own: no region overwrites another's. */
const APPEND_ONLY: TableSchema = {
  attributes: ['pk', 'sk', 'receivedMinute', 'receivedAt'].map((name) => ({ name, type: 'S' })),
  hashKey: 'pk',
  rangeKey: 'sk',
  globalSecondaryIndexes: [
    { name: BY_RECEIVED, hashKey: 'receivedMinute', rangeKey: 'receivedAt', projectionType: 'ALL' },
  ],
};

const SCHEMAS: Readonly<Record<TableName, TableSchema>> = {
  orders: APPEND_ONLY,
  transactions: APPEND_ONLY,
  sessions: {
    attributes: [{ name: 'pk', type: 'S' }],
    hashKey: 'pk',
    ttl: { attributeName: 'expiresAt', enabled: true },
  },
};

/**
 * The DynamoDB global tables: each region reads and writes its own copy, and the copies follow each other within about a
 * second (D4). After the loss of a region nothing has to be promoted.
 *
 * The last writer of an item wins by time, so no item here decides anything: leases and epochs are in regional tables.
 */
export class GlobalTables extends pulumi.ComponentResource {
  readonly tables: PerRegion<RegionalTables>;

  constructor(name: string, args: GlobalTablesArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:data:GlobalTables', name, {}, opts);
    const { regions, trading, payments } = args;
    const inPrimary = { parent: this, provider: regions.primary.provider };
    const inDr = { parent: this, provider: regions.dr.provider };

    const create = (table: TableName) => {
      const made = createTable(name, table, args, inPrimary);
      const arnInDr = pulumi.interpolate`arn:aws:dynamodb:${regions.dr.name}:${args.accountId}:table/${made.name}`;
      tagReplica(`${name}-${table}`, arnInDr, args.drTags, inDr);
      return { primary: { name: made.name, arn: made.arn }, dr: { name: made.name, arn: arnInDr } };
    };
    const orders = trading ? create('orders') : undefined;
    const sessions = trading ? create('sessions') : undefined;
    const transactions = payments ? create('transactions') : undefined;

    const seenFrom = (role: keyof PerRegion<unknown>): RegionalTables => ({
      ...(orders && { orders: orders[role] }),
      ...(sessions && { sessions: sessions[role] }),
      ...(transactions && { transactions: transactions[role] }),
    });
    this.tables = { primary: seenFrom('primary'), dr: seenFrom('dr') };
    this.registerOutputs({});
  }
}

/**
 * A table with its replica in dr. The replica is written inline: a replica resource of its own and the table would remove
 * each other's (provider documentation), and only inline does a destroy take the replica before the table.
 */
function createTable(
  name: string,
  table: TableName,
  { environmentSuffix, regions, keys }: GlobalTablesArgs,
  opts: pulumi.CustomResourceOptions,
): dynamodb.Table {
  return new dynamodb.Table(
    `${name}-${table}`,
    {
      name: physicalName('DynamoDB table', table, environmentSuffix),
      ...SCHEMAS[table],
      billingMode: 'PAY_PER_REQUEST',
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      serverSideEncryption: { enabled: true, kmsKeyArn: keys.primary.keyArn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: false,
      replicas: [
        {
          regionName: regions.dr.name,
          kmsKeyArn: keys.dr.keyArn,
          pointInTimeRecovery: true,
          // The table's tags say primary: the replica gets dr's instead.
          propagateTags: false,
        },
      ],
    },
    // Removing a replica takes AWS minutes, and the provider would give the whole deletion ten.
    { ...opts, customTimeouts: { delete: '30m' } },
  );
}

/** The replica has no resource in dr that default tags would reach, so each tag is one (N6). */
function tagReplica(
  name: string,
  resourceArn: pulumi.Output<string>,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const [key, value] of Object.entries(tags)) {
    new dynamodb.Tag(`${name}-dr-${key}`, { resourceArn, key, value }, opts);
  }
}
