import type { Verb } from '../verb';
import { failover } from './failover';
import { outputs } from './outputs';

/** Every verb, in the order of the help text. */
export const VERBS: readonly Verb[] = [outputs, failover];
