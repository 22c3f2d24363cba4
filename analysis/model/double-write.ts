import { type Known, mayBegin, type Realm } from './cycles';
import type { Breach } from './explorer';
import type { Protocol } from './protocol';
import { at, clockOf, type Offsets, REGIONS, TICK } from './world';

/**
 * Two regions that can both commit. No function has to be modelled for it: one that has read a lease may stall at its commit
 * and goes by that lease to its end, so what counts is the greatest lease end that each region's functions could read.
 */
export function doubleWrite(protocol: Protocol, realm: Realm): Breach | undefined {
  const { known, locals, tick, offsets } = realm;
  if (known.length < 2) return undefined;
  for (const region of REGIONS) {
    const lease = locals[region];
    if (!lease || !mayBegin(protocol, realm, region)) continue;
    const old = known.find(
      (one) => one.region !== region && one.epoch < lease.epoch && isInUse(protocol, one, tick + 1, offsets),
    );
    if (!old) continue;
    return {
      invariant: 'no double write',
      detail:
        `at ${at(tick)} a function of ${region} commits under epoch ${lease.epoch}; at ${at(tick + 1)} the commit of a function of ` +
        `${old.region} under epoch ${old.epoch}, which has stalled, returns and is acknowledged: that lease ends at ` +
        `${at(old.leaseEnd / TICK)} on ${old.region}'s clock`,
    };
  }
  return undefined;
}

/** Whether a function that has read a lease would still acknowledge a commit. */
export function isInUse(
  protocol: Protocol,
  { region, epoch, leaseEnd }: Known,
  tick: number,
  offsets: Offsets,
): boolean {
  const now = clockOf(tick, region, offsets);
  const reading = { known: true, lease: { activeRegion: region, epoch, leaseEnd } } as const;
  return protocol.mayWrite({ reading, region, now, deadline: now }).ok;
}
