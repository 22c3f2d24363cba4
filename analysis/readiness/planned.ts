import type { Fact } from '../../lambda/readiness/facts';

/** What stands for a state that only a deployed resource has; no check that runs on the graph looks at it. */
export const PLANNED = 'planned';

/** A fact of the graph is always known: the program says it. */
export const fact = <T>(value: T): Fact<T> => ({ known: true, value });
