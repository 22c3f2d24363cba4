import { beat, claim, later, look, mayBegin, type Say, type Setting, writeAll } from '../cycles';
import type { Recovery } from '../explorer';
import type { Protocol } from '../protocol';
import { at, clockOf, type Location, otherThan, type Region, REGIONS, TICK } from '../world';
import type { Bounds, State } from './state';

/**
 * With one location lost and everything else well, some region writes again: the owner by its heartbeat alone or, where the
 * owner is what was lost, the other region by a claim of its orchestrator.
 */
export function registerRecoveries(protocol: Protocol, bounds: Bounds): readonly Recovery<State>[] {
  return bounds.losses.flatMap((lost) =>
    silencesOf(lost, bounds).flatMap((silent) => {
      const one = recovery(protocol, bounds, lost, silent);
      return lost === 'dr' ? [one, undisturbed(one, bounds)] : [one];
    }),
  );
}

/**
 * Which register is lost with a location, as bits. States that differ in the order of their registers count as one, so it may be
 * any of the three.
 */
function silencesOf(lost: Location, { quorum: { locations } }: Bounds): readonly number[] {
  if (locations.length > 1) return locations.map((_, i) => 1 << i);
  return [locations.includes(lost) ? 1 : 0];
}

/** A claim that died before it won anything does not cost the active region its lease. */
function undisturbed(after: Recovery<State>, { lease }: Bounds): Recovery<State> {
  return {
    ...after,
    name: 'dr is lost, and has never had a lease',
    limit: 2,
    applies: (state) => state.registers.every(({ leaseEnds }) => leaseEnds['dr'] === undefined) && after.isGood(state),
    isGood: ({ locals, tick, offsets }) =>
      (locals.primary?.leaseEnd ?? 0) >= clockOf(tick, 'primary', offsets) + lease * TICK,
  };
}

/** Everybody has stopped, nothing is on its way, and every register can be reached. */
export function atRest({ tick, offsets, registers, locals, tasks }: State): State {
  return {
    tick,
    offsets,
    registers,
    locals,
    known: [],
    late: [],
    tasks: tasks.map(() => ({ at: 'ended' })),
    winners: [],
    released: 0,
    claimsLeft: 0,
    faultsLeft: 0,
    stallsLeft: 0,
    cut: { primary: 0, dr: 0 },
  };
}

function recovery(protocol: Protocol, bounds: Bounds, lost: Location, silent: number): Recovery<State> {
  const { quorum } = bounds;
  const setting: Setting = {
    protocol,
    quorum,
    leaseMs: bounds.lease * TICK,
    silent,
  };
  const living = REGIONS.filter((region) => region !== lost);

  function round(state: State, say: Say): State {
    let next = later(state);
    for (const region of living) next = beat(setting, next, region, { writable: true, dice: 0 }, say);
    const { ownership } = look(setting, next.registers);
    if (ownership.kind === 'unknown') return next;
    const { activeRegion, epoch, released } = ownership;
    const owner = activeRegion === 'dr' ? 'dr' : 'primary';
    if (!released && owner !== lost) return next.locals[owner]?.closed ? goOnReleasing(next, owner, epoch, say) : next;
    // A released epoch is the other region's to take; where that one is lost, a run of this one takes it back.
    const heir = otherThan(owner);
    const claimant = released && heir === lost ? owner : heir;
    if (released && claimant === heir) return next;
    const claimed = claim(setting, next, claimant, 'recovery');
    say(
      () =>
        `${at(next.tick)} ${claimant}'s orchestrator ${claimed.won ? `claims epoch ${claimed.won.epoch}` : 'claims in vain'}`,
    );
    return claimed.realm;
  }

  /** The run that has closed the local item is resumed. */
  function goOnReleasing(state: State, region: Region, epoch: number, say: Say): State {
    if (state.locals[region]?.epoch !== epoch) return state;
    const view = look(setting, state.registers);
    const leaseEnd = view.leaseEnds[region] ?? clockOf(state.tick, region, state.offsets);
    const { realm, confirmed } = writeAll(setting, state, protocol.planRelease(view, epoch, { region, leaseEnd }));
    say(
      () =>
        `${at(state.tick)} ${region}'s run ${protocol.isMajority(confirmed, quorum) ? 'releases' : 'cannot release'} epoch ${epoch}`,
    );
    return realm;
  }

  return {
    name: `${lost} is lost`,
    invariant: 'writing goes on',
    // A lease to wait for, the skew on both sides of it, a tick to claim in and one to renew in.
    limit: 2 * bounds.lease + 6,
    applies: () => true,
    round,
    isGood: (state) => living.some((region) => mayBegin(protocol, state, region)),
  };
}
