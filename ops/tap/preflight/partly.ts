import type { Fact } from '../../../analysis/readiness/readiness';

/**
 * What was asked of several regions: `seen` has the answers that came, `sure` is known only when all came. What is wrong in one
 * region is certain whether or not the other one answers; that all is well is not.
 */
export interface Partly<T> {
  readonly seen: Fact<T>;
  readonly sure: Fact<T>;
}

export type ByRegion<T> = Readonly<Record<string, T>>;

/** Something that only one place is asked. */
export const whole = <T>(fact: Fact<T>): Partly<T> => ({ seen: fact, sure: fact });

/** Asks every region the same. */
export async function inEach<T>(
  regions: readonly string[],
  ask: (region: string) => Promise<Fact<T>>,
): Promise<Partly<ByRegion<T>>> {
  const answers = await Promise.all(regions.map(async (region) => ({ region, fact: await ask(region) })));
  const values = Object.fromEntries(
    answers.flatMap(({ region, fact }): [string, T][] => (fact.known ? [[region, fact.value]] : [])),
  );
  return partly(
    values,
    answers.flatMap(({ fact }) => (fact.known ? [] : [fact.why])),
  );
}

/** The same answers, as something else. */
export function mapped<T, U>({ seen, sure }: Partly<T>, form: (value: T) => U): Partly<U> {
  const one = (fact: Fact<T>): Fact<U> => (fact.known ? { known: true, value: form(fact.value) } : fact);
  return { seen: one(seen), sure: one(sure) };
}

/** @param gaps why some did not answer. */
export function partly<T>(value: T, gaps: readonly string[]): Partly<T> {
  const seen = { known: true, value } as const;
  return { seen, sure: gaps.length === 0 ? seen : { known: false, why: gaps.join('; ') } };
}
