/** A region's own verdict about itself, as its heartbeat carried it. Times in milliseconds since 1970. */
export interface SelfVerdict {
  readonly healthy: boolean;
  /** When the verdict was made. */
  readonly at: number;
  /** When the region last found its own database ready to take writes; equal to `at` while it does. */
  readonly writableAt: number;
}

/** Whether the region's database takes writes, as far as a verdict tells that is not too old. */
export function isWritable(verdict: SelfVerdict | undefined): boolean {
  return verdict !== undefined && verdict.writableAt >= verdict.at;
}

/** Where clients are sent: 1 is dr. Carries the epoch under which it was set, so that the newest of several is known. */
export interface Traffic {
  readonly failoverActive: 0 | 1;
  readonly epoch: number;
}

/**
 * How far an epoch has come in one register. `claimed`: somebody tries to get it, and may have failed. `won`: its owner had a
 * majority and then wrote to this register, so nobody else can ever own it. `released`: its owner has given it back.
 */
export type Standing = 'claimed' | 'won' | 'released';

/** An epoch that was won, as a claimant has found it. */
export interface WonEpoch {
  readonly activeRegion: string;
  readonly epoch: number;
  readonly released: boolean;
  /** Its owner's last renewal, in milliseconds since 1970; 0 before the first one. */
  readonly renewedAt: number;
}

/** What one register holds: one item in one location. Times in milliseconds since 1970. */
export interface RegisterRecord {
  readonly activeRegion: string;
  readonly epoch: number;
  readonly standing: Standing;
  /** Which attempt claimed the epoch: two attempts of one region are two claimants. */
  readonly claimId: string;
  /**
   * Until when each region may have been allowed to write, the greatest that was ever known here (`notBefore` of design.md,
   * kept per region so that no region waits for a lease of its own).
   */
  readonly leaseEnds: Readonly<Record<string, number>>;
  /**
   * Until when a function of the active region may go by a lease of an earlier epoch of that region. An epoch that is given back
   * without having been open frees the other region of its own lease, but not of that one.
   */
  readonly earlierEnd?: number;
  /**
   * Only while `claimed`: the epoch that counts until this one is won. Without it a claimant that dies between the halves of
   * its claim would leave registers that name no owner, and nobody would renew or claim any more.
   */
  readonly lastWon?: WonEpoch;
  /** The active region's last renewal; 0 before the first one. */
  readonly renewedAt: number;
  /** The active region about itself. */
  readonly verdict?: SelfVerdict;
  readonly traffic: Traffic;
  /** Grows with every write; what a compare-and-set compares. 0 is the absent item. */
  readonly version: number;
}

/** What reading one register gave: a failed read is a value, so that nobody takes it for an absent item. */
export type RegisterReading =
  | { readonly location: string; readonly known: true; readonly record: RegisterRecord }
  | { readonly location: string; readonly known: false; readonly why: string };

/** Where the registers are, and how many of them decide. */
export interface Quorum {
  readonly locations: readonly string[];
  readonly majority: number;
  /** The region that an absent item stands for. */
  readonly primaryRegion: string;
}

/** A write of one register that only happens if nobody has written since it was read. */
export interface RegisterWrite {
  readonly location: string;
  readonly expectedVersion: number;
  readonly record: RegisterRecord;
}

/** Majority of three with a witness; without one, primary's register alone (design.md section 4). */
export function quorumOf(primaryRegion: string, drRegion: string, witnessRegion: string | undefined): Quorum {
  return witnessRegion === undefined
    ? { locations: [primaryRegion], majority: 1, primaryRegion }
    : { locations: [primaryRegion, drRegion, witnessRegion], majority: 2, primaryRegion };
}

/** Who claimed primary's first epoch: nobody had to. */
export const INITIAL_CLAIM = 'initial';

/** What an absent item means: primary, epoch 1. Nothing is seeded, so a register that was never written says so too. */
export function absentRecord(primaryRegion: string): RegisterRecord {
  return {
    activeRegion: primaryRegion,
    epoch: 1,
    standing: 'won',
    claimId: INITIAL_CLAIM,
    leaseEnds: {},
    renewedAt: 0,
    traffic: { failoverActive: 0, epoch: 1 },
    version: 0,
  };
}

/** The greatest lease end of each region in any of the records. */
export function mergeLeaseEnds(records: readonly RegisterRecord[]): Readonly<Record<string, number>> {
  const merged: Record<string, number> = {};
  for (const { leaseEnds } of records) {
    for (const [region, end] of Object.entries(leaseEnds)) merged[region] = Math.max(merged[region] ?? 0, end);
  }
  return merged;
}

/** The traffic of the highest epoch. Within one epoch it changes once at most, so equal epochs are equal values. */
export function newestTraffic(records: readonly RegisterRecord[]): Traffic {
  return records
    .map(({ traffic }) => traffic)
    .reduce((best, next) => (next.epoch > best.epoch ? next : best), { failoverActive: 0, epoch: 0 });
}
