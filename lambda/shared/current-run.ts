import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parseStored } from './stored';

/** The key of the one item of the journal that says which run stands. */
export const CURRENT = { pk: 'current', sk: 'current' } as const;

/**
 * What everybody may read of the run that stands; the rest of the item is the orchestrator's own. Times in milliseconds
 * since 1970.
 */
export const runHead = z.object({
  runId: z.string(),
  phase: z.enum(['observing', 'waiting-for-person', 'claiming', 'acting', 'releasing', 'ended']),
  /** How it ended. */
  outcome: z.exactOptional(z.enum(['DONE', 'REFUSED', 'ABORTED', 'STUCK', 'DRY_RUN'])),
  startedAt: z.int(),
  /** Until when an invocation works on it; one that is over has died, or has stopped on purpose. */
  ownedUntil: z.int(),
  /** Ended, and everybody who has to know of it does. */
  closed: z.boolean(),
  /** When a run there last made that region active, in whichever way. */
  lastChangeAt: z.exactOptional(z.int()),
});
export type RunHead = z.output<typeof runHead>;

/** Where a function learns which run stands. */
export interface CurrentRun {
  /** @throws MalformedError when the item has another form; AWS's errors, bounded by the client. */
  read(): Promise<RunHead | undefined>;
}

/** Reads consistently: whoever asks decides by it whether to call the orchestrator. */
export function createCurrentRun(client: DynamoDBClient, table: string): CurrentRun {
  return {
    async read() {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall(CURRENT), ConsistentRead: true }),
      );
      return Item && parseStored(runHead, unmarshall(Item), 'the current run');
    },
  };
}
