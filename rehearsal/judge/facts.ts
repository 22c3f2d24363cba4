import type { Kind, Submission } from '../traffic/submission';

/** One effect that a database committed. Times are true times in milliseconds since 1970. */
export interface CommittedEffect {
  readonly id: string;
  readonly kind: Kind;
  /** Of the row: what the handler went by. */
  readonly epoch: number;
  /** The region whose cluster committed it. */
  readonly writer: string;
  readonly at: number;
  /** The writer was replaced before the commit had reached the new one. */
  readonly lost: boolean;
}

/** A result that a handler wrote after its commit: it acknowledged the effect. */
export interface AcknowledgedEffect {
  readonly id: string;
  readonly epoch: number;
  readonly region: string;
  readonly at: number;
}

/** When an order's or a payment's own item was written, and when the other region had it. */
export interface ReceivedItem {
  readonly region: string;
  readonly at: number;
  readonly reached: ReadonlyMap<string, number>;
}

/** An epoch that somebody won. */
export interface WonEpoch {
  readonly epoch: number;
  readonly region: string;
  readonly at: number;
}

/** Everything that a run is judged by, when it is over. */
export interface Facts {
  readonly faultAt: number;
  /** When the last of the faults that end has ended. */
  readonly quietFrom: number;
  readonly endAt: number;
  readonly submissions: readonly Submission[];
  /** In the order of their commits, of both clusters. */
  readonly committed: readonly CommittedEffect[];
  readonly acknowledged: readonly AcknowledgedEffect[];
  readonly received: ReadonlyMap<string, ReceivedItem>;
  readonly won: readonly WonEpoch[];
  /** The region that owns writes at the end, and its database's verdicts by id. */
  readonly survivor: {
    readonly region: string;
    readonly verdicts: ReadonlyMap<string, string>;
    /** The verdicts that a client is told there, by GET: those of the result items in its tables, by id. */
    readonly told: ReadonlyMap<string, string>;
    /** Whether it can be reached at all: a platform that waits for a person may have no active region. */
    readonly isReachable: boolean;
  };
}
