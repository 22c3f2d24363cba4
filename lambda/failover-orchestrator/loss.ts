import { isWritable, type SelfVerdict } from '../shared/register/record';
import type { Evidence, GuardPolicy, Trigger } from './guards';

/** What a failover would lose, in milliseconds of acknowledged commits, and when the fault began. */
export type LossEstimate =
  | {
      readonly known: true;
      readonly lossMs: number;
      readonly faultAt: number;
      /** How old the sample is that it is counted from, in milliseconds. */
      readonly sampleAgeMs: number;
    }
  | { readonly known: false; readonly why: string; readonly faultAt?: number };

/**
 * From the last moment at which the other region may have committed to the last one whose commits have arrived here. A region
 * whose database takes no writes renews on, so the last good moment of that database counts instead. A sample of the lag is a
 * sign of life itself: the loss is never less than the lag that it tells. However old it is, nothing has arrived since, so
 * everything is counted from it.
 *
 * @param trigger an operator may leave a region that works: what it commits until now is lost too.
 */
export function estimateLoss(
  evidence: Evidence,
  policy: Pick<GuardPolicy, 'region' | 'verdictMs' | 'freshMs'>,
  trigger: Trigger,
): LossEstimate {
  const { register: found, firstFailedProbe, lag, at } = evidence;
  if (!found.known) return { known: false, why: found.why };
  if (isOwn(found, policy)) {
    // Its own renewals are the ones that are seen now, and say nothing of the other region's last commits.
    return {
      known: false,
      why: 'this region owns the epoch already',
      ...(firstFailedProbe && { faultAt: firstFailedProbe }),
    };
  }
  // What this region has given back it had renewed itself: the other one's last sign is the end of its lease.
  const isGivenBack = found.activeRegion === policy.region;
  const verdict = isGivenBack ? undefined : found.verdict;
  const broken = verdict !== undefined && isFresh(verdict, at, policy) && !isWritable(verdict);
  const lastRenewal = isGivenBack ? Math.min(found.otherLeaseEnd ?? at, at) : found.lastRenewal;
  const lastSign = broken ? verdict.writableAt : lastRenewal;
  const faultAt = Math.max(firstFailedProbe ?? 0, lastSign);
  if (faultAt === 0) return { known: false, why: 'there has been neither a renewal nor a failed probe' };
  if (!lag.known) return { known: false, why: lag.why, faultAt };
  const { calculatedAt, lagMs } = lag.sample;
  const writesOn = trigger.kind === 'operator' && !broken && !isGivenBack && at - lastRenewal <= policy.freshMs;
  const until = Math.max(faultAt, calculatedAt, writesOn ? at : 0);
  return { known: true, lossMs: until - (calculatedAt - lagMs), faultAt, sampleAgeMs: Math.max(0, at - calculatedAt) };
}

/** The registers, as a majority of them tells. */
type KnownRegister = Extract<Evidence['register'], { known: true }>;

/** Whether this region owns the epoch, and has not given it back. */
export function isOwn({ activeRegion, released }: KnownRegister, { region }: Pick<GuardPolicy, 'region'>): boolean {
  return activeRegion === region && !released;
}

/** Whether a verdict is young enough to say something. */
export function isFresh(
  verdict: SelfVerdict | undefined,
  at: number,
  { verdictMs }: Pick<GuardPolicy, 'verdictMs'>,
): boolean {
  return verdict !== undefined && at - verdict.at <= verdictMs;
}

/** Whether the active region says of itself, lately, that it is not healthy. */
export function saysUnhealthy(
  found: SelfVerdict | undefined,
  at: number,
  policy: Pick<GuardPolicy, 'verdictMs'>,
): boolean {
  return found !== undefined && !found.healthy && isFresh(found, at, policy);
}
