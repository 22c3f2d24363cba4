import type { Verb } from '../verb';
import { abort } from './abort';
import { drill } from './drill';
import { evidence } from './evidence';
import { failover } from './failover';
import { freeze, unfreeze } from './freeze';
import { outputs } from './outputs';
import { preDestroy } from './pre-destroy';
import { preflight } from './preflight';
import { reconcile } from './reconcile';
import { resume } from './resume';
import { status } from './status';
import { failback, switchover } from './switchover';

/** Every verb, in the order of the help text. */
export const VERBS: readonly Verb[] = [
  status,
  failover,
  switchover,
  failback,
  resume,
  abort,
  reconcile,
  freeze,
  unfreeze,
  drill,
  evidence,
  preflight,
  outputs,
  preDestroy,
];
