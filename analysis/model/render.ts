import type { Counterexample, Exploration } from './explorer';
import { INVARIANTS } from './invariants';

const count = (value: number): string => value.toLocaleString('en-US');

const row = (name: string, ...columns: readonly string[]): string =>
  [name.padEnd(24), ...columns.map((column) => column.padStart(12))].join('');

/** The head of the table whose rows `renderExploration` makes. */
export const TABLE_HEAD = row('configuration', 'states', 'transitions', 'depth', 'seconds');

/** One row: what an exploration came to. */
export function renderExploration(
  name: string,
  {
    states,
    transitions,
    depth,
    seconds,
  }: Pick<Exploration, 'states' | 'transitions' | 'seconds'> & { readonly depth?: number },
): string {
  return row(name, count(states), count(transitions), depth === undefined ? '' : String(depth), seconds.toFixed(1));
}

/** A counterexample for reading: what happened line by line, what is broken by it, and why that matters. */
export function renderStory({ invariant, detail, story }: Counterexample): string {
  const digits = String(story.length).length;
  const lines = story.map((line, i) => `  ${String(i + 1).padStart(digits)}. ${line}`);
  return [...lines, '', `broken: ${invariant}`, `  ${detail}`, `why it matters: ${INVARIANTS[invariant]}`].join('\n');
}
