import type { RegisterView } from '../shared/register/protocol';
import type { UnderEpoch } from '../shared/register/under-epoch';
import type { StepResult } from './run';

/** Why nothing may be done under an epoch now, as a step's result; undefined while the registers name this region. */
export function notOurs({ ownership }: RegisterView, region: string, epoch: number): StepResult | undefined {
  // Not knowing is no reason to give up, and none to act.
  if (ownership.kind === 'unknown') return { kind: 'pending', detail: ownership.why };
  // A higher epoch of our own is ours: the heartbeat here takes one when somebody contests.
  if (ownership.activeRegion === region && ownership.epoch >= epoch && !ownership.released) return undefined;
  return { kind: 'lost-epoch', detail: `${ownership.activeRegion} owns epoch ${ownership.epoch}` };
}

/** What became of something done under an epoch, as a step's result. */
export function underEpoch({ kind, detail }: UnderEpoch): StepResult {
  return kind === 'lost' ? { kind: 'lost-epoch', detail } : { kind, detail };
}
