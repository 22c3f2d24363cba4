import { MEASURES } from './types';
import type { Measure, PathTerm, Range, Step, Term } from './types';

/** When a step has happened, and after which one. */
interface Reached {
  readonly at: number;
  readonly step: Step;
  readonly from: Reached | undefined;
}

/** A DAG, walked once per figure. */
export interface Walked<M extends Measure> {
  readonly at: (step: string) => Pick<Range, M>;
  readonly path: (step: string, measure: M) => readonly PathTerm[];
}

/**
 * When every step happens, in seconds after the fault. A step that joins `all` waits for the last of those before it, one that
 * joins `first` for the first: so a longer term never makes anything happen sooner.
 *
 * @param steps in an order in which each stands after those it names.
 * @throws Error for a step that names one that does not stand before it.
 */
export function walk(steps: readonly Step[]): Walked<Measure>;
export function walk<M extends Measure>(steps: readonly Step[], measures: readonly M[]): Walked<M>;
export function walk(steps: readonly Step[], measures: readonly Measure[] = MEASURES): Walked<Measure> {
  const reached = new Map(measures.map((measure) => [measure, walkOnce(steps, measure)]));
  const find = (step: string, measure: Measure): Reached | undefined => {
    const found = reached.get(measure)?.get(step);
    if (!found && reached.has(measure)) throw new Error(`the budget has no step ${step}`);
    return found;
  };
  const at = (step: string, measure: Measure): number => find(step, measure)?.at ?? NaN;
  return {
    at: (step) => ({ best: at(step, 'best'), expected: at(step, 'expected'), worst: at(step, 'worst') }),
    path: (step, measure) => pathTo(find(step, measure)),
  };
}

function walkOnce(steps: readonly Step[], measure: Measure): ReadonlyMap<string, Reached> {
  const reached = new Map<string, Reached>();
  const left = new Set<string>();
  for (const step of steps) {
    if (step.onlyBest === true && measure !== 'best') {
      left.add(step.id);
      continue;
    }
    const before = step.after.flatMap((id) => {
      const found = reached.get(id);
      if (!found && !left.has(id))
        throw new Error(`the step ${step.id} comes after ${id}, which does not stand before it`);
      return found ?? [];
    });
    // Waiting for something that never happens is for ever; the first of several happens as long as one does.
    const isNever = step.join === 'first' ? before.length === 0 : before.length < step.after.length;
    if (step.after.length > 0 && isNever) {
      left.add(step.id);
      continue;
    }
    const from = before.reduce<Reached | undefined>(
      (chosen, one) => (isBetter(one, chosen, step) ? one : chosen),
      undefined,
    );
    reached.set(step.id, { at: (from?.at ?? 0) + sum(step.terms, measure), step, from });
  }
  return reached;
}

function pathTo(reached: Reached | undefined): readonly PathTerm[] {
  if (!reached) return [];
  const { step, from } = reached;
  return [...pathTo(from), ...step.terms.map((term) => ({ ...term, step: step.id }))];
}

function isBetter(one: Reached, chosen: Reached | undefined, { join = 'all' }: Step): boolean {
  if (!chosen) return true;
  return join === 'all' ? one.at > chosen.at : one.at < chosen.at;
}

/** What some terms take one after the other, in seconds. */
export function sum(terms: readonly Term[], measure: Measure): number {
  return terms.reduce((total, { seconds }) => total + seconds[measure], 0);
}
