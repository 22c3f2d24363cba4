import { GOOD_WITHIN_MS } from '../judge/fates';
import type { Submission } from './submission';

/** How often clients send, in milliseconds between two submissions. */
const HOT_MS = 1_000;
const CALM_MS = 5_000;

/** Around the fault and after the recovery, in milliseconds. */
const BEFORE_FAULT_MS = 60_000;
const AFTER_FAULT_MS = 120_000;
const AFTER_RECOVERY_MS = 60_000;

/** Sends densely where it matters: from a minute before the fault to a minute after the last submission that was not good. */
export class Pace {
  private readonly good = new Set<string>();
  private looked = 0;
  private lastBadAt = -Infinity;

  constructor(
    private readonly faultAt: number,
    private readonly submissions: readonly Submission[],
  ) {}

  /** A submission has its effect. */
  settled(id: string): void {
    this.good.add(id);
  }

  /** Milliseconds to the next submission. */
  pause(now: number): number {
    for (;;) {
      const next = this.submissions[this.looked];
      if (next === undefined || next.sentAt > now - GOOD_WITHIN_MS) break;
      if (next.kind === 'order' && next.sentAt > this.faultAt && !this.good.has(next.id)) this.lastBadAt = next.sentAt;
      this.looked += 1;
    }
    const around = now >= this.faultAt - BEFORE_FAULT_MS && now <= this.faultAt + AFTER_FAULT_MS;
    return around || now <= this.lastBadAt + AFTER_RECOVERY_MS ? HOT_MS : CALM_MS;
  }
}
