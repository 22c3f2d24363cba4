/** RDS's words for where a failover or switchover stands (RDS API reference, FailoverState). */
export type OperationStatus = 'cancelling' | 'failing-over' | 'pending' | 'switching-over';

/** A failover or switchover in progress. */
export interface Operation {
  readonly kind: 'failover' | 'switchover';
  /** Regions. */
  readonly from: string;
  readonly to: string;
  readonly dataLossAllowed: boolean;
  status: OperationStatus;
}

/**
 * RDS's events of a global database, without `RDS-EVENT-` (Aurora guide, "Amazon RDS event categories and event
 * messages").
 */
export const EVENTS = {
  switchoverStarted: ['0181', 'Global switchover to DB cluster started.'],
  switchoverFinished: ['0185', 'Global switchover to DB cluster finished.'],
  switchoverCancelled: ['0186', 'Global switchover to DB cluster is cancelled.'],
  failoverFinished: ['0238', 'Global failover to DB cluster completed.'],
  failoverFailed: ['0239', 'Global failover to DB cluster failed.'],
  resyncStarted: ['0240', 'Started resynchronizing members of DB cluster post global failover.'],
  resyncFinished: ['0241', 'Finished resynchronizing members of DB cluster post global failover.'],
  fenced: ['0390', 'Successfully stopped writes to the storage volume of the old primary cluster.'],
  notFenced: ['0391', 'Fencing of the storage volume of the old primary cluster timed out.'],
  writerNameMoved: ['0397', 'The global writer endpoint DNS changed.'],
} as const satisfies Record<string, readonly [id: string, message: string]>;

export type EventName = keyof typeof EVENTS;
