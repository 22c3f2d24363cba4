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
  private readonly hash = createHash('sha256');
  private marks = '';

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  add(who: string, what: string): void {
    this.lines.push({ at: this.clock.now(), who, what });
    this.mark(`${who}\t${what}`);
  }

  /** Something that nobody will read, but that must be the same in the same run: every call. */
  mark(what: string): void {
    this.marks += `${this.clock.now()}\t${what}\n`;
    if (this.marks.length < HASHED_AT_ONCE) return;
    this.hash.update(this.marks);
    this.marks = '';
  }

  /** SHA-256 of everything that was added or marked. */
  digest(): string {
    return this.hash.copy().update(this.marks).digest('hex');
  }
}

/** Characters: a hash is quick with much at once. */
const HASHED_AT_ONCE = 65_536;
