import {
  INITIAL_CLAIM,
  mergeLeaseEnds,
  newestTraffic,
  type Quorum,
  type RegisterReading,
  type RegisterRecord,
  type RegisterWrite,
  type SelfVerdict,
  type Traffic,
  type WonEpoch,
} from './record';

/** How far two regions' clocks may be apart, in milliseconds. The writer's side of it is SKEW_MS in may-write.ts. */
export const CLOCK_SKEW_MS = 5_000;

/** Who owns writes, as far as a majority of the registers tells. */
export type Ownership =
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'owned';
      readonly activeRegion: string;
      readonly epoch: number;
      readonly released: boolean;
      /** A higher epoch that somebody has claimed in some of the registers, without being known to have won it. */
      readonly contestedBy?: number;
    };

/** The registers together. */
export interface RegisterView {
  readonly ownership: Ownership;
  /** What is known; at least a majority unless the ownership is unknown. */
  readonly known: readonly (RegisterReading & { readonly known: true })[];
  readonly highestEpoch: number;
  readonly leaseEnds: Readonly<Record<string, number>>;
  readonly traffic: Traffic;
  /** The newest renewal by the owner in any register, in milliseconds since 1970; 0 when there is none. */
  readonly lastRenewal: number;
  /** The owner about itself, the newest in any register. */
  readonly verdict?: SelfVerdict;
}

type Known = RegisterReading & { readonly known: true };

/**
 * Reads the registers together. Less than a majority says nothing about ownership: a failed read is never taken for an absent
 * item. An epoch that is `won` anywhere was won, because that word is only written after a majority had been claimed.
 */
export function viewOf(readings: readonly RegisterReading[], quorum: Quorum): RegisterView {
  const known = readings.filter((reading): reading is Known => reading.known);
  const records = known.map(({ record }) => record);
  const highestEpoch = Math.max(0, ...records.map(({ epoch }) => epoch));
  const owner = ownerOf(records);
  const ownership = ownershipOf(readings, known.length, quorum, owner, highestEpoch);
  const own = records.filter(
    ({ epoch, activeRegion }) => epoch === owner?.epoch && activeRegion === owner.activeRegion,
  );
  const verdict = own
    .map((record) => record.verdict)
    .reduce((best, next) => (next && (!best || next.at > best.at) ? next : best), undefined);
  return {
    ownership,
    known,
    highestEpoch,
    leaseEnds: mergeLeaseEnds(records),
    traffic: newestTraffic(records),
    lastRenewal: owner?.renewedAt ?? 0,
    ...(verdict && { verdict }),
  };
}

/** The highest epoch that was won, in a register or as a claimant has found it; a release of it counts wherever it is seen. */
function ownerOf(records: readonly RegisterRecord[]): WonEpoch | undefined {
  return records
    .flatMap((record) => wonEpochOf(record) ?? [])
    .reduce<WonEpoch | undefined>((best, next) => {
      if (!best || next.epoch > best.epoch) return next;
      if (next.epoch < best.epoch) return best;
      return {
        ...best,
        released: best.released || next.released,
        renewedAt: Math.max(best.renewedAt, next.renewedAt),
      };
    }, undefined);
}

function wonEpochOf({ activeRegion, epoch, standing, renewedAt, lastWon }: RegisterRecord): WonEpoch | undefined {
  return standing === 'claimed' ? lastWon : { activeRegion, epoch, released: standing === 'released', renewedAt };
}

function ownershipOf(
  readings: readonly RegisterReading[],
  knownCount: number,
  quorum: Quorum,
  owner: WonEpoch | undefined,
  highestEpoch: number,
): Ownership {
  if (knownCount < quorum.majority) {
    const silent = readings.flatMap((reading) => (reading.known ? [] : [`${reading.location}: ${reading.why}`]));
    return {
      kind: 'unknown',
      why: `${knownCount} of ${quorum.locations.length} registers answered (${silent.join('; ')})`,
    };
  }
  if (!owner)
    return { kind: 'unknown', why: 'every register that answered holds an epoch nobody is known to have won' };
  return {
    kind: 'owned',
    activeRegion: owner.activeRegion,
    epoch: owner.epoch,
    released: owner.released,
    ...(highestEpoch > owner.epoch && { contestedBy: highestEpoch }),
  };
}

/** Who wants an epoch, and under which name. Times in milliseconds. */
export interface Claimant {
  readonly region: string;
  /** The other of the two regions that can be active. */
  readonly otherRegion: string;
  readonly claimId: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** What a claim has to write, or why there can be none. */
export type ClaimPlan =
  | { readonly ok: true; readonly epoch: number; readonly writes: readonly RegisterWrite[] }
  | { readonly ok: false; readonly why: string };

/**
 * The first half of a claim: one compare-and-set in each register that answered, of an epoch above all of theirs. What it
 * leaves behind when it fails is `claimed` and forgets neither a lease nor who has won before. Where no lease end of the other
 * region is known at all, one full lease from now is assumed; but not by the owner that claims back: nobody else has had one.
 */
export function planClaim(view: RegisterView, quorum: Quorum, claimant: Claimant): ClaimPlan {
  if (view.known.length < quorum.majority) {
    return { ok: false, why: `${view.known.length} of ${quorum.locations.length} registers answered` };
  }
  const { region, otherRegion, claimId, now, leaseMs } = claimant;
  const { ownership, highestEpoch, lastRenewal } = view;
  const epoch = highestEpoch + 1;
  const lastWon = wonEpoch(ownership, lastRenewal);
  const claimsBack = lastWon?.activeRegion === region && !lastWon.released;
  const assumed = claimsBack ? {} : { [otherRegion]: now + leaseMs };
  const leaseEnds = { ...assumed, ...view.leaseEnds };
  const earlierEnd = view.leaseEnds[region];
  const writes = view.known.map(({ location, record }) => ({
    location,
    expectedVersion: record.version,
    record: {
      activeRegion: region,
      epoch,
      standing: 'claimed' as const,
      claimId,
      ...(lastWon && { lastWon }),
      leaseEnds,
      ...(earlierEnd !== undefined && { earlierEnd }),
      renewedAt: 0,
      traffic: view.traffic,
      version: record.version + 1,
    },
  }));
  return { ok: true, epoch, writes };
}

function wonEpoch(ownership: Ownership, renewedAt: number): WonEpoch | undefined {
  if (ownership.kind === 'unknown') return undefined;
  const { activeRegion, epoch, released } = ownership;
  return { activeRegion, epoch, released, renewedAt };
}

/** Whether the compare-and-sets that were confirmed make a majority. An answer that was lost is no confirmation. */
export function isMajority(confirmed: readonly boolean[], { majority }: Quorum): boolean {
  return confirmed.filter(Boolean).length >= majority;
}

/** What a renewal carries. Times in milliseconds since 1970. */
export interface Renewal {
  readonly region: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly verdict?: SelfVerdict;
  /** Set by the plan's DNS step. @default what the registers say */
  readonly traffic?: Traffic;
  /**
   * Another region's lease is known to be over: no commit under an older epoch can follow this moment, because its database
   * refuses it (failover-orchestrator/steps/end-writes.ts). Milliseconds since 1970.
   */
  readonly ended?: { readonly region: string; readonly at: number };
}

/**
 * The writes by which the owner of an epoch renews its lease or sets traffic: in every register that answered, except one
 * that holds a higher epoch. Registers that lag behind are brought up on the way.
 */
export function planRenewal(view: RegisterView, epoch: number, renewal: Renewal): readonly RegisterWrite[] {
  const { region, now, leaseMs, ended } = renewal;
  const verdict = renewal.verdict ?? view.verdict;
  const others = ended ? { [ended.region]: Math.min(view.leaseEnds[ended.region] ?? ended.at, ended.at) } : {};
  return ownersWrites(view, region, epoch, {
    standing: 'won',
    leaseEnds: { ...view.leaseEnds, ...others, [region]: Math.max(now + leaseMs, view.leaseEnds[region] ?? 0) },
    renewedAt: now,
    ...(verdict && { verdict }),
    traffic: renewal.traffic ?? view.traffic,
  });
}

/**
 * The writes by which the owner gives its epoch back; its functions must have been stopped before.
 *
 * @param leaseEnd until when a commit under this epoch may still be acknowledged, in milliseconds since 1970: now, if it never
 * opened its lease, else the lease's old end, because a transaction that has read it goes by it. What is known of the region's
 * earlier epochs counts besides.
 */
export function planRelease(
  view: RegisterView,
  epoch: number,
  { region, leaseEnd }: { readonly region: string; readonly leaseEnd: number },
): readonly RegisterWrite[] {
  return ownersWrites(view, region, epoch, {
    standing: 'released',
    leaseEnds: { ...view.leaseEnds, [region]: Math.max(leaseEnd, earlierEndOf(ownRecords(view, region, epoch)) ?? 0) },
    renewedAt: view.lastRenewal,
    traffic: view.traffic,
  });
}

type OwnersPart = Omit<RegisterRecord, 'activeRegion' | 'epoch' | 'claimId' | 'earlierEnd' | 'lastWon' | 'version'>;

function ownersWrites(view: RegisterView, region: string, epoch: number, part: OwnersPart): readonly RegisterWrite[] {
  const own = ownRecords(view, region, epoch);
  const claimId = (own.find(({ standing }) => standing !== 'claimed') ?? own[0])?.claimId ?? INITIAL_CLAIM;
  const earlierEnd = earlierEndOf(own);
  return view.known
    .filter(({ record }) => record.epoch <= epoch)
    .map(({ location, record }) => ({
      location,
      expectedVersion: record.version,
      record: {
        ...part,
        activeRegion: region,
        epoch,
        claimId,
        ...(earlierEnd !== undefined && { earlierEnd }),
        version: record.version + 1,
      },
    }));
}

function ownRecords(view: RegisterView, region: string, epoch: number): readonly RegisterRecord[] {
  return view.known.map(({ record }) => record).filter((one) => one.activeRegion === region && one.epoch === epoch);
}

function earlierEndOf(own: readonly RegisterRecord[]): number | undefined {
  const ends = own.flatMap(({ earlierEnd }) => earlierEnd ?? []);
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** The claim's second half: the registers that the claim won, with the view as the claim left it. */
export function viewAfterClaim(
  plan: Extract<ClaimPlan, { ok: true }>,
  confirmed: readonly boolean[],
  quorum: Quorum,
): RegisterView {
  const readings = plan.writes.flatMap(({ location, record }, index): RegisterReading[] =>
    confirmed[index] === true ? [{ location, known: true, record }] : [],
  );
  return viewOf(readings, quorum);
}

/** The first moment at which a region may commit: every lease of the other one is over on every clock, ms since 1970. */
export function openFrom(leaseEnds: Readonly<Record<string, number>>, otherRegion: string): number {
  const end = leaseEnds[otherRegion];
  return end === undefined ? 0 : end + CLOCK_SKEW_MS;
}
