import type { CommittedEffect, Facts } from './facts';
import type { Fate, Finding } from './result';
import type { Submission } from '../traffic/submission';

/** A submission is good when its effect stands so many milliseconds after it was first sent. */
export const GOOD_WITHIN_MS = 15_000;

/** What was sent later than this before the end of a run has not had its chance, in milliseconds. */
export const TOO_LATE_MS = 120_000;

/**
 * What stands so many milliseconds in the region that owns writes is told there: the patience of the sweep, that for a result on its
 * way, the queue, and the ticks between them (lambda/reconciler/unreported.ts).
 */
export const TOLD_WITHIN_MS = 180_000;

/** What became of one submission, and when its standing effect was committed. */
export interface Outcome {
  readonly submission: Submission;
  readonly fate: Fate;
  /** True time, milliseconds since 1970. */
  readonly committedAt?: number;
  /** Whether the survivor's table had it when the fault began, or as soon as it was written. */
  readonly replicated: boolean;
  /** When its item was written. True time, milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Follows every acknowledged submission to its end (design.md section 2). */
export function outcomesOf(facts: Facts): readonly Outcome[] {
  const standing = new Map<string, CommittedEffect>();
  const lost = new Set<string>();
  for (const effect of facts.committed) {
    if (effect.lost) lost.add(effect.id);
    else if (!standing.has(effect.id)) standing.set(effect.id, effect);
  }
  return facts.submissions
    .filter(({ acknowledgedAt }) => acknowledgedAt !== undefined)
    .map((submission) => outcomeOf(submission, facts, standing.get(submission.id), lost.has(submission.id)));
}

function outcomeOf(
  submission: Submission,
  { survivor, received, faultAt, endAt }: Facts,
  effect: CommittedEffect | undefined,
  hadLostCommit: boolean,
): Outcome {
  const { id, sentAt } = submission;
  const item = received.get(id);
  const reachedAt = item?.region === survivor.region ? item.at : item?.reached.get(survivor.region);
  const receivedAt = item?.at ?? sentAt;
  const replicated = reachedAt !== undefined && (reachedAt <= faultAt || (item?.at ?? 0) > faultAt);
  const verdict = survivor.verdicts.get(id);
  if (verdict === undefined || effect === undefined) {
    // Nothing is decided yet: the run has ended too soon for it, or whoever owns writes is out of reach and nobody has taken over.
    const waits = sentAt > endAt - TOO_LATE_MS || (!survivor.isReachable && item !== undefined);
    return { submission, fate: waits ? 'waiting' : 'lost', replicated, receivedAt };
  }
  const committedAt = effect.at;
  const fate = ((): Fate => {
    if (verdict === 'EXPIRED') return 'expired';
    if (hadLostCommit) return 'redone';
    if (!replicated && committedAt > faultAt) return 'late';
    return committedAt - sentAt <= GOOD_WITHIN_MS ? 'processed' : 'delayed';
  })();
  return { submission, fate, committedAt, replicated, receivedAt };
}

/** The outcomes that need a word. */
export function findingsOf(outcomes: readonly Outcome[], faultAt: number): readonly Finding[] {
  return outcomes.flatMap(({ submission, fate, replicated, receivedAt }) => {
    if (fate === 'processed' || fate === 'delayed' || fate === 'waiting') return [];
    const { id, kind } = submission;
    return [{ id, kind, fate, ageAtFault: (faultAt - receivedAt) / 1_000, replicated }];
  });
}

/**
 * Seconds from the fault to the first good effect that stays good: the first after the last submission that was not good. Zero
 * when no submission suffered, undefined when none was good again.
 */
export function recoverySeconds(facts: Facts, outcomes: readonly Outcome[]): number | undefined {
  const { faultAt, endAt, submissions } = facts;
  const byId = new Map(outcomes.map((outcome) => [outcome.submission.id, outcome]));
  // A payment that waits is posted again at the client's own pace: where there are orders, they tell the time.
  const timed = submissions.some(({ kind }) => kind === 'order') ? 'order' : 'payment';
  const judged = submissions.filter(
    ({ kind, sentAt }) => kind === timed && sentAt >= faultAt - GOOD_WITHIN_MS && sentAt <= endAt - 2 * GOOD_WITHIN_MS,
  );
  const isGood = ({ id, sentAt }: Submission): boolean => {
    const committedAt = byId.get(id)?.committedAt;
    return committedAt !== undefined && committedAt - sentAt <= GOOD_WITHIN_MS;
  };
  const lastBad = judged.findLastIndex((submission) => !isGood(submission));
  if (lastBad < 0) return 0;
  const firstGood = judged[lastBad + 1];
  const committedAt = firstGood && byId.get(firstGood.id)?.committedAt;
  return committedAt === undefined ? undefined : (committedAt - faultAt) / 1_000;
}

/**
 * Effects of acknowledged submissions of which a client hears nothing, or something else, when it asks at the end: it will take its
 * order for lost, and give it again. Where its item has never arrived, nobody knows of it, and GET says so with 404: that is the lag
 * of the tables, and comes right with the lost region.
 */
export function untoldOf(facts: Facts, outcomes: readonly Outcome[]): readonly string[] {
  const { survivor, committed, received, endAt, quietFrom } = facts;
  const last = Math.max(...committed.map(({ epoch }) => epoch));
  const opened = committed.find(({ epoch }) => epoch === last)?.at;
  if (!survivor.isReachable || opened === undefined) return [];
  return outcomes.flatMap(({ submission: { id, kind }, committedAt }) => {
    const verdict = survivor.verdicts.get(id);
    const item = received.get(id);
    const isKnown = item?.region === survivor.region || item?.reached.has(survivor.region) === true;
    if (verdict === undefined || committedAt === undefined || !isKnown) return [];
    const told = survivor.told.get(id) ?? 'RECEIVED';
    if (told === verdict || Math.max(committedAt, opened, quietFrom) > endAt - TOLD_WITHIN_MS) return [];
    return [`${kind} ${id} is ${verdict} in ${survivor.region}, and its client is told ${told}`];
  });
}

/** Effects that a handler has acknowledged, and that no database has ever committed so. */
export function unfoundedOf({ committed, acknowledged }: Facts): readonly string[] {
  const known = new Set(committed.map(({ id, epoch, writer }) => `${id} ${epoch} ${writer}`));
  return acknowledged
    .filter(({ id, epoch, region }) => !known.has(`${id} ${epoch} ${region}`))
    .map(({ id, epoch, region }) => `${id} has a result of ${region} under epoch ${epoch}, and no such commit`);
}

/**
 * Double writes (design.md section 2): acknowledged commits under an epoch at a time after the first commit under a higher one.
 * A second effect of one order in one database is impossible: the order's id is its key.
 */
export function doubleWritesOf({ committed, acknowledged }: Facts): readonly string[] {
  const firstCommit = new Map<number, number>();
  const commitAt = new Map<string, number>();
  for (const { id, epoch, writer, at } of committed) {
    if (!firstCommit.has(epoch)) firstCommit.set(epoch, at);
    commitAt.set(`${id} ${epoch} ${writer}`, at);
  }
  const epochs = [...firstCommit].sort(([one], [other]) => one - other);
  return acknowledged.flatMap(({ id, epoch, region }) => {
    const at = commitAt.get(`${id} ${epoch} ${region}`);
    if (at === undefined) return [];
    const later = epochs.find(([other, since]) => other > epoch && since < at);
    return later ? [`${id} was committed under epoch ${epoch} after epoch ${later[0]} had begun to write`] : [];
  });
}
