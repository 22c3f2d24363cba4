import type { Fate } from '../judge/result';

/** Every fate, in the order of a table. */
export const FATES: readonly Fate[] = ['processed', 'delayed', 'expired', 'redone', 'late', 'waiting', 'lost'];
