import { absentRecord, type RegisterRecord } from '../../../lambda/shared/register/record';
import type { Protocol } from '../protocol';
import { clockOf, FIRST_TICK, type Location, type Offsets, quorum, TICK } from '../world';
import { registersModel } from './registers';
import { type Bounds, RELEASED_EPOCH, type State, type Worker } from './state';

/** Who reads and writes the registers. */
export const WORKERS = {
  primarysHeartbeat: { name: "primary's heartbeat", kind: 'heartbeat', region: 'primary' },
  drsHeartbeat: { name: "dr's heartbeat", kind: 'heartbeat', region: 'dr' },
  drsRun: { name: "dr's orchestrator", kind: 'claimant', region: 'dr' },
  drsZombie: { name: 'a second invocation in dr', kind: 'claimant', region: 'dr' },
  primarysRun: { name: "primary's orchestrator", kind: 'claimant', region: 'primary' },
  drsRelease: { name: "dr's orchestrator", kind: 'releaser', region: 'dr' },
} as const satisfies Readonly<Record<string, Worker>>;

/** How much of it is explored; times in ticks. */
export interface RegisterSetting {
  readonly workers: readonly Worker[];
  readonly offsets: readonly Offsets[];
  readonly lease: number;
  readonly claims: number;
  /** Lost answers, lost or late requests, and paths that break. */
  readonly faults: number;
  readonly stalls: number;
  /** Late writes under way at a time. */
  readonly late: number;
  readonly witness: boolean;
  /** After the loss of which location writing has to go on. */
  readonly losses: readonly Location[];
}

function boundsOf({ workers, lease, late, witness, losses }: RegisterSetting): Bounds {
  return { quorum: quorum(witness), workers, lease, late, losses };
}

/** Nothing was ever written: primary has epoch 1. */
export function untouched(protocol: Protocol, setting: RegisterSetting) {
  const bounds = boundsOf(setting);
  const registers = bounds.quorum.locations.map(() => absentRecord('primary'));
  return registersModel(
    protocol,
    bounds,
    setting.offsets.map((offsets) => begin(setting, offsets, registers)),
  );
}

function begin(
  { workers, claims, faults, stalls }: RegisterSetting,
  offsets: Offsets,
  registers: readonly RegisterRecord[],
): State {
  return {
    tick: FIRST_TICK,
    offsets,
    registers,
    locals: { primary: undefined, dr: undefined },
    known: [],
    late: [],
    tasks: workers.map(() => ({ at: 'idle' })),
    winners: [],
    released: 0,
    claimsLeft: claims,
    faultsLeft: faults,
    stallsLeft: stalls,
    cut: { primary: 0, dr: 0 },
  };
}

/**
 * dr has won epoch 4, and every lease of primary is over. dr's functions write already; or they have not begun to, but one of
 * them has stalled that began under epoch 2.
 */
export function owned(protocol: Protocol, setting: RegisterSetting) {
  const bounds = boundsOf(setting);
  const initial = setting.offsets.flatMap((offsets) => {
    // Nothing happens in the first tick.
    const leaseEnd = clockOf(FIRST_TICK + 1, 'dr', offsets) + setting.lease * TICK;
    const record: RegisterRecord = {
      ...absentRecord('primary'),
      activeRegion: 'dr',
      epoch: RELEASED_EPOCH,
      claimId: 'run',
      leaseEnds: { primary: clockOf(FIRST_TICK - 2, 'primary', offsets), dr: leaseEnd },
      version: 1,
    };
    const registers = bounds.quorum.locations.map(() => record);
    const open = { activeRegion: 'dr', epoch: RELEASED_EPOCH, leaseEnd, closed: false };
    const shut = { activeRegion: 'primary', epoch: 3, leaseEnd: 0, closed: false };
    return [
      { local: open, known: [{ region: 'dr' as const, epoch: RELEASED_EPOCH, leaseEnd }] },
      { local: shut, known: [{ region: 'dr' as const, epoch: 2, leaseEnd }], earlierEnd: leaseEnd },
    ].map(({ local, known, earlierEnd }): State => ({
      ...begin(
        setting,
        offsets,
        earlierEnd === undefined ? registers : registers.map((one) => ({ ...one, earlierEnd })),
      ),
      locals: { primary: undefined, dr: local },
      known,
    }));
  });
  return registersModel(protocol, bounds, initial);
}
