import type { Clock } from '../kernel/clock';

/**
 * What a region's resolver remembers of names that did not exist: a question within the zone's negative TTL (RFC 2308) gets the
 * same answer, whatever has become of the name meanwhile.
 */
export class AbsentNames {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    /** In milliseconds. */
    private readonly keptForMs: number,
  ) {}

  /** What a name leads to: asked now, unless it is remembered as absent. */
  ask<T>(name: string, lookUp: () => T | undefined): T | undefined {
    const now = this.clock.now();
    if (now < (this.until.get(name) ?? 0)) return undefined;
    const found = lookUp();
    if (found === undefined) this.until.set(name, now + this.keptForMs);
    return found;
  }
}
