import { within } from '../shared/deadline';
import { describeError } from '../shared/errors';

/** What a question gave: a failure is a value with its reason, so that nobody takes silence for an answer. */
export type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Asks within a time of its own, in milliseconds; never rejects. */
export async function answered<T>(
  limitMs: number,
  what: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<Answered<T>> {
  try {
    return { ok: true, value: await within(limitMs, what, ask) };
  } catch (error) {
    return { ok: false, why: describeError(error) };
  }
}
