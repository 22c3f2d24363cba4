import { inWords } from './time-words';

/** The local lease item: which region owns writes, under which epoch, and until when. */
export interface Lease {
  readonly activeRegion: string;
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly leaseEnd: number;
}

/** What reading the local item gave; a failure is a value that says why, so that nobody can forget to fail closed. */
export type LeaseReading =
  | { readonly known: true; readonly lease: Lease }
  /** `why` is for us and quotes what AWS said; `kind` is what anybody may read of it. */
  | { readonly known: false; readonly why: string; readonly kind?: string };

/** How far two regions' clocks may be apart, in milliseconds: a writer stops this long before its lease ends. */
export const SKEW_MS = 5_000;

/** Why a region may not write. */
export type Refusal = 'NOT_ACTIVE' | 'LEASE_ENDING' | 'UNKNOWN';

/** Whether a write may be acknowledged, and under which epoch. */
export type WritePermit =
  | { readonly ok: true; readonly epoch: number; readonly latestCommit: number }
  | { readonly ok: false; readonly reason: Refusal; readonly why: string; readonly epoch?: number };

/** What the decision needs; times in milliseconds since 1970. */
export interface WriteQuestion {
  readonly reading: LeaseReading;
  readonly region: string;
  readonly now: number;
  /** When the write will be over at the latest. */
  readonly deadline: number;
}

/** Decides whether this region may write until the deadline. Everything that is not certain is no (fail closed). */
export function mayWrite({ reading, region, now, deadline }: WriteQuestion): WritePermit {
  if (!reading.known) return { ok: false, reason: 'UNKNOWN', why: reading.why };
  const { activeRegion, epoch, leaseEnd } = reading.lease;
  if (activeRegion !== region) {
    return { ok: false, reason: 'NOT_ACTIVE', why: `${activeRegion} is the active region`, epoch };
  }
  const latestCommit = leaseEnd - SKEW_MS;
  const until = Math.max(now, deadline);
  if (!(until <= latestCommit)) {
    return {
      ok: false,
      reason: 'LEASE_ENDING',
      why: `the lease ends ${inWords(Math.abs(leaseEnd - until))} ${leaseEnd < until ? 'before' : 'after'} the deadline`,
      epoch,
    };
  }
  return { ok: true, epoch, latestCommit };
}

/** What a client is told about writes in the region that answers. */
export interface WriterState {
  readonly state: 'ACTIVE' | 'NOT_ACTIVE' | 'UNKNOWN';
  readonly epoch?: number;
}

/** The client's words for a permit: a lease of our own that runs out is not known to be anybody else's. */
export function writerState(permit: WritePermit): WriterState {
  const epoch = permit.epoch === undefined ? {} : { epoch: permit.epoch };
  if (permit.ok) return { state: 'ACTIVE', ...epoch };
  return { state: permit.reason === 'NOT_ACTIVE' ? 'NOT_ACTIVE' : 'UNKNOWN', ...epoch };
}
