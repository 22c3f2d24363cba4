import type { Verb } from '../verb';
import { abort } from './abort';
import { evidence } from './evidence';
import { failover } from './failover';
import { outputs } from './outputs';
import { resume } from './resume';
import { status } from './status';

/** Every verb, in the order of the help text. */
export const VERBS: readonly Verb[] = [status, failover, resume, abort, evidence, outputs];
