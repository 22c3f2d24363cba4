import type { LeaseReading } from '../shared/may-write';

/** What the database says about itself. */
export interface DatabaseState {
  readonly writable: boolean;
  readonly inRecovery: boolean;
  readonly epoch: number;
  readonly schemaVersion: number;
}

/** One check's outcome. Of a failure `why` is for us and quotes what was thrown; `kind` is what anybody may read of it. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly kind: string; readonly why: string };

/** Everything that the deep verdict is made of. */
export interface DeepReadings {
  readonly database: Reading<DatabaseState>;
  readonly lease: LeaseReading;
  readonly globalTable: Reading<void>;
}

/** The deep verdict, with each check's own. It goes to whoever asks, so it names kinds of failures and quotes none. */
export interface DeepVerdict {
  readonly healthy: boolean;
  readonly checks: {
    readonly database: { readonly ok: boolean } & Partial<DatabaseState> & { readonly why?: string };
    readonly lease: {
      readonly ok: boolean;
      readonly activeRegion?: string;
      readonly epoch?: number;
      /** Milliseconds until the lease ends; negative when it is over. */
      readonly remainingMs?: number;
      readonly why?: string;
    };
    readonly globalTable: { readonly ok: boolean; readonly why?: string };
  };
}

/**
 * Judges a region by what it must be able to do in the role that its lease gives it: the active region needs a database that
 * takes writes and a lease that runs, the other one may be in recovery and its copy of the lease may be old.
 */
export function judgeDeep(readings: DeepReadings, region: string, now: number): DeepVerdict {
  const active = readings.lease.known && readings.lease.lease.activeRegion === region;
  const checks = {
    database: judgeDatabase(readings.database, active),
    lease: judgeLease(readings.lease, active, now),
    globalTable: readings.globalTable.ok ? { ok: true } : { ok: false, why: readings.globalTable.kind },
  };
  return { healthy: checks.database.ok && checks.lease.ok && checks.globalTable.ok, checks };
}

/** What failed in full, by check: for the log, which is where the verdict's kinds send the reader. */
export function causesOf({ database, lease, globalTable }: DeepReadings): Readonly<Record<string, string>> {
  return {
    ...(!database.ok && { database: database.why }),
    ...(!lease.known && { lease: lease.why }),
    ...(!globalTable.ok && { globalTable: globalTable.why }),
  };
}

function judgeDatabase(reading: DeepReadings['database'], active: boolean): DeepVerdict['checks']['database'] {
  if (!reading.ok) return { ok: false, why: reading.kind };
  if (active && !reading.value.writable) {
    return { ok: false, ...reading.value, why: 'this region is active and its database takes no writes' };
  }
  return { ok: true, ...reading.value };
}

function judgeLease(reading: LeaseReading, active: boolean, now: number): DeepVerdict['checks']['lease'] {
  if (!reading.known) return { ok: false, why: reading.kind ?? 'Unknown' };
  const { activeRegion, epoch, leaseEnd } = reading.lease;
  const state = { activeRegion, epoch, remainingMs: leaseEnd - now };
  if (active && leaseEnd <= now) return { ok: false, ...state, why: 'this region is active and its lease is over' };
  return { ok: true, ...state };
}
