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
  private readonly waiting = new Set<Waiting>();
  private readonly counts = new Map<string, number>();

  add(crash: PlannedCrash): () => void {
    const one = { crash, seen: 0 };
    this.waiting.add(one);
    return () => void this.waiting.delete(one);
  }

  /** How many messages of one kind a function of a region has sent or heard. */
  count(region: string, name: string, crossing: Crossing): number {
    return this.counts.get(`${region} ${name} ${crossing}`) ?? 0;
  }

  readonly plan: CrashPlan = ({ region, name }, crossing) => {
    const key = `${region} ${name} ${crossing}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    for (const one of this.waiting) {
      const { crash } = one;
      if (crash.region !== region || crash.name !== name || crash.crossing !== crossing) continue;
      one.seen += 1;
      if (one.seen !== crash.number) continue;
      this.waiting.delete(one);
      return true;
    }
    return false;
  };
}
