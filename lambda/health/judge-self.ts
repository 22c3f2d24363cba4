import type { LocalItem } from '../shared/local-items';
import type { LeaseReading } from '../shared/may-write';
import type { DeepReadings } from './judge-deep';

/** Whether orders are executed, and if none is, whether any waits that was received a while ago. */
export type QueueReading =
  /** There is no trading workload, or this region has no orders to execute now. */
  | { readonly kind: 'not-asked' }
  /** Orders are executed right now: those that wait, wait in a queue that is long. */
  | { readonly kind: 'moves' }
  /** Nothing has been executed for a while; so many of those that should have been wait. */
  | { readonly kind: 'looked'; readonly looked: number; readonly waiting: number }
  | { readonly kind: 'unknown'; readonly why: string };

/** What a region's verdict about itself is made of. Times in milliseconds since 1970. */
export interface SelfReadings {
  readonly database: DeepReadings['database'];
  readonly lease: LeaseReading;
  readonly queue: QueueReading;
  readonly region: string;
  readonly now: number;
  /** When the database here was last found to take writes; 0 when nobody remembers. */
  readonly lastWritableAt: number;
  /** Since when the verdicts before this one have been healthy without a gap; undefined when the last one was not. */
  readonly healthySince?: number | undefined;
}

/**
 * How long a database may take no writes before its region calls itself unhealthy, in milliseconds: of the patience that an
 * in-region failover gets (design.md section 4, detection) this is the verdict's half, the other region's alarm on bad verdicts
 * is the other. Orders that stand still under a database that works have waited for as long when they are found.
 */
export const DATABASE_PATIENCE_MS = 45_000;

/** What a region can be expected to do. Not knowing is taken for active: a fault must not be excused by another one. */
export type Role = 'active' | 'not-active' | 'unknown';

/** The role that the local lease gives. */
export function roleOf(lease: LeaseReading, region: string): Role {
  if (!lease.known) return 'unknown';
  return lease.lease.activeRegion === region ? 'active' : 'not-active';
}

/** Whether it makes sense to ask for orders without an effect: only where they are executed. */
export function expectsOrdersToMove({ database, lease }: Pick<SelfReadings, 'database' | 'lease'>, region: string) {
  return roleOf(lease, region) === 'active' && database.ok && database.value.writable;
}

/**
 * A region's verdict about itself, which its heartbeat carries to the other one: bad ones for long are as good as silence
 * (design.md section 4, detection). A region that is not active only has to have a database that answers. A database that has
 * just stopped ends the time without a gap, though the verdict is still good.
 *
 * @returns undefined when a queue that has to move could not be seen: neither well nor ill. The last verdict then stands until
 * it is too old to say anything (VERDICT_FRESH_MS), and the other region alerts its people.
 */
export function judgeSelf(readings: SelfReadings): LocalItem<'verdict'> | undefined {
  const { database, queue, now, lastWritableAt } = readings;
  const writable = database.ok && database.value.writable;
  const fault = faultOf(readings);
  if (fault === undefined && queue.kind === 'unknown') return undefined;
  const isPatient = !writable && now - lastWritableAt < DATABASE_PATIENCE_MS;
  return {
    ...(fault === undefined && { healthySince: readings.healthySince ?? now }),
    healthy: fault === undefined || isPatient,
    at: now,
    writableAt: writable ? now : lastWritableAt,
    why: fault ?? 'nothing',
  };
}

function faultOf({ database, lease, queue, region }: SelfReadings): string | undefined {
  const role = roleOf(lease, region);
  if (!database.ok) return `the database does not answer: ${database.why}`;
  if (role === 'not-active') return undefined;
  if (!database.value.writable) return `the database takes no writes, and this region is ${role}`;
  // A failover would take a backlog along to a region of the same capacity, and lose data for it: waiting alone is no fault.
  if (role === 'active' && queue.kind === 'looked' && queue.waiting > 0) {
    const { waiting, looked } = queue;
    return `${waiting} of ${looked} orders have no effect half a minute after they were received, and none is being executed`;
  }
  return undefined;
}
