import type { ClaimPlan } from '../../../lambda/shared/register/protocol';
import type { Quorum, RegisterRecord, RegisterWrite } from '../../../lambda/shared/register/record';
import type { Realm } from '../cycles';
import type { Breach } from '../explorer';
import type { Location, Region } from '../world';

/** A process that reads and writes the registers: a heartbeat, the claim of a run, or its release. */
export interface Worker {
  readonly name: string;
  readonly kind: 'heartbeat' | 'claimant' | 'releaser';
  readonly region: Region;
}

/** Whether a worker has stalled: 1 in this tick, so that it does nothing more in it, 2 before, so that it may go on. */
export type Stall = 0 | 1 | 2;

/** Where a worker stands. Between any two of its steps it may stall for as long as it likes. Times in milliseconds. */
export type Task =
  | { readonly at: 'idle' }
  | { readonly at: 'ended' }
  /** A releaser that has not closed the local item yet; `asked` when it knows whether it was open. */
  | { readonly at: 'closing'; readonly stalled: Stall; readonly asked?: boolean }
  | {
      readonly at: 'reading';
      readonly stalled: Stall;
      readonly now: number;
      /** By location, what was read before somebody else wrote there; a register without is read at the decision. */
      readonly seen: readonly (RegisterRecord | undefined)[];
      /** Only of a releaser: whether its local item was never open. */
      readonly neverOpened?: boolean;
    }
  | Writing
  | {
      readonly at: 'opening';
      readonly stalled: Stall;
      readonly epoch: number;
      readonly leaseEnd: number;
      readonly openFrom: number;
    };

/** Compare-and-sets under way. */
export interface Writing {
  readonly at: 'writing';
  readonly stalled: Stall;
  readonly what: 'renew' | 'claim' | 'confirm' | 'release';
  readonly now: number;
  readonly epoch: number;
  readonly openFrom: number;
  /** By location; undefined when there is none, it was refused, or it is confirmed. */
  readonly writes: readonly (RegisterWrite | undefined)[];
  /** Locations as bits. */
  readonly sent: number;
  readonly confirmed: number;
  readonly claim?: Extract<ClaimPlan, { ok: true }>;
}

export interface State extends Realm {
  /** Writes whose senders have gone on; each may still arrive. */
  readonly late: readonly { readonly index: number; readonly write: RegisterWrite; readonly from: number }[];
  readonly tasks: readonly Task[];
  /** Epochs that were won, by which worker, and from when on its region may commit. */
  readonly winners: readonly { readonly epoch: number; readonly worker: number; readonly openFrom: number }[];
  /** Epochs that a majority has seen released, as bits. */
  readonly released: number;
  readonly claimsLeft: number;
  /** Lost answers, lost or late requests, and paths that break. */
  readonly faultsLeft: number;
  readonly stallsLeft: number;
  /** By region, the registers it cannot reach, as bits. */
  readonly cut: Readonly<Record<Region, number>>;
  readonly breach?: Breach;
}

/** How much is explored. */
export interface Bounds {
  readonly quorum: Quorum;
  readonly workers: readonly Worker[];
  /** Ticks. */
  readonly lease: number;
  /** Late writes under way at a time. */
  readonly late: number;
  /** After the loss of which location writing has to go on. */
  readonly losses: readonly Location[];
}

/** The epoch that a releaser gives back: dr's second one, so that there may still be leases of its first. */
export const RELEASED_EPOCH = 4;

/** The answers to what was sent, in the order of the locations. */
export function answersOf({ writes, sent, confirmed }: Writing): readonly boolean[] {
  return writes.flatMap((_, i) => (sent & (1 << i) ? [(confirmed & (1 << i)) !== 0] : []));
}

/** The state with one worker somewhere else. */
export function withTask(state: State, k: number, task: Task): State {
  const tasks = state.tasks.slice();
  tasks[k] = task;
  return { ...state, tasks };
}

/** A record in few words. */
export function said({ activeRegion, epoch, standing }: RegisterRecord): string {
  return `${activeRegion} ${epoch} ${standing}`;
}

/** What happens to the registers, to a worker's task or to the network in one state. */
export type Write = (
  state: State,
  index: number,
  write: RegisterWrite,
  by: number | undefined,
  emit: (next: State, who: string) => void,
) => void;
