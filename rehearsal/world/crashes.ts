import type { CrashPlan, Crossing } from '../runtime/container';

/** One crash that is planned: a function dies at the n-th message that it sends, or hears, from now on. */
export interface PlannedCrash {
  readonly region: string;
  /** The function's physical name. */
  readonly name: string;
  readonly crossing: Crossing;
  readonly number: number;
}

interface Waiting {
  readonly crash: PlannedCrash;
  seen: number;
}

/** The crashes of a run, and how many messages crossed the border of an environment: every await that anything can come from. */
export class Crashes {
  /** Planned crashes that have come: the others wait for a message that was never sent. */
  happened = 0;
  private readonly waiting = new Set<Waiting>();
  /** By region and name: every message is counted, so no key is put together for it. */
  private readonly counts = new Map<string, Map<string, Record<Crossing, number>>>();

  add(crash: PlannedCrash): () => void {
    const one = { crash, seen: 0 };
    this.waiting.add(one);
    return () => void this.waiting.delete(one);
  }

  /** How many messages of one kind a function of a region has sent or heard. */
  count(region: string, name: string, crossing: Crossing): number {
    return this.counts.get(region)?.get(name)?.[crossing] ?? 0;
  }

  readonly plan: CrashPlan = ({ region, name }, crossing) => {
    this.countsOf(region, name)[crossing] += 1;
    if (this.waiting.size === 0) return false;
    for (const one of this.waiting) {
      const { crash } = one;
      if (crash.region !== region || crash.name !== name || crash.crossing !== crossing) continue;
      one.seen += 1;
      if (one.seen !== crash.number) continue;
      this.waiting.delete(one);
      this.happened += 1;
      return true;
    }
    return false;
  };

  private countsOf(region: string, name: string): Record<Crossing, number> {
    let ofRegion = this.counts.get(region);
    if (ofRegion === undefined) this.counts.set(region, (ofRegion = new Map<string, Record<Crossing, number>>()));
    let counts = ofRegion.get(name);
    if (counts === undefined) ofRegion.set(name, (counts = { sends: 0, hears: 0 }));
    return counts;
  }
}
