import type { ClaimPlan, RegisterView } from '../../lambda/shared/register/protocol';
import type { Quorum, RegisterReading, RegisterRecord, RegisterWrite } from '../../lambda/shared/register/record';
import type { Protocol } from './protocol';
import {
  at,
  clockOf,
  closeLocal,
  type LocalItem,
  type Offsets,
  otherThan,
  putLocal,
  type Region,
  TICK,
  verdictAt,
} from './world';

/** A lease that functions of a region may have read from its local item, and go by to its end. */
export interface Known {
  readonly region: Region;
  readonly epoch: number;
  readonly leaseEnd: number;
}

/** What all processes share. */
export interface Realm {
  /** The true time. */
  readonly tick: number;
  readonly offsets: Offsets;
  readonly registers: readonly RegisterRecord[];
  readonly locals: Readonly<Record<Region, LocalItem | undefined>>;
  readonly known: readonly Known[];
}

/** What a whole cycle is made with; its registers that do not answer as bits. */
export interface Setting {
  readonly protocol: Protocol;
  readonly quorum: Quorum;
  /** Milliseconds. */
  readonly leaseMs: number;
  readonly silent: number;
}

export type Say = (line: () => string) => void;

/** The registers together, as they are now. */
export function look({ protocol, quorum, silent }: Setting, registers: readonly RegisterRecord[]): RegisterView {
  const readings = quorum.locations.map((location, i): RegisterReading =>
    silent & (1 << i)
      ? { location, known: false, why: 'no answer' }
      : { location, known: true, record: registers[i] as RegisterRecord },
  );
  return protocol.viewOf(readings, quorum);
}

/** Writes at once, in every register that answers. */
export function writeAll<R extends Realm>(
  { protocol, quorum, silent }: Setting,
  realm: R,
  writes: readonly RegisterWrite[],
): { readonly realm: R; readonly confirmed: readonly boolean[] } {
  const registers = [...realm.registers];
  const confirmed = writes.map((write) => {
    const i = quorum.locations.indexOf(write.location);
    const found = registers[i];
    if (!found || silent & (1 << i) || !protocol.habits.compareAndSet(found, write)) return false;
    registers[i] = write.record;
    return true;
  });
  return { realm: { ...realm, registers }, confirmed };
}

/** What a claim came to. Times in milliseconds. */
export interface Won {
  readonly epoch: number;
  readonly openFrom: number;
  readonly leaseEnd: number;
}

/** Both halves of a claim. @param writing which registers its writes reach. @default those that it has read */
export function claim<R extends Realm>(
  setting: Setting,
  realm: R,
  region: Region,
  claimId: string,
  writing: Setting = setting,
): { readonly realm: R; readonly won: Won | undefined; readonly isConfirmed: boolean; readonly plan: ClaimPlan } {
  const { protocol, quorum, leaseMs } = setting;
  const otherRegion = otherThan(region);
  const now = clockOf(realm.tick, region, realm.offsets);
  const plan = protocol.planClaim(look(setting, realm.registers), quorum, {
    region,
    otherRegion,
    claimId,
    now,
    leaseMs,
  });
  if (!plan.ok) return { realm, won: undefined, isConfirmed: false, plan };
  const first = writeAll(writing, realm, plan.writes);
  if (!protocol.isMajority(first.confirmed, quorum))
    return { realm: first.realm, won: undefined, isConfirmed: false, plan };
  const view = protocol.viewAfterClaim(plan, first.confirmed, quorum);
  const won = { epoch: plan.epoch, openFrom: protocol.openFrom(view.leaseEnds, otherRegion), leaseEnd: now + leaseMs };
  if (!protocol.habits.confirmsClaim) return { realm: first.realm, won, isConfirmed: false, plan };
  const second = writeAll(writing, first.realm, protocol.planRenewal(view, plan.epoch, { region, now, leaseMs }));
  const isConfirmed = protocol.isMajority(second.confirmed, quorum);
  return { realm: second.realm, won: isConfirmed ? won : undefined, isConfirmed, plan };
}

/** One cycle of a region's heartbeat, from reading to the local item. `writable`: its own database, for all it knows. */
export function beat<R extends Realm>(
  setting: Setting,
  realm: R,
  region: Region,
  { writable, dice }: { readonly writable: boolean; readonly dice: number },
  say: Say,
): R {
  const { protocol, quorum, leaseMs } = setting;
  const now = clockOf(realm.tick, region, realm.offsets);
  const verdict = verdictAt(now, writable);
  const view = look(setting, realm.registers);
  const decision = protocol.decideHeartbeat({ region, view, now, verdict, dice });
  if (decision.kind === 'claim') {
    const claimed = claim(setting, realm, region, `heartbeat of ${region}`);
    say(
      () =>
        `${at(realm.tick)} ${region}'s heartbeat ${claimed.won ? `claims epoch ${claimed.won.epoch}` : 'claims in vain'}: ${decision.why}`,
    );
    return claimed.won ? openLocal(setting, claimed.realm, region, claimed.won, writable, say) : claimed.realm;
  }
  if (decision.kind === 'unknown') {
    say(() => `${at(realm.tick)} ${region}'s heartbeat does nothing: ${decision.why}`);
    return realm;
  }
  if (decision.kind === 'stand-by') {
    const { activeRegion, epoch } = decision;
    say(() => `${at(realm.tick)} ${region}'s heartbeat does nothing: ${activeRegion} has epoch ${epoch}`);
    return activeRegion === region ? realm : standBy(realm, region, epoch);
  }
  const { epoch } = decision;
  const renewed = writeAll(setting, realm, protocol.planRenewal(view, epoch, { region, now, leaseMs, verdict }));
  if (!protocol.isMajority(renewed.confirmed, quorum)) {
    say(() => `${at(realm.tick)} ${region}'s heartbeat cannot renew epoch ${epoch}`);
    return renewed.realm;
  }
  say(() => `${at(realm.tick)} ${region}'s heartbeat renews epoch ${epoch}`);
  const openFrom = protocol.openFrom(view.leaseEnds, otherThan(region));
  return openLocal(setting, renewed.realm, region, { epoch, leaseEnd: now + leaseMs, openFrom }, writable, say);
}

/** As register-keeper.ts: a lease that is over says whose the epoch is. */
function standBy<R extends Realm>(realm: R, region: Region, epoch: number): R {
  const item = realm.locals[region];
  if (item?.epoch === epoch && item.activeRegion !== region) return realm;
  const put = putLocal(item, { activeRegion: otherThan(region), epoch, leaseEnd: 0 });
  return put ? { ...realm, locals: { ...realm.locals, [region]: put } } : realm;
}

/** The last part of a renewal: what the functions of the region may go by. */
export function openLocal<R extends Realm>(
  { protocol }: Setting,
  realm: R,
  region: Region,
  renewed: Won,
  writable: boolean,
  say: Say,
): R {
  const now = clockOf(realm.tick, region, realm.offsets);
  const item = realm.locals[region];
  const local = item ? { known: true as const, lease: item } : { known: false as const, why: 'there is none' };
  const decision = protocol.decideLocal({ region, renewed, local, verdict: verdictAt(now, writable), now });
  if (decision.kind === 'keep') {
    say(() => `${at(realm.tick)} ${region} opens nothing: ${decision.why}`);
    return realm;
  }
  const { epoch, leaseEnd } = decision;
  const put = putLocal(item, { activeRegion: region, epoch, leaseEnd });
  if (!put) return realm;
  say(
    () =>
      `${at(realm.tick)} ${region}'s functions may write under epoch ${epoch} until ${at(leaseEnd / TICK)} by its clock`,
  );
  return {
    ...realm,
    locals: { ...realm.locals, [region]: put },
    known: remember(realm.known, { region, epoch, leaseEnd }),
  };
}

/** As in register-keeper.ts: the epoch that an attempt of the same claim has won, if it still counts. */
export function wonUnder(
  { habits }: Protocol,
  view: RegisterView,
  region: Region,
  claimId: string,
): number | undefined {
  const { ownership, known } = view;
  if (ownership.kind === 'unknown' || ownership.activeRegion !== region || ownership.released) return undefined;
  if (ownership.contestedBy !== undefined) return undefined;
  const { epoch } = ownership;
  return known.some(({ record }) => record.epoch === epoch && habits.isWonBy(record, claimId)) ? epoch : undefined;
}

/**
 * Closes the local item under an epoch, for good; functions that have read it go by what they have read. Whose it was stays, so
 * that a repetition finds the same.
 */
export function close<R extends Realm>(realm: R, region: Region, epoch: number): R {
  const item = realm.locals[region];
  const closed = closeLocal(item, { activeRegion: item?.activeRegion ?? region, epoch, leaseEnd: 0 });
  return closed ? { ...realm, locals: { ...realm.locals, [region]: closed } } : realm;
}

/** The greatest lease end of an epoch counts. */
export function remember(known: readonly Known[], lease: Known): readonly Known[] {
  const same = (other: Known): boolean => other.region === lease.region && other.epoch === lease.epoch;
  const before = known.find(same);
  if (before && before.leaseEnd >= lease.leaseEnd) return known;
  return [...known.filter((other) => !same(other)), lease];
}

/** One tick later; a lease that is over on its region's clock is forgotten. */
export function later<R extends Realm>(realm: R): R {
  const tick = realm.tick + 1;
  const over = ({ region, leaseEnd }: Known): boolean => leaseEnd / TICK <= tick + realm.offsets[region];
  if (!realm.known.some(over)) return { ...realm, tick };
  return { ...realm, tick, known: realm.known.filter((lease) => !over(lease)) };
}

/** Whether functions of a region may begin a write now that takes no time. */
export function mayBegin(protocol: Protocol, realm: Realm, region: Region): boolean {
  const lease = realm.locals[region];
  if (!lease) return false;
  const now = clockOf(realm.tick, region, realm.offsets);
  return protocol.mayWrite({ reading: { known: true, lease }, region, now, deadline: now }).ok;
}
