import { VERDICT_FRESH_MS } from '../shared/compose-keeper';
import type { SeenRegisters } from '../shared/register-keeper';
import type { Quorum } from '../shared/register/record';
import type { SignalValues } from '../shared/signal-publisher';

/** What a heartbeat publishes about the other region is made from this. */
export interface SignalQuestion {
  readonly seen: SeenRegisters;
  readonly quorum: Quorum;
  readonly region: string;
  readonly otherRegion: string;
  /** Whether FailoverActive is due: in dr, every second time. */
  readonly trafficIsDue: boolean;
}

/** A renewal that is younger says that its sender is alive, in milliseconds. */
const RENEWAL_FRESH_MS = 20_000;

/**
 * The signals of one look at the registers. What is not known is not published: an alarm then has no data, and what that means
 * is the alarm's to say.
 */
export function signalsOf(question: SignalQuestion): SignalValues {
  const { seen, quorum, trafficIsDue } = question;
  const traffic = trafficIsDue && seen.view.known.length >= quorum.majority;
  return { ...signalsOfPeer(question), ...(traffic && { FailoverActive: seen.view.traffic.failoverActive }) };
}

function signalsOfPeer(question: SignalQuestion): SignalValues {
  const { at, view } = question.seen;
  const active = isOtherActive(question);
  if (active === undefined) return {};
  if (!active) return { ...(ownRecord(question) && { HeartbeatAgeSeconds: 0 }), ...NOTHING_WRONG };
  const { verdict, lastRenewal } = view;
  const isFresh = verdict !== undefined && at - verdict.at <= VERDICT_FRESH_MS;
  const renews = at - lastRenewal <= RENEWAL_FRESH_MS;
  const renewedAt = renewalSeenHere(question);
  return {
    ...(renewedAt !== undefined && { HeartbeatAgeSeconds: Math.max(0, at - renewedAt) / 1_000 }),
    HeartbeatUnhealthy: isFresh && !verdict.healthy ? 1 : 0,
    // A region that is silent is not unknown: silence is a signal of its own.
    HeartbeatUnknown: renews && !isFresh ? 1 : 0,
  };
}

const NOTHING_WRONG = { HeartbeatUnhealthy: 0, HeartbeatUnknown: 0 } as const;

/**
 * The register here; without a witness there is one register for both regions. Undefined when it does not answer: a region that
 * cannot read its own register knows nothing about the other region's silence.
 */
function ownRecord({ seen, quorum, region }: SignalQuestion) {
  const location = quorum.locations.includes(region) ? region : quorum.primaryRegion;
  return seen.view.known.find((reading) => reading.location === location)?.record;
}

/** By majority, or by the register here alone, so that a region that is cut off still sees the other one fall silent. */
function isOtherActive(question: SignalQuestion): boolean | undefined {
  const { ownership } = question.seen.view;
  if (ownership.kind === 'owned') return ownership.activeRegion === question.otherRegion && !ownership.released;
  const record = ownRecord(question);
  if (!record) return undefined;
  // A claim that was not won leaves the region active that was.
  if (record.standing === 'claimed') {
    return record.lastWon && record.lastWon.activeRegion === question.otherRegion && !record.lastWon.released;
  }
  return record.activeRegion === question.otherRegion && record.standing === 'won';
}

/**
 * The other region's last renewal as the register here knows it, ms since 1970. Where a claim above its epoch stands here, its
 * renewals pass this register by, and the newest one in any register counts. Undefined while there has been none: the age of
 * nothing would be an outage at every first deployment.
 */
function renewalSeenHere(question: SignalQuestion): number | undefined {
  const record = ownRecord(question);
  if (!record) return undefined;
  const isOfOther = record.standing !== 'claimed' && record.activeRegion === question.otherRegion;
  const renewedAt = isOfOther ? record.renewedAt : question.seen.view.lastRenewal;
  return renewedAt > 0 ? renewedAt : undefined;
}
