import type { InvariantName } from './invariants';

/** An invariant that does not hold, and what one sees of it. */
export interface Breach {
  readonly invariant: InvariantName;
  readonly detail: string;
}

/** Takes one possible next state. `say` tells the step in lines of a story, or in none, and is only called for one. */
export type Emit<S> = (next: S, say: () => string) => void;

/** What is explored: plain states, every step that is possible in one, and what must hold in each. */
export interface Model<S> {
  readonly initial: readonly S[];
  moves(state: S, emit: Emit<S>): void;
  /** Equal for states that differ in nothing that a step or an invariant can see. */
  key(state: S): string;
  breach(state: S): Breach | undefined;
  /** The state without anything that is under way: where a recovery begins. Many states have the same. */
  rest(state: S): S;
  /** What must be reached from every state, if nothing else goes wrong. */
  readonly recoveries: readonly Recovery<S>[];
}

/**
 * A fair continuation without further faults: one path, not a tree. From every state that was reached it must come to a good
 * one within `limit` rounds.
 */
export interface Recovery<S> {
  readonly name: string;
  readonly invariant: InvariantName;
  readonly limit: number;
  /** Whether it promises anything about a state at rest. */
  applies(state: S): boolean;
  round(state: S, say: (line: () => string) => void): S;
  isGood(state: S): boolean;
}

/** How an invariant was broken: the shortest way there, line by line. */
export interface Counterexample extends Breach {
  readonly story: readonly string[];
}

/** What an exploration came to. Without a counterexample it is complete: there are no other states. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Steps of the longest shortest path. */
  readonly depth: number;
  readonly seconds: number;
  readonly counterexample?: Counterexample;
}

/** What to do while exploring. */
export interface ExploreOptions {
  /** Told every `PROGRESS_EVERY` states. */
  readonly progress?: (states: number, depth: number) => void;
  /** Looks for states that are wrong, not for those from which nothing good follows. */
  readonly onlySafety?: boolean;
  /** Milliseconds of any clock. @default Node's */
  readonly clock?: () => number;
}

const PROGRESS_EVERY = 50_000;

/** How a state was reached: from which one, by which of its steps. */
interface Trail {
  readonly parents: number[];
  readonly choices: number[];
}

/** Where an exploration has ended early. */
interface Found {
  readonly breach: Breach;
  readonly at: number;
  /** What follows from the state, where that is what is wrong. */
  readonly after: readonly string[];
}

/** Explores breadth first, so that the first breach has a shortest story. */
export function explore<S>(
  model: Model<S>,
  { progress, onlySafety = false, clock = () => performance.now() }: ExploreOptions = {},
): Exploration {
  const started = clock();
  const seen = new Set<string>();
  const trail: Trail = { parents: [], choices: [] };
  const recovery = onlySafety ? () => undefined : recoveries(model);
  const outcome: { found?: Found } = {};
  const isOver = (): boolean => outcome.found !== undefined;
  let transitions = 0;
  let depth = 0;
  let level: S[] = [];
  let levelStart = 0;

  const arrive = (state: S, parent: number, choice: number, into: S[]): void => {
    const key = model.key(state);
    if (seen.has(key)) return;
    seen.add(key);
    const at = trail.parents.push(parent) - 1;
    trail.choices.push(choice);
    into.push(state);
    if (isOver()) return;
    const breach = model.breach(state);
    const stuck = breach ? undefined : recovery(state);
    if (breach) outcome.found = { breach, at, after: [] };
    else if (stuck) outcome.found = { breach: stuck, at, after: stuck.story };
    if (at % PROGRESS_EVERY === PROGRESS_EVERY - 1) progress?.(at + 1, depth);
  };

  model.initial.forEach((state, index) => arrive(state, -1, index, level));
  while (level.length > 0 && !isOver()) {
    const next: S[] = [];
    for (let i = 0; i < level.length && !isOver(); i += 1) {
      let choice = 0;
      model.moves(level[i] as S, (to) => {
        transitions += 1;
        arrive(to, levelStart + i, choice, next);
        choice += 1;
      });
    }
    levelStart += level.length;
    level = next;
    if (next.length > 0) depth += 1;
  }
  return {
    states: seen.size,
    transitions,
    depth,
    seconds: (clock() - started) / 1_000,
    ...(outcome.found && { counterexample: counterexampleOf(model, trail, outcome.found) }),
  };
}

function counterexampleOf<S>(model: Model<S>, trail: Trail, { breach, at, after }: Found): Counterexample {
  const { invariant, detail } = breach;
  return { invariant, detail, story: [...storyOf(model, trail, at), ...after] };
}

/** Walks the trail once more, this time with words. */
function storyOf<S>(model: Model<S>, { parents, choices }: Trail, at: number): readonly string[] {
  const path: number[] = [];
  for (let i = at; i >= 0; i = parents[i] ?? -1) path.unshift(choices[i] ?? 0);
  const [first = 0, ...rest] = path;
  const lines: string[] = [];
  let state = model.initial[first] as S;
  for (const wanted of rest) {
    let next = state;
    let choice = 0;
    model.moves(state, (to, say) => {
      if (choice === wanted) {
        next = to;
        lines.push(...linesOf(say()));
      }
      choice += 1;
    });
    state = next;
  }
  return lines;
}

/** Time that passes is no line: every line says when it is. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Follows every recovery from a state; many states come to the same path, so what is known to end well is kept. */
function recoveries<S>(model: Model<S>): (state: S) => Counterexample | undefined {
  const begun = new Set<string>();
  const known = model.recoveries.map((recovery) => ({ recovery, rounds: new Map<string, number>() }));
  return (reached) => {
    if (known.length === 0) return undefined;
    const rest = model.rest(reached);
    const restKey = model.key(rest);
    if (begun.has(restKey)) return undefined;
    begun.add(restKey);
    for (const { recovery, rounds } of known) {
      if (recovery.applies(rest) && !endsWell(model, recovery, rest, rounds)) return tooLong(recovery, rest);
    }
    return undefined;
  };
}

function endsWell<S>(model: Model<S>, recovery: Recovery<S>, rest: S, rounds: Map<string, number>): boolean {
  const path: string[] = [];
  let state = rest;
  for (;;) {
    const key = model.key(state);
    const left = rounds.get(key) ?? (recovery.isGood(state) ? 0 : undefined);
    if (left !== undefined) {
      for (const [i, passed] of path.entries()) rounds.set(passed, left + path.length - i);
      return left + path.length <= recovery.limit;
    }
    path.push(key);
    if (path.length > recovery.limit) return false;
    state = recovery.round(state, () => undefined);
  }
}

/** More lines of it would only say the same again. */
const ENOUGH_LINES = 40;

function tooLong<S>(recovery: Recovery<S>, rest: S): Counterexample {
  const story = [`from here on nothing else goes wrong (${recovery.name}):`];
  let state = rest;
  for (let i = 0; i < recovery.limit && story.length < ENOUGH_LINES; i += 1) {
    state = recovery.round(state, (line) => story.push(...linesOf(line())));
  }
  if (story.length >= ENOUGH_LINES) story.splice(ENOUGH_LINES, Infinity, 'and so on');
  return {
    invariant: recovery.invariant,
    detail: `${recovery.limit} rounds later it is not so yet (${recovery.name})`,
    story,
  };
}
