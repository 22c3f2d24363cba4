import { gunzipSync, gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parseStored } from '../shared/stored';
import type { OutgoingCall } from './call-log';
import { canonicalJson } from './canonical-json';
import type { JournalItems } from './journal-items';
import { type ChainPlace, reportKey, reportOf, seal } from './report';
import type { RunState } from './run';

/** Where reports go: the chain in the journal decides their order, the bucket keeps them. */
export interface ReportStore {
  /**
   * Writes the report of a run once, however often it is asked for. Answers with the object's key.
   *
   * @throws AWS's errors: the report may then be in the chain and not in the bucket yet, and the next call puts it there.
   */
  write(state: RunState, calls: readonly OutgoingCall[]): Promise<string>;
}

const REPORT = 'report';
const HEAD = 'head';
const NUMBER_DIGITS = 10;

const linkForm = z.object({
  number: z.int(),
  hash: z.string(),
  runId: z.string(),
  key: z.string(),
});
type Link = z.output<typeof linkForm>;

const bodyForm = z.object({ body: z.instanceof(Uint8Array) });

/** What the store goes by. */
export interface ReportStoreSettings {
  readonly table: string;
  readonly bucket: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A report is first put, once, under the next number of the chain: that is the moment at which it exists, and its text is
 * settled. The head and the object follow from it, so a crash in between leaves nothing that the next attempt cannot finish.
 */
export function createReportStore(
  items: JournalItems,
  clients: { readonly dynamodb: DynamoDBClient; readonly s3: S3Client },
  { table, bucket, now }: ReportStoreSettings,
): ReportStore {
  const linkAt = async (sk: string): Promise<Link | undefined> => {
    const item = await items.get(REPORT, sk);
    return item && parseStored(linkForm, item, `report ${sk}`);
  };

  /** The link of this run, put at the chain's end unless it is there already. */
  async function append(state: RunState, calls: readonly OutgoingCall[]): Promise<Link> {
    const { runId } = state;
    for (;;) {
      const head = await linkAt(HEAD);
      if (head?.runId === runId) return head;
      const number = (head?.number ?? 0) + 1;
      const standing = await linkAt(sortKey(number));
      if (standing) {
        await moveHead(head, standing);
        continue;
      }
      const place: ChainPlace = { number, previousHash: head?.hash ?? '' };
      const sealed = seal(reportOf(state, calls, place, now()));
      const link: Link = { number, hash: sealed.hash, runId, key: reportKey(state) };
      // An item takes 400 kB; a run that was stuck for half an hour has made some thousand calls.
      const body = gzipSync(`${canonicalJson(sealed)}\n`);
      if (!(await items.putOnce({ pk: REPORT, sk: sortKey(number), ...link, body }))) continue;
      await moveHead(head, link);
      return link;
    }
  }

  /** Refused when it has been moved already. */
  async function moveHead(from: Link | undefined, to: Link): Promise<void> {
    try {
      await clients.dynamodb.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ pk: REPORT, sk: HEAD, ...to }),
          ...(from
            ? {
                ConditionExpression: '#number = :number',
                ExpressionAttributeNames: { '#number': 'number' },
                ExpressionAttributeValues: marshall({ ':number': from.number }),
              }
            : { ConditionExpression: 'attribute_not_exists(pk)' }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async function putObject(key: string, body: Uint8Array): Promise<void> {
    try {
      await clients.s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: 'application/json',
          // Nothing is ever overwritten, not even by ourselves.
          IfNoneMatch: '*',
        }),
      );
    } catch (error) {
      if (!isThereAlready(error)) throw error;
    }
  }

  return {
    async write(state, calls) {
      const { number, key } = await append(state, calls);
      const item = await items.get(REPORT, sortKey(number));
      await putObject(key, gunzipSync(parseStored(bodyForm, item, `report ${number}`).body));
      return key;
    },
  };
}

function sortKey(number: number): string {
  return String(number).padStart(NUMBER_DIGITS, '0');
}

/** S3's word for a condition that does not hold; the SDK has no class for it. */
function isThereAlready(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'PreconditionFailed';
}
