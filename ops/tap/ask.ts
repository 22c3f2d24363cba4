import { type Answered, answered } from '../../lambda/failover-orchestrator/answered';
import { type Credentials, explain } from './errors';

/** An answer, or in one line why there is none. */
export type Part<T> = Answered<T>;

/**
 * Asks within a time of its own and never throws: a screen of many parts shows what it could read, and says of the others why
 * not.
 *
 * @param limitMs milliseconds for all attempts.
 * @param needed whose credentials it takes.
 */
export async function part<T>(
  limitMs: number,
  what: string,
  ask: () => Promise<T>,
  needed: Credentials = 'operator',
): Promise<Part<T>> {
  let why: string | undefined;
  const found = await answered(limitMs, what, () =>
    ask().catch((error: unknown) => {
      why = explain(error, needed).says;
      throw error;
    }),
  );
  if (found.ok) return found;
  return { ok: false, why: why ?? `no answer within ${limitMs / 1_000} s` };
}
