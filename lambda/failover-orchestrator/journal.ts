import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { CURRENT, runHead } from '../shared/current-run';
import { PlatformError } from '../shared/errors';
import { parseStored } from '../shared/stored';
import { callForm, type OutgoingCall } from './call-log';
import type { Acceptance } from './guards';
import { createJournalItems, type JournalItem } from './journal-items';
import type { Command, RunState } from './run';
import { readAcceptance, readState, writeAcceptance, writeState } from './run-form';

/** What has to be told to people once. */
export type Alert = Omit<Extract<Command, { do: 'alert' }>, 'do'>;

/** The run that stands, as one write of the journal left it. Times in milliseconds since 1970. */
export interface JournalEntry {
  /** Which invocation works on it. */
  readonly owner: string;
  /** Nobody else touches the run before. */
  readonly ownedUntil: number;
  /** Grows with every write, over all runs. */
  readonly revision: number;
  readonly state: RunState;
  /** Alerts that were asked for and are not known to have been sent. */
  readonly alerts: readonly Alert[];
  /** Ended, and everybody who has to know of it does. */
  readonly closed: boolean;
  /** When the last failover to this region ended, whatever runs there have been since. */
  readonly lastFailoverAt?: number;
  /** When a failover or a switchover last made this region active. */
  readonly lastChangeAt?: number;
}

/** What a compare-and-set compares: one write of one owner. */
export type Version = Pick<JournalEntry, 'owner' | 'revision'>;

/** The entry as it was found. A run of an older release that has ended may have a state that nobody can read any more. */
export type FoundEntry = Omit<JournalEntry, 'state'> & {
  readonly runId: string;
  readonly ended: boolean;
  readonly state?: RunState;
};

/** What people want of a run that another invocation works on; it looks here before each round. */
export interface Wishes {
  readonly abortBy?: string;
  readonly accepted?: Acceptance;
}

/** One revision of a run, as it was written. */
export interface HistoryEntry {
  readonly revision: number;
  readonly owner: string;
  /** What had been called since the revision before. */
  readonly calls: readonly OutgoingCall[];
}

/** This region's journal: one run at a time, and everything that ever became of it. */
export interface Journal {
  read(): Promise<FoundEntry | undefined>;
  /**
   * Replaces what was found, and only that: `refused` when anybody has written since. What is written is in the history before
   * this returns; what is replaced is there before, even if its writer died between the two.
   */
  write(
    entry: JournalEntry,
    replacing: Version | undefined,
    calls?: readonly OutgoingCall[],
  ): Promise<'written' | 'refused'>;
  history(runId: string): Promise<readonly HistoryEntry[]>;
  wishes(runId: string): Promise<Wishes>;
  wish(runId: string, wishes: Wishes): Promise<void>;
}

/** Another invocation has taken the run over: this one must not do anything more. */
export class ReplacedError extends PlatformError {
  override readonly name = 'ReplacedError';
}

/** After every revision's sort key, which are digits. */
const WISHES = 'wishes';
const REVISION_DIGITS = 10;

const currentItem = z.extend(runHead, {
  owner: z.string(),
  revision: z.int(),
  lastFailoverAt: z.exactOptional(z.int()),
  state: z.string(),
  alerts: z.array(z.object({ key: z.string(), subject: z.string(), text: z.string() })),
});

const historyItem = z.object({ revision: z.int(), owner: z.string(), calls: z.array(callForm) });

const wishesItem = z.object({ abortBy: z.exactOptional(z.string()), accepted: z.exactOptional(z.string()) });

/**
 * The journal in a plain regional table; the client's time-outs and attempts bound each call. A compare-and-set that the SDK
 * repeats after its answer was lost would refuse its own first attempt: the refusal brings the item along, and an item that
 * carries this very write's id is a confirmation.
 *
 * @param newId a fresh id for each write.
 */
export function createJournal(client: DynamoDBClient, table: string, newId: () => string): Journal {
  const items = createJournalItems(client, table);

  async function replace(item: JournalItem, replacing: Version | undefined): Promise<boolean> {
    const writeId = newId();
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ ...item, writeId }, { removeUndefinedValues: true }),
          ...(replacing
            ? {
                ConditionExpression: '#owner = :owner AND revision = :revision',
                ExpressionAttributeNames: { '#owner': 'owner' },
                ExpressionAttributeValues: marshall({ ':owner': replacing.owner, ':revision': replacing.revision }),
              }
            : { ConditionExpression: 'attribute_not_exists(pk)' }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item?.['writeId']?.S === writeId;
    }
  }

  /** Its writer may have died between its two writes. */
  async function copyStanding({ owner, revision }: Version): Promise<void> {
    const item = await items.get(CURRENT.pk, CURRENT.sk);
    if (item?.['owner'] !== owner || item['revision'] !== revision) return;
    await items.putOnce({ calls: [], ...item, ...historyKey(String(item['runId']), revision) });
  }

  return {
    async read() {
      const item = await items.get(CURRENT.pk, CURRENT.sk);
      return item && foundOf(item);
    },
    async write(entry, replacing, calls = []) {
      if (replacing && replacing.owner !== entry.owner) await copyStanding(replacing);
      const attributes = attributesOf(entry);
      if (!(await replace({ ...CURRENT, ...attributes }, replacing))) return 'refused';
      await items.putOnce({ ...attributes, calls, ...historyKey(entry.state.runId, entry.revision) });
      return 'written';
    },
    async history(runId) {
      const found = await items.listBefore(runKey(runId), WISHES);
      return found.map((item) => parseStored(historyItem, item, `the history of run ${runId}`));
    },
    async wishes(runId) {
      const item = await items.get(runKey(runId), WISHES);
      if (!item) return {};
      const { abortBy, accepted } = parseStored(wishesItem, item, `the wishes for run ${runId}`);
      return {
        ...(abortBy !== undefined && { abortBy }),
        ...(accepted !== undefined && { accepted: readAcceptance(accepted) }),
      };
    },
    async wish(runId, { abortBy, accepted }) {
      const values = {
        ...(abortBy !== undefined && { abortBy }),
        ...(accepted && { accepted: writeAcceptance(accepted) }),
      };
      const names = Object.keys(values);
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ pk: runKey(runId), sk: WISHES }),
          UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
          ExpressionAttributeValues: marshall(
            Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
          ),
        }),
      );
    },
  };
}

function runKey(runId: string): string {
  return `run#${runId}`;
}

function historyKey(runId: string, revision: number): Pick<JournalItem, 'pk' | 'sk'> {
  return { pk: runKey(runId), sk: String(revision).padStart(REVISION_DIGITS, '0') };
}

function attributesOf({ state, ...rest }: JournalEntry): Readonly<Record<string, unknown>> {
  const { runId, phase, outcome, startedAt } = state;
  return { ...rest, runId, phase, outcome, startedAt, state: writeState(state) };
}

function foundOf(item: Readonly<Record<string, unknown>>): FoundEntry {
  const {
    state: text,
    phase,
    runId,
    owner,
    ownedUntil,
    revision,
    alerts,
    closed,
    lastFailoverAt,
    lastChangeAt,
  } = parseStored(currentItem, item, 'the current run');
  const ended = phase === 'ended';
  const state = ended ? readEnded(text) : readState(text);
  return {
    runId,
    ended,
    owner,
    ownedUntil,
    revision,
    alerts,
    closed,
    ...(lastFailoverAt !== undefined && { lastFailoverAt }),
    ...(lastChangeAt !== undefined && { lastChangeAt }),
    ...(state && { state }),
  };
}

/** What has ended must never stand in the way of a failover, whichever release wrote it. */
function readEnded(text: string): RunState | undefined {
  try {
    return readState(text);
  } catch {
    return undefined;
  }
}
