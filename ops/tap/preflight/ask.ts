import type { Fact } from '../../../analysis/readiness/readiness';
import { within } from '../../../lambda/shared/deadline';
import { explain, type Explained } from '../errors';

/** One question to AWS. */
export interface Question<T> {
  /** The region that is asked. */
  readonly region: string;
  /** IAM action that it takes: what to allow, should it be refused. */
  readonly right: string;
  readonly ask: () => Promise<T>;
}

/** Asks, and never rejects. */
export type Ask = <T>(question: Question<T>) => Promise<Fact<T>>;

/** Asks one region no more than this at once: enough for two rounds in a region that is lost, below every API's own throttle. */
const AT_ONCE = 10;

/**
 * Asks side by side, within a time for all of it.
 *
 * @param limitMs milliseconds from now for everything that is asked.
 * @param closed regions that the account has not enabled: they refuse everything, and are not asked.
 */
export function createAsk(limitMs: number, now: () => number, closed: ReadonlySet<string> = new Set()): Ask {
  const end = now() + limitMs;
  const slots = new Map<string, Slots>();
  return async ({ region, right, ask }) => {
    if (closed.has(region)) return { known: false, why: `${region} is not enabled` };
    const own = slots.get(region) ?? new Slots(AT_ONCE);
    slots.set(region, own);
    await own.take();
    try {
      return { known: true, value: await within(end - now(), right, ask) };
    } catch (error) {
      return { known: false, why: `${region}: ${whyNot(error, right)}` };
    } finally {
      own.give();
    }
  };
}

/** Why something could not be asked, in one line; what is not allowed names the right that is missing. */
export function whyNot(error: unknown, right: string): string {
  const { kind, says } = explain(error);
  if (kind === 'denied') return `not allowed: it takes the right ${right}`;
  return kind === 'other' ? `${right}: ${says}` : `${right}: ${says.replace(/^./, (letter) => letter.toLowerCase())}`;
}

/** The answer of whichever place answers first: each of them would say the same. Rejects with the most telling error. */
export async function firstOf<T>(regions: readonly string[], ask: (region: string) => Promise<T>): Promise<T> {
  try {
    return await Promise.any([...new Set(regions)].map(ask));
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    // A region that is lost says less than one that answers.
    throw errors.find((one) => explain(one).kind !== ('silent' satisfies Explained['kind'])) ?? errors[0];
  }
}

/** So many at a time, in the order in which they came. */
class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  take(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
