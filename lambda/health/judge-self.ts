import type { LocalItem } from '../shared/local-items';
import type { LeaseReading } from '../shared/may-write';
import type { DeepReadings } from './judge-deep';

/** Whether orders that were received a while ago have been executed. */
export type QueueReading =
  /** There is no trading workload, or this region has no orders to execute now. */
  | { readonly kind: 'not-asked' }
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
 */
export function judgeSelf(readings: SelfReadings): LocalItem<'verdict'> {
  const { database, now, lastWritableAt } = readings;
  const writable = database.ok && database.value.writable;
  const fault = faultOf(readings);
  const isPatient = !writable && now - lastWritableAt < DATABASE_PATIENCE_MS;
  return {
    ...(fault === undefined && { healthySince: readings.healthySince ?? now }),
    healthy: fault === undefined || isPatient,
    at: now,
    writableAt: writable ? now : lastWritableAt,
    why: fault ?? (readings.queue.kind === 'unknown' ? `the queue is not known: ${readings.queue.why}` : 'nothing'),
  };
}

function faultOf({ database, lease, queue, region }: SelfReadings): string | undefined {
  const role = roleOf(lease, region);
  if (!database.ok) return `the database does not answer: ${database.why}`;
  if (role === 'not-active') return undefined;
  if (!database.value.writable) return `the database takes no writes, and this region is ${role}`;
  if (role === 'active' && queue.kind === 'looked' && queue.waiting > 0) {
    return `${queue.waiting} of ${queue.looked} orders have no effect half a minute after they were received`;
  }
  return undefined;
}
