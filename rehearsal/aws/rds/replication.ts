import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';

/** What Aurora has last calculated about a follower. */
export interface LagSample {
  readonly rpoLagMs: number;
  /** Milliseconds since 1970. */
  readonly calculatedAt: number;
}

/**
 * How far a follower has come: everything that was committed up to its horizon is there, nothing that came later. The
 * horizon follows true time at a lag that changes each second, and stands still while anything holds it.
 */
export class Replication {
  private lag: Range;
  private current: number;
  /** The horizon never goes back, also when the lag grows. */
  private floor: number;
  private calculatedAt: number;
  private sample: LagSample;
  private readonly holds = new Set<string>();
  private heldSince = 0;

  /** @param everyMs how often the lag changes and is calculated. */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    lag: Range,
    private readonly everyMs: number,
  ) {
    this.lag = lag;
    this.current = random.between(lag);
    const now = clock.now();
    this.calculatedAt = now - random.next() * everyMs;
    this.floor = this.calculatedAt - this.current;
    this.sample = { rpoLagMs: this.current, calculatedAt: this.calculatedAt };
  }

  /** Milliseconds since 1970. */
  horizon(): number {
    const now = this.advance();
    this.floor = Math.max(this.floor, now - this.current);
    return this.floor;
  }

  /** What was last calculated; old when nothing comes any more. */
  status(): LagSample {
    this.advance();
    return this.sample;
  }

  setLag(lag: Range): void {
    this.horizon();
    this.lag = lag;
    this.current = this.random.between(lag);
  }

  /** Nothing comes any more, for one reason or for several. */
  hold(reason: string): void {
    this.horizon();
    if (this.holds.size === 0) this.heldSince = this.clock.now();
    this.holds.add(reason);
  }

  /** What has not been lost meanwhile comes at once. */
  release(reason: string): void {
    if (!this.holds.delete(reason) || this.holds.size > 0) return;
    const now = this.clock.now();
    const missed = Math.ceil((now - this.calculatedAt) / this.everyMs);
    this.calculatedAt += Math.max(missed - 1, 0) * this.everyMs;
  }

  /** The time up to which anything comes; calculates what is due. */
  private advance(): number {
    const now = this.holds.size > 0 ? this.heldSince : this.clock.now();
    while (this.calculatedAt + this.everyMs <= now) {
      this.calculatedAt += this.everyMs;
      this.floor = Math.max(this.floor, this.calculatedAt - this.current);
      this.sample = { rpoLagMs: this.calculatedAt - this.floor, calculatedAt: this.calculatedAt };
      this.current = this.random.between(this.lag);
    }
    return now;
  }
}
