import type { Lease, LeaseReading } from '../../../lambda/shared/may-write';
import { createRegisterKeeper } from '../../../lambda/shared/register-keeper';
import type { Closed } from '../../../lambda/shared/register/local-lease';
import {
  absentRecord,
  quorumOf,
  type RegisterReading,
  type RegisterRecord,
  type RegisterWrite,
} from '../../../lambda/shared/register/record';

export const PRIMARY = 'eu-central-1';
export const DR = 'eu-central-2';
export const WITNESS = 'eu-west-1';
export const LOCATIONS = [PRIMARY, DR, WITNESS] as const;
export const QUORUM = quorumOf(PRIMARY, DR, WITNESS);
export const LEASE_MS = 60_000;

/** How a region reaches a location. `lossy` and `deaf` answer to a read: a write does not arrive, or its answer does not. */
export type Link = 'up' | 'down' | 'lossy' | 'deaf';

/** The local item with the promise of the real one (local-lease.ts), in the open. */
export function memoryLease() {
  const state: { item?: Lease & { readonly closed: boolean }; broken: boolean } = { broken: false };
  const answering = (): void => {
    if (state.broken) throw new Error('the lease table does not answer');
  };
  const port = {
    put: async (lease: Lease): Promise<'written' | 'refused'> => {
      answering();
      const { item } = state;
      const isOlder = !item || item.epoch < lease.epoch;
      const isEarlier = item?.epoch === lease.epoch && item.leaseEnd <= lease.leaseEnd && !item.closed;
      if (!isOlder && !isEarlier) return 'refused';
      state.item = { ...lease, closed: false };
      return 'written';
    },
    close: async (epoch: number, standIn: string): Promise<Closed> => {
      answering();
      const was = state.item;
      if (was && was.epoch > epoch) return { kind: 'refused' };
      state.item = { activeRegion: was?.activeRegion ?? standIn, epoch, leaseEnd: 0, closed: true };
      return { kind: 'closed', was };
    },
    read: async (): Promise<LeaseReading> => {
      if (state.broken || !state.item) return { known: false, why: 'there is no local lease item' };
      const { activeRegion, epoch, leaseEnd } = state.item;
      return { known: true, lease: { activeRegion, epoch, leaseEnd } };
    },
  };
  return { state, port };
}

/** Three registers, and a keeper in each of the two regions, with a clock and links that a test moves. */
export function platform(start = Date.UTC(2026, 10, 24, 3, 51)) {
  const records = new Map<string, RegisterRecord>();
  const clock = { at: start, dice: 0.9, ids: 0 };

  function side(region: string, otherRegion: string) {
    const links: Record<string, Link> = Object.fromEntries(LOCATIONS.map((location) => [location, 'up']));
    const { state: local, port: lease } = memoryLease();
    const calls: string[] = [];
    const registers = {
      read: async (): Promise<readonly RegisterReading[]> => {
        calls.push('read');
        return LOCATIONS.map((location) =>
          links[location] !== 'down'
            ? { location, known: true, record: records.get(location) ?? absentRecord(PRIMARY) }
            : { location, known: false, why: 'time-out' },
        );
      },
      write: async (writes: readonly RegisterWrite[]): Promise<readonly boolean[]> => {
        calls.push('write');
        return writes.map(({ location, expectedVersion, record }) => {
          if (links[location] === 'down' || links[location] === 'lossy') return false;
          if ((records.get(location)?.version ?? 0) !== expectedVersion) return false;
          records.set(location, record);
          return links[location] === 'up';
        });
      },
    };
    const keeper = createRegisterKeeper({
      registers,
      localLease: lease,
      lease,
      quorum: QUORUM,
      region,
      otherRegion,
      leaseMs: LEASE_MS,
      now: () => clock.at,
      random: () => clock.dice,
      newClaimId: () => `heartbeat-${(clock.ids += 1)}`,
    });
    return { region, keeper, links, local, lease, calls, registers };
  }

  const primary = side(PRIMARY, DR);
  const dr = side(DR, PRIMARY);
  return {
    clock,
    records,
    primary,
    dr,
    /** A verdict that the database of a region takes writes, or does not. */
    verdict: (writable = true) => ({ healthy: writable, at: clock.at, writableAt: writable ? clock.at : 0 }),
  };
}
