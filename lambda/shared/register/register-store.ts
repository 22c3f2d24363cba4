import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { describeError } from '../errors';
import { absentRecord, type Quorum, type RegisterReading, type RegisterRecord, type RegisterWrite } from './record';

/** The registers: each is one strongly consistent item in a plain regional table (aws-facts.md 7: never a global table). */
export interface RegisterPort {
  /** Reads all of them at once; never rejects. */
  read(): Promise<readonly RegisterReading[]>;
  /** Writes at once; true for each that is confirmed, in the order of the writes. Never rejects. */
  write(writes: readonly RegisterWrite[]): Promise<readonly boolean[]>;
}

/** The key of the one item in a register table. */
export const REGISTER_KEY = 'register';

const wholeNumber = z.int();

/** Every field of a record: one that is missing here would be dropped by each read, and lost with the next write. */
const recordForm = z.object({
  activeRegion: z.string().check(z.minLength(1)),
  epoch: z.int().check(z.positive()),
  standing: z.enum(['claimed', 'won', 'released']),
  claimId: z.string(),
  leaseEnds: z.record(z.string(), wholeNumber),
  earlierEnd: z.optional(wholeNumber),
  lastWon: z.optional(
    z.object({
      activeRegion: z.string().check(z.minLength(1)),
      epoch: z.int().check(z.positive()),
      released: z.boolean(),
      renewedAt: wholeNumber,
    }),
  ),
  renewedAt: wholeNumber,
  verdict: z.optional(z.object({ healthy: z.boolean(), at: wholeNumber, writableAt: wholeNumber })),
  traffic: z.object({ failoverActive: z.union([z.literal(0), z.literal(1)]), epoch: wholeNumber }),
  version: z.int().check(z.positive()),
} satisfies Record<keyof RegisterRecord, z.ZodMiniType>);

/**
 * The registers behind one client per location; the clients' time-outs and attempts bound every call.
 *
 * A compare-and-set that the SDK repeats after its answer was lost would refuse its own first attempt: the refusal brings the
 * item along, and an item that carries this very write's id is a confirmation.
 *
 * @param newWriteId a fresh id for each write.
 */
export function createRegisterStore(
  clients: Readonly<Record<string, DynamoDBClient>>,
  table: string,
  quorum: Quorum,
  newWriteId: () => string,
): RegisterPort {
  async function readOne(location: string): Promise<RegisterReading> {
    try {
      const { Item } = await clientOf(clients, location).send(
        new GetItemCommand({ TableName: table, Key: { pk: { S: REGISTER_KEY } }, ConsistentRead: true }),
      );
      if (!Item) return { location, known: true, record: absentRecord(quorum.primaryRegion) };
      const parsed = z.safeParse(recordForm, unmarshall(Item));
      if (!parsed.success) return { location, known: false, why: 'the register item has another form' };
      return { location, known: true, record: recordOf(parsed.data) };
    } catch (error) {
      return { location, known: false, why: describeError(error) };
    }
  }

  async function writeOne({ location, expectedVersion, record }: RegisterWrite): Promise<boolean> {
    const writeId = newWriteId();
    try {
      await clientOf(clients, location).send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ pk: REGISTER_KEY, writeId, ...record }, { removeUndefinedValues: true }),
          ConditionExpression: expectedVersion === 0 ? 'attribute_not_exists(pk)' : '#version = :expected',
          ...(expectedVersion > 0 && {
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return true;
    } catch (error) {
      return error instanceof ConditionalCheckFailedException && error.Item?.['writeId']?.S === writeId;
    }
  }

  return {
    read: () => Promise.all(quorum.locations.map(readOne)),
    write: (writes) => Promise.all(writes.map(writeOne)),
  };
}

function clientOf(clients: Readonly<Record<string, DynamoDBClient>>, location: string): DynamoDBClient {
  const client = clients[location];
  if (!client) throw new Error(`there is no client for the register in ${location}`);
  return client;
}

function recordOf({ verdict, lastWon, earlierEnd, ...rest }: z.output<typeof recordForm>): RegisterRecord {
  return {
    ...rest,
    ...(verdict && { verdict }),
    ...(lastWon && { lastWon }),
    ...(earlierEnd !== undefined && { earlierEnd }),
  };
}
