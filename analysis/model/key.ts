import type { RegisterRecord } from '../../lambda/shared/register/record';
import { type Offsets, TICK } from './world';

const NEVER = 0;
const SHIFT = 64;
const STANDINGS = { claimed: 0, won: 1, released: 2 } as const;

/** Writes the key of a state, one byte per value: the cheapest text that a set can hold. */
export class KeyWriter {
  private readonly bytes = Buffer.alloc(1_024);
  private readonly sorted = Buffer.alloc(1_024);
  private readonly starts: number[] = [];
  private length = 0;
  private tick = 0;
  private offsets: Offsets = { primary: 0, dr: 0 };

  begin({ tick, offsets }: { readonly tick: number; readonly offsets: Offsets }): void {
    this.length = 0;
    this.starts.length = 0;
    this.tick = tick;
    this.offsets = offsets;
  }

  /** A whole number from 0 to 255. */
  push(value: number): void {
    this.bytes[this.length] = value;
    this.length += 1;
  }

  /**
   * A time relative to now, in milliseconds. What lies at or before `over`, in ticks from now, is the same: no comparison can
   * tell it apart any more.
   */
  time(milliseconds: number | undefined, over: number): void {
    if (milliseconds === undefined) return this.push(NEVER);
    const relative = milliseconds / TICK - this.tick;
    this.push(SHIFT + (relative < over ? over : relative));
  }

  /**
   * A record without its version, which nothing depends on but a comparison with it, and without who claimed it. A lease in a
   * register is over when the other region's clock is one tick past it.
   */
  record({ activeRegion, epoch, standing, leaseEnds, earlierEnd, lastWon }: RegisterRecord): void {
    this.push(epoch * 8 + STANDINGS[standing] * 2 + (activeRegion === 'dr' ? 1 : 0));
    this.time(leaseEnds['primary'], this.offsets.dr - 1);
    this.time(leaseEnds['dr'], this.offsets.primary - 1);
    this.time(earlierEnd, (activeRegion === 'dr' ? this.offsets.primary : this.offsets.dr) - 1);
    this.push(
      lastWon ? lastWon.epoch * 4 + (lastWon.released ? 2 : 0) + (lastWon.activeRegion === 'dr' ? 1 : 0) : NEVER,
    );
  }

  /** Begins a part of the key that is one of several alike. */
  column(): void {
    this.starts.push(this.length);
  }

  /** The key; its columns in an order that does not depend on theirs. */
  text(): string {
    const { bytes, sorted, starts, length } = this;
    const [first = length] = starts;
    starts.push(length);
    const order = starts.slice(0, -1).map((_, i) => i);
    order.sort((one, other) => this.compare(one, other));
    let to = first;
    for (let i = 0; i < first; i += 1) sorted[i] = bytes[i] ?? 0;
    for (const column of order) {
      const end = starts[column + 1] ?? length;
      for (let i = starts[column] ?? length; i < end; i += 1) sorted[to++] = bytes[i] ?? 0;
      sorted[to++] = 255;
    }
    return sorted.toString('latin1', 0, to);
  }

  private compare(one: number, other: number): number {
    const { bytes, starts } = this;
    const oneStart = starts[one] ?? 0;
    const otherStart = starts[other] ?? 0;
    const oneLength = (starts[one + 1] ?? 0) - oneStart;
    const otherLength = (starts[other + 1] ?? 0) - otherStart;
    for (let i = 0; i < oneLength && i < otherLength; i += 1) {
      const difference = (bytes[oneStart + i] ?? 0) - (bytes[otherStart + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return oneLength - otherLength;
  }
}
