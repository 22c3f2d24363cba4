import * as z from 'zod/mini';
import { type installedEpoch, ledgerRequest, type LedgerRequest, type withoutEffect } from '../shared/calls';
import type { Database, Transaction } from '../shared/database';
import { findEffects } from '../shared/effects';
import { MalformedError } from '../shared/errors';
import { parseStored } from '../shared/stored';

/** What ledger touches. */
export interface LedgerPorts {
  readonly database: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** PostgreSQL gives a bigint as text. */
const epochRow = z.object({ epoch: z.pipe(z.string(), z.transform(Number)) });

export type LedgerAnswer = z.output<typeof installedEpoch> | z.output<typeof withoutEffect>;

/**
 * The longest that an answer takes, in milliseconds: raising the epoch waits for the transactions that hold it, which last up
 * to five seconds (order-processor), and its caller gives the whole step ten (failover-orchestrator/plan.ts).
 */
const ANSWER_MS = 6_500;

/**
 * Answers one request. Everything may be asked again.
 *
 * @throws MalformedError when the request is none of ours.
 * @throws DatabaseUnavailableError when the database cannot be reached or takes no writes here.
 * @throws DeadlineError when it does not answer in time.
 */
export async function answer({ database, now }: LedgerPorts, event: unknown): Promise<LedgerAnswer> {
  const parsed = ledgerRequest.safeParse(event);
  if (!parsed.success) throw new MalformedError('the event is not a request to the ledger', { cause: parsed.error });
  const request: LedgerRequest = parsed.data;
  const deadline = now() + ANSWER_MS;
  switch (request.action) {
    case 'install-epoch':
      return database.transaction({ deadline }, (tx) => installEpoch(tx, request.epoch));
    case 'without-effect':
      return database.transaction({ deadline, readOnly: true }, async (tx) => {
        const { ids, settled } = await findEffects(tx, request.of, request.ids);
        return { ids: [...ids], settled: [...settled] };
      });
  }
}

/** Raises the epoch, never lowers it, and tells which one stands. */
async function installEpoch(tx: Transaction, epoch: number): Promise<z.output<typeof installedEpoch>> {
  await tx.query('UPDATE writer_epoch SET epoch = $1 WHERE epoch < $1', [epoch]);
  const [row] = await tx.query('SELECT epoch FROM writer_epoch');
  return parseStored(epochRow, row, 'the row of writer_epoch');
}
