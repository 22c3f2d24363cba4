import type { LeaseReading } from '../may-write';
import type { RegisterView } from './protocol';
import { isWritable, type SelfVerdict } from './record';
import { inWords } from '../time-words';

/** What a heartbeat of one region looks at. Times in milliseconds. */
export interface HeartbeatQuestion {
  readonly region: string;
  readonly view: RegisterView;
  readonly now: number;
  /** This region's verdict about itself, if there is one that is not too old. */
  readonly verdict: SelfVerdict | undefined;
  /** From 0 to below 1: the random back-off. Two regions that both claim back every time would never come to an end. */
  readonly dice: number;
}

/** What a heartbeat does to the registers. */
export type HeartbeatDecision =
  | { readonly kind: 'renew'; readonly epoch: number }
  /** Take the next epoch: this region is active and somebody has begun a claim, or the other one has released. */
  | { readonly kind: 'claim'; readonly why: string }
  | { readonly kind: 'stand-by'; readonly activeRegion: string; readonly epoch: number }
  | { readonly kind: 'unknown'; readonly why: string };

/** How often a contested owner claims back instead of renewing. */
const CLAIM_BACK_BELOW = 0.5;

/** Decides what the heartbeat of one region does. Not knowing is never a reason to write. */
export function decideHeartbeat({ region, view, verdict, dice }: HeartbeatQuestion): HeartbeatDecision {
  const { ownership } = view;
  if (ownership.kind === 'unknown') return { kind: 'unknown', why: ownership.why };
  const { activeRegion, epoch, released, contestedBy } = ownership;
  if (activeRegion === region) {
    // A region that gave its epoch back must not keep it alive: nobody could take it.
    if (released) return { kind: 'stand-by', activeRegion, epoch };
    if (contestedBy !== undefined && dice < CLAIM_BACK_BELOW) {
      return { kind: 'claim', why: `epoch ${contestedBy} was claimed and not won` };
    }
    return { kind: 'renew', epoch };
  }
  if (released && isWritable(verdict)) return { kind: 'claim', why: `${activeRegion} released epoch ${epoch}` };
  return { kind: 'stand-by', activeRegion, epoch };
}

/** What a heartbeat writes for the functions of its region to read. */
export type LocalDecision =
  | { readonly kind: 'write'; readonly activeRegion: string; readonly epoch: number; readonly leaseEnd: number }
  | { readonly kind: 'keep'; readonly why: string };

/** What the local decision is made from. Times in milliseconds since 1970. */
export interface LocalQuestion {
  readonly region: string;
  /** A renewal that a majority has confirmed: until when, and from when this region may commit. */
  readonly renewed: { readonly epoch: number; readonly leaseEnd: number; readonly openFrom: number };
  readonly local: LeaseReading;
  readonly verdict: SelfVerdict | undefined;
  readonly now: number;
}

/**
 * Whether a renewed lease is opened for this region's functions: only after every lease of the other region is over, and only
 * where they would find a database that takes writes. Once open it stays open by renewals alone.
 */
export function decideLocal({ region, renewed, local, verdict, now }: LocalQuestion): LocalDecision {
  const { epoch, leaseEnd } = renewed;
  if (now < renewed.openFrom)
    return { kind: 'keep', why: `the other region may write for another ${inWords(renewed.openFrom - now)}` };
  const open = local.known && local.lease.activeRegion === region;
  if (!open && !isWritable(verdict)) return { kind: 'keep', why: 'the database here is not known to take writes yet' };
  return { kind: 'write', activeRegion: region, epoch, leaseEnd };
}
