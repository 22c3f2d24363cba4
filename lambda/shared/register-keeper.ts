import type { ClaimResult } from '../failover-orchestrator/run';
import { describeError } from './errors';
import type { LeasePort } from './lease-store';
import type { Lease } from './may-write';
import { decideHeartbeat, decideLocal } from './register/heartbeat';
import type { LocalLeasePort } from './register/local-lease';
import {
  isMajority,
  openFrom,
  planClaim,
  planRelease,
  planRenewal,
  type RegisterView,
  type Renewal,
  viewAfterClaim,
  viewOf,
} from './register/protocol';
import { done, ownedBy, pending, type UnderEpoch, wonUnder } from './register/under-epoch';
import type { Quorum, SelfVerdict, Traffic } from './register/record';
import type { RegisterPort } from './register/register-store';
import { inWords } from './time-words';

/** What keeping the register touches. */
export interface KeeperPorts {
  readonly registers: RegisterPort;
  /** This region's item that its functions go by: how it is written, and how they read it. */
  readonly localLease: LocalLeasePort;
  readonly lease: LeasePort;
  readonly quorum: Quorum;
  readonly region: string;
  readonly otherRegion: string;
  readonly leaseMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** A fresh id for a claim that no run stands behind. */
  readonly newClaimId: () => string;
}

/** The registers, and when they were asked: a lease counts from before the first request. Milliseconds since 1970. */
export interface SeenRegisters {
  readonly at: number;
  readonly view: RegisterView;
}

/** What a renewal goes by. */
export interface RenewOptions {
  /** @default read now */
  readonly seen?: SeenRegisters;
  /** This region about itself, if it is fresh (`freshVerdict`). */
  readonly verdict?: SelfVerdict | undefined;
  /** For the second renewer: it renews a lease with less than this left, in milliseconds, and never claims. */
  readonly onlyBelowMs?: number;
}

/** What became of the item that this region's functions read. */
export type LocalOutcome =
  | { readonly kind: 'written' }
  /** The item has moved on: it is newer, or closed. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'kept'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** What a heartbeat did. */
export type RenewResult =
  | { readonly kind: 'renewed'; readonly epoch: number; readonly leaseEnd: number; readonly local: LocalOutcome }
  | {
      readonly kind: 'claimed';
      readonly epoch: number;
      readonly leaseEnd: number;
      readonly why: string;
      readonly local: LocalOutcome;
    }
  | { readonly kind: 'stand-by'; readonly activeRegion: string; readonly epoch: number; readonly local: LocalOutcome }
  /** The second renewer has nothing to do. */
  | { readonly kind: 'not-needed'; readonly why: string }
  /** No majority, or not known: nothing that a function reads was changed. */
  | { readonly kind: 'failed'; readonly why: string };

/** The effects of the register: everything that reads or writes it goes through here. Nothing rejects. */
export interface RegisterKeeper {
  view(): Promise<SeenRegisters>;
  /** One heartbeat: renews or claims by majority, and only then copies the lease for this region's functions. */
  renew(options?: RenewOptions): Promise<RenewResult>;
  /** One attempt to get the next epoch; under the same id, an epoch that was won already stays the one. */
  claim(claimId: string): Promise<ClaimResult>;
  /** Lets this region's functions write, once every lease of the other region is over. */
  open(epoch: number): Promise<UnderEpoch>;
  /** Says where clients are sent; within one epoch only once. */
  setTraffic(epoch: number, failoverActive: Traffic['failoverActive']): Promise<UnderEpoch>;
  /** Says that the other region's lease is over now; only once its database commits nothing of an older epoch any more. */
  endOtherLease(epoch: number): Promise<UnderEpoch>;
  /** Stops this region's functions, then gives the epoch back. */
  release(epoch: number): Promise<UnderEpoch>;
}

/** A lease by majority, and from when on this region may commit under it. */
interface Held {
  readonly epoch: number;
  readonly leaseEnd: number;
  readonly openFrom: number;
}

/** Puts effects to the pure protocol (design.md section 4, register). The clients' time-outs and attempts bound every call. */
export function createRegisterKeeper(ports: KeeperPorts): RegisterKeeper {
  const { registers, localLease, lease, quorum, region, otherRegion, leaseMs, now } = ports;

  async function view(): Promise<SeenRegisters> {
    const at = now();
    return { at, view: viewOf(await registers.read(), quorum) };
  }

  /** Writes the owner's renewal; without a majority there is no lease to go by. */
  async function hold(
    { at, view: seen }: SeenRegisters,
    epoch: number,
    change: Pick<Renewal, 'verdict' | 'traffic' | 'ended'> = {},
  ): Promise<Held | undefined> {
    const confirmed = await registers.write(planRenewal(seen, epoch, { region, now: at, leaseMs, ...change }));
    if (!isMajority(confirmed, quorum)) return undefined;
    return { epoch, leaseEnd: at + leaseMs, openFrom: openFrom(seen.leaseEnds, otherRegion) };
  }

  /** Both halves of a claim: a majority of the registers claimed, and after that a majority confirmed as won. */
  async function claimAnew(
    seen: SeenRegisters,
    claimId: string,
    verdict?: SelfVerdict,
  ): Promise<Held | { readonly why: string }> {
    const plan = planClaim(seen.view, quorum, { region, otherRegion, claimId, now: seen.at, leaseMs });
    if (!plan.ok) return { why: plan.why };
    const confirmed = await registers.write(plan.writes);
    const taken = confirmed.filter(Boolean).length;
    if (!isMajority(confirmed, quorum)) return { why: `${taken} registers took the claim of epoch ${plan.epoch}` };
    const after = { at: seen.at, view: viewAfterClaim(plan, confirmed, quorum) };
    const held = await hold(after, plan.epoch, verdict && { verdict });
    return held ?? { why: `epoch ${plan.epoch} was claimed and then not confirmed by a majority` };
  }

  async function putLocal(lease: Lease): Promise<LocalOutcome> {
    try {
      return { kind: await localLease.put(lease) };
    } catch (error) {
      return { kind: 'failed', why: describeError(error) };
    }
  }

  async function copyLocally(held: Held, verdict: SelfVerdict | undefined): Promise<LocalOutcome> {
    const decision = decideLocal({ region, renewed: held, local: await lease.read(), verdict, now: now() });
    if (decision.kind === 'keep') return { kind: 'kept', why: decision.why };
    return putLocal({ activeRegion: region, epoch: decision.epoch, leaseEnd: decision.leaseEnd });
  }

  async function standBy(activeRegion: string, epoch: number): Promise<RenewResult> {
    // A lease that is over: functions here then answer NOT_ACTIVE with the epoch, also where an old copy of ours still runs.
    const local: LocalOutcome =
      activeRegion === otherRegion
        ? await putLocal({ activeRegion, epoch, leaseEnd: 0 })
        : { kind: 'kept', why: 'this region has given its epoch back' };
    return { kind: 'stand-by', activeRegion, epoch, local };
  }

  /** Why the second renewer leaves the lease alone; undefined when it is needed. */
  async function notNeeded({ at, view: seen }: SeenRegisters, belowMs: number): Promise<string | undefined> {
    const { ownership } = seen;
    if (ownership.kind === 'unknown') return undefined;
    if (ownership.activeRegion !== region || ownership.released) return 'this region has no lease to renew';
    const local = await lease.read();
    const own = local.known && local.lease.activeRegion === region ? local.lease.leaseEnd : undefined;
    const leftMs = (own ?? seen.leaseEnds[region] ?? 0) - at;
    return leftMs < belowMs ? undefined : `the lease runs for another ${inWords(leftMs)}`;
  }

  async function renew({ seen: given, verdict, onlyBelowMs }: RenewOptions = {}): Promise<RenewResult> {
    const seen = given ?? (await view());
    const second = onlyBelowMs !== undefined;
    const why = second ? await notNeeded(seen, onlyBelowMs) : undefined;
    if (why !== undefined) return { kind: 'not-needed', why };
    // Two claimants of one region would only take the epoch from each other: the second renewer's dice never say so.
    const dice = second ? 1 : ports.random();
    const decision = decideHeartbeat({ region, view: seen.view, now: seen.at, verdict, dice });
    switch (decision.kind) {
      case 'unknown':
        return { kind: 'failed', why: decision.why };
      case 'stand-by':
        return standBy(decision.activeRegion, decision.epoch);
      case 'claim': {
        const held = await claimAnew(seen, ports.newClaimId(), verdict);
        if ('why' in held) return { kind: 'failed', why: `${decision.why}; ${held.why}` };
        const { epoch, leaseEnd } = held;
        return { kind: 'claimed', epoch, leaseEnd, why: decision.why, local: await copyLocally(held, verdict) };
      }
      case 'renew':
        return renewHeld(seen, decision.epoch, verdict);
    }
  }

  async function renewHeld(seen: SeenRegisters, epoch: number, verdict: SelfVerdict | undefined): Promise<RenewResult> {
    const held = await hold(seen, epoch, verdict && { verdict });
    if (!held) return { kind: 'failed', why: `no majority took the renewal of epoch ${epoch}` };
    return { kind: 'renewed', epoch, leaseEnd: held.leaseEnd, local: await copyLocally(held, verdict) };
  }

  async function claim(claimId: string): Promise<ClaimResult> {
    const seen = await view();
    const won = wonUnder(seen.view, region, claimId);
    // Won in one register may be all that was written before a crash: what counts is confirmed by a majority, again.
    const held =
      won === undefined
        ? await claimAnew(seen, claimId)
        : ((await hold(seen, won)) ?? { why: `no majority confirms epoch ${won}, which this claim has won` });
    return 'why' in held ? { won: false, why: held.why } : { won: true, epoch: held.epoch, openFrom: held.openFrom };
  }

  async function open(epoch: number): Promise<UnderEpoch> {
    const seen = await view();
    const owned = ownedBy(seen.view, region, epoch);
    if (typeof owned !== 'number') return owned;
    const waitMs = openFrom(seen.view.leaseEnds, otherRegion) - now();
    if (waitMs > 0) return pending(`${otherRegion} may write for another ${inWords(waitMs)}`);
    const held = await hold(seen, owned);
    if (!held) return pending(`no majority took the renewal of epoch ${owned}`);
    const local = await putLocal({ activeRegion: region, epoch: owned, leaseEnd: held.leaseEnd });
    if (local.kind === 'written') return done(`open until ${new Date(held.leaseEnd).toISOString()}`);
    if (local.kind === 'refused') return openedByAnother(owned);
    return pending(`the local item cannot be written: ${local.why}`);
  }

  /**
   * The item was newer than what was to be written: a heartbeat may have been faster, with a later end or with an epoch of its own
   * above a contested one, or it is closed. Whatever this region holds above the run's epoch, it holds in the run's place.
   */
  async function openedByAnother(epoch: number): Promise<UnderEpoch> {
    const reading = await lease.read();
    if (!reading.known) return pending(reading.why);
    const { activeRegion, epoch: found, leaseEnd } = reading.lease;
    const isOwn = activeRegion === region && found >= epoch;
    if (isOwn && leaseEnd > now()) return done('open by a heartbeat');
    // A closed item has no end at all; one that was open has to be renewed, and the registers tell under which epoch.
    if (isOwn && leaseEnd > 0) return pending(`the lease of epoch ${found} is over, and not renewed yet`);
    return { kind: 'lost', detail: `the local item holds epoch ${found} of ${activeRegion}, or is closed` };
  }

  async function setTraffic(epoch: number, failoverActive: Traffic['failoverActive']): Promise<UnderEpoch> {
    const seen = await view();
    const owned = ownedBy(seen.view, region, epoch);
    if (typeof owned !== 'number') return owned;
    const held = await hold(seen, owned, { traffic: { failoverActive, epoch: owned } });
    return held ? done(`traffic is ${failoverActive}`) : pending('no majority took the change of traffic');
  }

  async function endOtherLease(epoch: number): Promise<UnderEpoch> {
    const seen = await view();
    const owned = ownedBy(seen.view, region, epoch);
    if (typeof owned !== 'number') return owned;
    const held = await hold(seen, owned, { ended: { region: otherRegion, at: seen.at } });
    if (!held) return pending(`no majority took the end of the lease of ${otherRegion}`);
    return done(`the lease of ${otherRegion} ended at ${new Date(seen.at).toISOString()}`);
  }

  async function release(epoch: number): Promise<UnderEpoch> {
    const before = await view();
    const { ownership } = before.view;
    if (ownership.kind === 'owned' && ownership.epoch === epoch && ownership.released) return done('released before');
    const owned = ownedBy(before.view, region, epoch);
    if (typeof owned !== 'number') return owned;
    let was: Lease | undefined;
    try {
      const closed = await localLease.close(owned, otherRegion);
      if (closed.kind === 'refused') return pending('the local item has moved on to a higher epoch');
      ({ was } = closed);
    } catch (error) {
      return pending(`the local item cannot be closed: ${describeError(error)}`);
    }
    // Read again: a renewal that was under way when the item was closed counts as well.
    const seen = await view();
    const still = ownedBy(seen.view, region, owned);
    if (typeof still !== 'number') return still;
    const neverOpened = was?.activeRegion !== region;
    // The registers' end and not the item's: it is at least as late, and a repetition still finds it.
    const leaseEnd = neverOpened ? seen.at : (seen.view.leaseEnds[region] ?? seen.at + leaseMs);
    const confirmed = await registers.write(planRelease(seen.view, still, { region, leaseEnd }));
    if (!isMajority(confirmed, quorum)) return pending('no majority took the release');
    return done(`released as of ${new Date(leaseEnd).toISOString()}`);
  }

  return { view, renew, claim, open, setTraffic, endOtherLease, release };
}
