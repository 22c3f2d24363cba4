import { beginRun, decide } from '../../lambda/failover-orchestrator/decide';
import { givesWay } from '../../lambda/failover-orchestrator/decision';
import { mayWrite } from '../../lambda/shared/may-write';
import { decideHeartbeat, decideLocal } from '../../lambda/shared/register/heartbeat';
import {
  isMajority,
  openFrom,
  planClaim,
  planRelease,
  planRenewal,
  viewAfterClaim,
  viewOf,
} from '../../lambda/shared/register/protocol';
import type { RegisterRecord, RegisterWrite } from '../../lambda/shared/register/record';

/**
 * Everything that the model asks the product to decide, and the habits of the files that act on it. The real functions stand
 * here by default; a planted fault replaces one.
 */
export interface Protocol {
  readonly viewOf: typeof viewOf;
  readonly planClaim: typeof planClaim;
  readonly viewAfterClaim: typeof viewAfterClaim;
  readonly isMajority: typeof isMajority;
  readonly planRenewal: typeof planRenewal;
  readonly planRelease: typeof planRelease;
  readonly openFrom: typeof openFrom;
  readonly decideHeartbeat: typeof decideHeartbeat;
  readonly decideLocal: typeof decideLocal;
  readonly mayWrite: typeof mayWrite;
  readonly beginRun: typeof beginRun;
  readonly decide: typeof decide;
  readonly givesWay: typeof givesWay;
  readonly habits: Habits;
}

/** What files with effects do, as the register store, the local lease, the fenced write and the executor must do it. */
export interface Habits {
  /** register-store.ts: a write only happens on the version that was read. */
  readonly compareAndSet: (found: RegisterRecord, write: RegisterWrite) => boolean;
  /** register-keeper.ts: which record says that a claim has won its epoch. */
  readonly isWonBy: (record: RegisterRecord, claimId: string) => boolean;
  /** A claim has its second half. */
  readonly confirmsClaim: boolean;
  /** A lease counts from before the first request of its renewal; the argument is when it was confirmed. Milliseconds. */
  readonly leaseFrom: (started: number, confirmed: number) => number;
  /** Before its own release a region closes its local item. */
  readonly closesFirst: boolean;
  /** The release asks whether the local item was ever open before it closes it. */
  readonly asksBeforeClosing: boolean;
  /** register-keeper.ts: whether a local item of this region that is newer than a run's epoch counts as opened by the run. */
  readonly opensBy: (found: number, own: number) => boolean;
  /** fenced-write.ts: the epoch in the database is compared with the transaction's. */
  readonly comparesEpoch: boolean;
  /** steps/end-writes.ts: the other region's lease is said to be over only once the new epoch is in its database. */
  readonly provesEnd: boolean;
  /** fenced-write.ts: a commit is acknowledged only if it returned in time. */
  readonly inTime: (returned: number, latestCommit: number) => boolean;
  /** The executor writes the journal before it performs a command. */
  readonly journalFirst: boolean;
  /** A write of the journal is refused to whoever is not its owner any more. */
  readonly checksOwner: boolean;
}

/** The product as it is. */
export const REAL: Protocol = {
  viewOf,
  planClaim,
  viewAfterClaim,
  isMajority,
  planRenewal,
  planRelease,
  openFrom,
  decideHeartbeat,
  decideLocal,
  mayWrite,
  beginRun,
  decide,
  givesWay,
  habits: {
    compareAndSet: (found, write) => found.version === write.expectedVersion,
    isWonBy: ({ standing, claimId }, own) => standing === 'won' && claimId === own,
    confirmsClaim: true,
    leaseFrom: (started) => started,
    closesFirst: true,
    asksBeforeClosing: false,
    opensBy: (found, own) => found >= own,
    comparesEpoch: true,
    provesEnd: true,
    inTime: (returned, latestCommit) => returned <= latestCommit,
    journalFirst: true,
    checksOwner: true,
  },
};
