import { assumed, ASSUMPTIONS } from './assumptions';
import type { AssumptionId } from './assumptions';
import { declaredBy } from './handlers';
import type { HandlerConstant } from './handlers';
import type { Fact } from './resources';
import type { Origin, Range, Term } from './types';

/** The same in every case. */
export function exactly(seconds: number): Range {
  return { best: seconds, expected: seconds, worst: seconds };
}

/** Waiting for the next of something that comes at intervals: nothing, half of one, or a whole one. */
export function upTo(seconds: number): Range {
  return { best: 0, expected: seconds / 2, worst: seconds };
}

export function range(best: number, expected: number, worst: number): Range {
  return { best, expected, worst };
}

export function plus(one: Range, other: Range): Range {
  return { best: one.best + other.best, expected: one.expected + other.expected, worst: one.worst + other.worst };
}

export function term(says: string, seconds: Range, ...origins: readonly (Origin | Fact)[]): Term {
  return { says, seconds, origins: origins.map((one) => ('origin' in one ? one.origin : one)) };
}

/** An assumption as a term of its own. */
export function assumption(id: AssumptionId, ...also: readonly (Origin | Fact)[]): Term {
  const { says, seconds } = ASSUMPTIONS[id];
  return term(says, seconds, assumed(id), ...also);
}

/** An assumption whose worst case a handler bounds by its own patience. */
export function bounded(id: AssumptionId, limit: HandlerConstant): Term {
  const { says, seconds } = ASSUMPTIONS[id];
  return term(says, { ...seconds, worst: limit.seconds }, assumed(id), declaredBy(limit));
}
