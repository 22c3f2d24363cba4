import type { Quorum } from '../../../lambda/shared/register/record';
import { doubleWrite, isInUse } from '../double-write';
import type { Breach, Model } from '../explorer';
import type { Protocol } from '../protocol';
import { at, clockOf } from '../world';
import { registerKey } from './key';
import { registerMoves } from './moves';
import { atRest, registerRecoveries } from './recovery';
import { type Bounds, RELEASED_EPOCH, type State } from './state';

/** The registers with everybody who writes them. */
export function registersModel(protocol: Protocol, bounds: Bounds, initial: readonly State[]): Model<State> {
  return {
    initial,
    moves: registerMoves(protocol, bounds),
    key: registerKey(bounds),
    breach: (state) =>
      state.breach ??
      doubleWrite(protocol, state) ??
      tooEarly(protocol, state, bounds) ??
      keptAlive(state, bounds.quorum),
    rest: atRest,
    recoveries: registerRecoveries(protocol, bounds),
  };
}

/** Where no heartbeat opens what was won: from the moment at which one could, no older lease of the other region may be in use. */
function tooEarly(
  protocol: Protocol,
  { winners, known, tick, offsets }: State,
  { workers }: Bounds,
): Breach | undefined {
  for (const { epoch, worker, openFrom } of winners) {
    const region = workers[worker]?.region ?? 'dr';
    if (workers.some((one) => one.kind === 'heartbeat' && one.region === region)) continue;
    if (clockOf(tick, region, offsets) < openFrom) continue;
    const old = known.find(
      (lease) => lease.region !== region && lease.epoch < epoch && isInUse(protocol, lease, tick + 1, offsets),
    );
    if (!old) continue;
    const detail =
      `at ${at(tick)} ${region} may open epoch ${epoch}, which it has won; at ${at(tick + 1)} a function of ${old.region} may still ` +
      `acknowledge a commit under epoch ${old.epoch}`;
    return { invariant: 'a new owner waits for the old lease', detail };
  }
  return undefined;
}

/** A majority that holds an epoch as won after a majority has held it as released. */
function keptAlive({ registers, released }: State, { majority }: Quorum): Breach | undefined {
  if (released === 0) return undefined;
  const alive = registers.filter(({ epoch, standing }) => standing === 'won' && released & (1 << epoch));
  if (alive.length < majority) return undefined;
  const detail = `${alive.length} registers hold epoch ${RELEASED_EPOCH} as won, after a majority had taken its release`;
  return { invariant: 'a released epoch stays released', detail };
}
