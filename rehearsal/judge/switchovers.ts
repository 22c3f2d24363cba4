import type { AskedSwitchover } from '../faults/people';
import type { CommittedEffect, Facts } from './facts';
import { GOOD_WITHIN_MS, type Outcome, TOO_LATE_MS } from './fates';
import type { SwitchoverResult } from './result';

/** What was received this long before the request, in milliseconds, counts as touched by it. */
const BEFORE_MS = 120_000;

/** A region was asked to switch over, claimed an epoch after that, and RDS has carried the switchover out. */
export interface CarriedOut {
  readonly region: string;
  /** True time, milliseconds since 1970. */
  readonly at: number;
}

/**
 * What came of every switchover that was carried out: the last request before the region's claim is the one that was granted.
 *
 * @param carriedOut when RDS said that one was finished, by the region of the new writer.
 */
export function switchoversOf(
  facts: Facts,
  outcomes: readonly Outcome[],
  asked: readonly AskedSwitchover[],
  carriedOut: readonly CarriedOut[],
): readonly SwitchoverResult[] {
  return carriedOut.flatMap(({ region, at: finishedAt }) => {
    const claim = facts.won.findLast((won) => won.region === region && won.at <= finishedAt);
    const request = claim && asked.findLast((one) => one.region === region && one.at <= claim.at);
    return claim && request ? [switchoverOf(facts, outcomes, { region, askedAt: request.at, claim })] : [];
  });
}

interface Granted {
  readonly region: string;
  readonly askedAt: number;
  readonly claim: { readonly epoch: number; readonly at: number };
}

function switchoverOf(facts: Facts, outcomes: readonly Outcome[], granted: Granted): SwitchoverResult {
  const { region, askedAt, claim } = granted;
  const next = facts.won.find(({ epoch, region: owner }) => epoch > claim.epoch && owner !== region)?.at ?? Infinity;
  const first = facts.committed.find(({ writer, epoch }) => writer === region && epoch >= claim.epoch);
  const through = firstThrough(facts, outcomes, granted);
  const touched = (at: number): boolean => at >= askedAt - BEFORE_MS && at <= next;
  const lost = outcomes.filter(
    ({ fate, receivedAt, submission }) =>
      fate === 'lost' && touched(receivedAt) && submission.sentAt <= facts.endAt - TOO_LATE_MS,
  );
  // Of the old writer alone: what a later failover loses of the new one is not this switchover's.
  const isOlds = ({ lost: gone, writer, at }: CommittedEffect): boolean => gone && writer !== region && touched(at);
  return {
    region,
    epoch: claim.epoch,
    askedAt: (askedAt - facts.faultAt) / 1_000,
    ...(first && { pauseSeconds: (first.at - claim.at) / 1_000 }),
    ...(through !== undefined && { throughSeconds: (through - askedAt) / 1_000 }),
    lost: lost.length,
    redone: facts.committed.filter(isOlds).length,
  };
}

/** When the first order had its effect that a client sent through the new region and that had it in time. */
function firstThrough(
  { received }: Facts,
  outcomes: readonly Outcome[],
  { region, claim }: Granted,
): number | undefined {
  const good = outcomes.find(
    ({ submission: { id, kind, sentAt }, committedAt }) =>
      kind === 'order' &&
      sentAt >= claim.at &&
      received.get(id)?.region === region &&
      committedAt !== undefined &&
      committedAt - sentAt <= GOOD_WITHIN_MS,
  );
  return good?.committedAt;
}
