import type { Lease } from '../../lambda/shared/may-write';
import { quorumOf, type Quorum, type SelfVerdict } from '../../lambda/shared/register/record';

/** The two regions that can be active. */
export type Region = 'primary' | 'dr';
export type Location = Region | 'witness';

export const REGIONS: readonly Region[] = ['primary', 'dr'];
export const LOCATIONS: readonly Location[] = ['primary', 'dr', 'witness'];

/** The length of a tick in milliseconds: the bound of the skew, so that every constant of the product is a whole number of ticks. */
export const TICK = 5_000;

/** Where a model begins: far from 0, because 0 means "never" in a register. */
export const FIRST_TICK = 1_000;

/** Ticks that a region's clock is ahead of the true time; at most one, so two clocks differ by at most two. */
export type Offsets = Readonly<Record<Region, -1 | 0 | 1>>;

export const otherThan = (region: Region): Region => (region === 'primary' ? 'dr' : 'primary');

/** A region's clock, in milliseconds. */
export function clockOf(tick: number, region: Region, offsets: Offsets): number {
  return (tick + offsets[region]) * TICK;
}

/** Primary, dr and, unless there is none, the witness. */
export function quorum(witness: boolean): Quorum {
  return quorumOf('primary', 'dr', witness ? 'witness' : undefined);
}

/** A verdict of this moment. */
export function verdictAt(now: number, writable: boolean): SelfVerdict {
  return { healthy: writable, at: now, writableAt: writable ? now : now - 10 * TICK };
}

/** The local item of a region, as local-lease.ts keeps it. */
export interface LocalItem extends Lease {
  readonly closed: boolean;
}

/** The condition of `put` in local-lease.ts. */
export function putLocal(item: LocalItem | undefined, lease: Lease): LocalItem | undefined {
  const takes =
    item === undefined ||
    item.epoch < lease.epoch ||
    (item.epoch === lease.epoch && item.leaseEnd <= lease.leaseEnd && !item.closed);
  return takes ? { ...lease, closed: false } : undefined;
}

/** The condition of `close` in local-lease.ts. */
export function closeLocal(item: LocalItem | undefined, lease: Lease): LocalItem | undefined {
  return item === undefined || item.epoch <= lease.epoch ? { ...lease, closed: true } : undefined;
}

/** A time as a line of a story says it. */
export function at(tick: number): string {
  return `t=${(tick - FIRST_TICK) * 5} s`;
}
