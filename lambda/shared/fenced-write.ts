import type { Database, Transaction } from './database';
import { MalformedError } from './errors';
import type { LeasePort } from './lease-store';
import { mayWrite, type Refusal, type WritePermit } from './may-write';

/** What a write under the lease needs. */
export interface FencedPorts {
  readonly lease: LeasePort;
  readonly database: Database;
  /** This function's own region. */
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How a write under the lease ended. */
export type FencedOutcome<T> =
  | { readonly kind: 'committed'; readonly epoch: number; readonly value: T }
  /** Nothing was written: this region may not write, or somebody has written under a higher epoch. */
  | { readonly kind: 'fenced'; readonly reason: Refusal; readonly why: string; readonly epoch?: number }
  /** The commit returned too late to be acknowledged: it may stand, and whoever repeats it finds it. */
  | { readonly kind: 'late'; readonly epoch: number; readonly why: string };

/** The least time that a transaction is begun with, in milliseconds. */
const SHORTEST_TRANSACTION_MS = 1_000;

/** Leaves the transaction without committing it; never seen outside this file. */
class Fenced extends Error {
  constructor(readonly outcome: FencedOutcome<never>) {
    super('fenced');
  }
}

/** The row's epoch is below the lease's: it must be raised before the transaction that locks it. */
class EpochBehind extends Error {}

/**
 * Runs work in a transaction that only commits under this region's lease (design.md section 4, register): the lease is read
 * before the transaction and again before its commit, the row `writer_epoch` is locked FOR SHARE so that no higher epoch can
 * be installed meanwhile, the deadline lies 5 s before the lease's end, and a commit that returns after that is not acknowledged.
 *
 * @param limitMs the longest that the transaction may take even under a long lease, in milliseconds.
 * @throws DatabaseUnavailableError, DeadlineError: nothing is acknowledged and the caller may repeat it.
 */
export async function fencedTransaction<T>(
  ports: FencedPorts,
  limitMs: number,
  work: (tx: Transaction, epoch: number) => Promise<T>,
): Promise<FencedOutcome<T>> {
  const { lease, database, region, now } = ports;
  const started = now();
  const permit = mayWrite({
    reading: await lease.read(),
    region,
    now: now(),
    deadline: started + SHORTEST_TRANSACTION_MS,
  });
  if (!permit.ok) return fenced(permit);

  const { epoch } = permit;
  const deadline = Math.min(started + limitMs, permit.latestCommit);
  let latestCommit = permit.latestCommit;
  const attempt = () =>
    database.transaction({ deadline }, async (tx) => {
      await lockEpoch(tx, epoch);
      const value = await work(tx, epoch);
      const again = mayWrite({ reading: await lease.read(), region, now: now(), deadline: now() });
      if (!again.ok) throw new Fenced(fenced(again));
      if (again.epoch !== epoch) throw new Fenced(superseded(again.epoch, epoch));
      latestCommit = again.latestCommit;
      return value;
    });

  try {
    const value = await attempt().catch(async (error: unknown) => {
      if (!(error instanceof EpochBehind)) throw error;
      await raiseEpoch(database, deadline, epoch);
      return attempt();
    });
    const returned = now();
    if (returned <= latestCommit) return { kind: 'committed', epoch, value };
    return { kind: 'late', epoch, why: `the commit returned ${returned - latestCommit} ms too late` };
  } catch (error) {
    if (error instanceof Fenced) return error.outcome;
    throw error;
  }
}

function fenced(permit: Extract<WritePermit, { ok: false }>): FencedOutcome<never> {
  const epoch = permit.epoch === undefined ? {} : { epoch: permit.epoch };
  return { kind: 'fenced', reason: permit.reason, why: permit.why, ...epoch };
}

function superseded(found: number, own: number): FencedOutcome<never> {
  return { kind: 'fenced', reason: 'NOT_ACTIVE', why: `epoch ${found} has replaced epoch ${own}`, epoch: found };
}

/** Holds off every raise of the epoch until this transaction ends. */
async function lockEpoch(tx: Transaction, own: number): Promise<void> {
  const [row] = await tx.query('SELECT epoch FROM writer_epoch FOR SHARE');
  const found = Number(row?.['epoch']);
  if (!Number.isSafeInteger(found))
    throw new MalformedError('the database has no row in writer_epoch: has it been migrated?');
  if (found > own) throw new Fenced(superseded(found, own));
  if (found < own) throw new EpochBehind();
}

/** In a transaction of its own: two that hold the row FOR SHARE and both want to change it would wait for each other. */
async function raiseEpoch(database: Database, deadline: number, epoch: number): Promise<void> {
  await database.transaction({ deadline }, (tx) =>
    tx.query('UPDATE writer_epoch SET epoch = $1 WHERE epoch < $1', [epoch]),
  );
}
