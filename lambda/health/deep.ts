import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Database } from '../shared/database';
import { within } from '../shared/deadline';
import { describeError, kindOf } from '../shared/errors';
import type { LeasePort } from '../shared/lease-store';
import type { LeaseReading } from '../shared/may-write';
import { parseStored } from '../shared/stored';
import type { DatabaseState, DeepReadings, Reading } from './judge-deep';

/** What the deep check touches; it writes nothing. */
export interface DeepPorts {
  readonly writer: Database;
  readonly lease: LeasePort;
  readonly table: TableProbe;
  readonly now: () => number;
}

/** Whether a global table answers. */
export interface TableProbe {
  read(): Promise<void>;
}

/** The longest that one check may take, in milliseconds; they run side by side, so the answer takes no longer. */
const CHECK_MS = 1_500;

/** Asks a global table for a key that nobody writes: one read unit, and every table of ours has a partition key `pk`. */
export function createTableProbe(client: DynamoDBClient, table: string): TableProbe {
  return {
    async read() {
      await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: 'health-probe' } },
          Limit: 1,
        }),
      );
    },
  };
}

/** Everything that the deep verdict is made of; a check that fails is a reading that says why. */
export async function readDeep({ writer, lease, table, now }: DeepPorts): Promise<DeepReadings> {
  const [database, leaseReading, globalTable] = await Promise.all([
    readState(writer, now),
    within(CHECK_MS, 'the lease', () => lease.read()).catch((error: unknown): LeaseReading => ({
      known: false,
      kind: kindOf(error),
      why: describeError(error),
    })),
    attempt('the global table', () => table.read()),
  ]);
  return { database, lease: leaseReading, globalTable };
}

/** What one of the region's databases says about itself. */
export function readState(database: Database, now: () => number): Promise<Reading<DatabaseState>> {
  return attempt('the database', () => readDatabase(database, now() + CHECK_MS));
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await within(CHECK_MS, what, work) };
  } catch (error) {
    return { ok: false, kind: kindOf(error), why: describeError(error) };
  }
}

const stateRows = z.tuple([
  z.object({
    in_recovery: z.boolean(),
    read_only: z.boolean(),
    epoch: z.pipe(z.string(), z.transform(Number)),
    schema_version: z.number(),
  }),
]);

function readDatabase(database: Database, deadline: number): Promise<DatabaseState> {
  return database.transaction({ deadline }, async (tx) => {
    const found = await tx.query(
      `SELECT pg_is_in_recovery() AS in_recovery, current_setting('transaction_read_only') = 'on' AS read_only,
        (SELECT epoch FROM writer_epoch), (SELECT max(version) AS schema_version FROM schema_version)`,
    );
    const [state] = parseStored(stateRows, found, 'the state of the database');
    return {
      writable: !state.in_recovery && !state.read_only,
      inRecovery: state.in_recovery,
      epoch: state.epoch,
      schemaVersion: state.schema_version,
    };
  });
}
