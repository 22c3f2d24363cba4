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
  private readonly marks: string[] = [];

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  add(who: string, what: string): void {
    this.lines.push({ at: this.clock.now(), who, what });
    this.mark(`${who}\t${what}`);
  }

  /** Something that nobody will read, but that must be the same in the same run: every call. */
  mark(what: string): void {
    this.marks.push(`${this.clock.now()}\t${what}\n`);
  }

  /** SHA-256 of everything that was added or marked. */
  digest(): string {
    const hash = createHash('sha256');
    for (const mark of this.marks) hash.update(mark);
    return hash.digest('hex');
  }
}
