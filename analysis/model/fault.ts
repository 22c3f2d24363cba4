import type { InvariantName } from './invariants';
import { type Habits, type Protocol, REAL } from './protocol';

/** A mistake that somebody could make, and what the model has to say about it. */
export interface Fault {
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly about: string;
  readonly protocol: Protocol;
  /** Which invariant does not survive it. */
  readonly breaks: InvariantName;
  /** The configuration that finds it at small bounds. */
  readonly foundIn: string;
}

/** A product with one function or habit replaced. */
export function faulty({
  habits,
  ...functions
}: Partial<Omit<Protocol, 'habits'>> & { readonly habits?: Partial<Habits> }): Protocol {
  return { ...REAL, ...functions, habits: { ...REAL.habits, ...habits } };
}
