import type { RegisterView } from './protocol';

/** What became of something done under an epoch. `lost`: the registers name another owner, and nothing more may be done. */
export type UnderEpoch = { readonly kind: 'done' | 'pending' | 'lost'; readonly detail: string };

/** It is done. */
export function done(detail: string): UnderEpoch {
  return { kind: 'done', detail };
}

/** Not yet: it may be tried again. */
export function pending(detail: string): UnderEpoch {
  return { kind: 'pending', detail };
}

/**
 * The epoch under which this region may go on with what it began under an earlier one, or why it may not. A higher epoch of its
 * own counts: its heartbeat takes one when somebody contests, and the work goes on under that.
 */
export function ownedBy({ ownership }: RegisterView, region: string, epoch: number): number | UnderEpoch {
  if (ownership.kind === 'unknown') return pending(ownership.why);
  if (ownership.activeRegion === region && ownership.epoch >= epoch && !ownership.released) return ownership.epoch;
  const released = ownership.released ? ', released' : '';
  return { kind: 'lost', detail: `${ownership.activeRegion} owns epoch ${ownership.epoch}${released}` };
}

/** The epoch that this claim has won, if it still counts: above one that is contested, a new one has to be claimed. */
export function wonUnder({ ownership, known }: RegisterView, region: string, claimId: string): number | undefined {
  if (ownership.kind === 'unknown' || ownership.activeRegion !== region || ownership.released) return undefined;
  if (ownership.contestedBy !== undefined) return undefined;
  const { epoch } = ownership;
  return known.some(({ record }) => record.epoch === epoch && record.claimId === claimId) ? epoch : undefined;
}
