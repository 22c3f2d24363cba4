import { createHash } from 'node:crypto';
import type { Clock } from './clock';

/** One thing that happened. */
export interface TraceLine {
  /** True time, milliseconds since 1970. */
  readonly at: number;
  /** Where or in whom: `eu-central-2 failover-orchestrator`, `route53`, `fault`. */
  readonly who: string;
  readonly what: string;
}

/** Everything that happened in a run, in order: the same seed gives the same lines, byte for byte. */
export class Trace {
  readonly lines: TraceLine[] = [];

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  add(who: string, what: string): void {
    this.lines.push({ at: this.clock.now(), who, what });
  }

  /** SHA-256 of all lines. */
  digest(): string {
    const hash = createHash('sha256');
    for (const { at, who, what } of this.lines) hash.update(`${at}\t${who}\t${what}\n`);
    return hash.digest('hex');
  }
}
