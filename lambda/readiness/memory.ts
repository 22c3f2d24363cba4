import type { LocalItem } from '../shared/local-items';
import type { Result } from './judge';

/** What is remembered of a check from one look to the next. */
export type Remembered = NonNullable<LocalItem<'readiness'>['checks']>[number];

/**
 * What to remember of each check: since when it says what it says, and when it was last ok.
 *
 * @param before what was remembered after the look before; empty after a first one.
 * @param now milliseconds since 1970.
 */
export function remember(
  results: readonly Result[],
  before: readonly Remembered[],
  now: number,
): readonly Remembered[] {
  const known = new Map(before.map((one) => [one.id, one]));
  return results.map(({ id, verdict: { state } }) => {
    const earlier = known.get(id);
    const since = earlier?.state === state ? earlier.since : now;
    const okAt = state === 'ok' ? now : earlier?.okAt;
    return { id, state, since, ...(okAt !== undefined && { okAt }) };
  });
}

/** Checks that fail and have been ok before: something got worse, whereas the others were never ready. */
export function regressionsOf(remembered: readonly Remembered[]): readonly string[] {
  return remembered.flatMap(({ id, state, okAt }) => (state === 'failed' && okAt !== undefined ? [id] : []));
}
