import { isWritable, type SelfVerdict } from '../shared/register/record';
import { inWords, secondsOfLoss } from '../shared/time-words';
import type { VantageWord } from '../shared/vantage';
import { estimateLoss, isFresh, isOwn, saysUnhealthy } from './loss';
import type { RunKind } from './plan';
import { judgeSwitchover, type SwitchoverEvidence } from './switchover-guards';

/** Who or what asks for a run; a switchover is always an operator's. */
export type Trigger =
  /** The composite alarm, or the reconciler offering it again. */
  { readonly kind: 'alarm' } | { readonly kind: 'operator'; readonly who: string; readonly force: boolean };

/** A sample of the replication lag, asked of the monitor now. Milliseconds. */
export interface LagSample {
  /** When the database calculated it; it stands still once nothing arrives any more. */
  readonly calculatedAt: number;
  readonly lagMs: number;
}

/** What a run knows before it decides; every source that did not answer says so. Times in milliseconds since 1970. */
export interface Evidence {
  readonly at: number;
  readonly alarm: 'red' | 'not-red' | 'unknown';
  /** Names the time since the alarm turned red. */
  readonly episode: string;
  readonly maintenance: boolean;
  /** The alarm of the other region's own verdict is red: it has said for as long as that alarm asks that it does not work. */
  readonly unhealthyForLong: boolean;
  readonly witnessAnswers: boolean;
  /** What Route 53's checkers say of the other region. */
  readonly vantage: VantageWord;
  readonly register:
    | { readonly known: false; readonly why: string }
    | {
        readonly known: true;
        readonly activeRegion: string;
        readonly epoch: number;
        readonly released: boolean;
        /** The active region's newest renewal in any register. */
        readonly lastRenewal: number;
        readonly verdict?: SelfVerdict;
        /** A higher epoch that somebody has claimed and is not known to have won. */
        readonly contestedBy?: number;
        /** Until when the other region may have written under an epoch of its own. */
        readonly otherLeaseEnd?: number;
      };
  readonly firstFailedProbe?: number;
  readonly lag: { readonly known: true; readonly sample: LagSample } | { readonly known: false; readonly why: string };
  /** What would make a promotion impossible. */
  readonly readiness:
    | {
        readonly known: true;
        readonly blockers: readonly string[];
        /** When the readiness checks have last said so; absent when only RDS was asked. */
        readonly checkedAt?: number;
      }
    | { readonly known: false; readonly why: string };
  /** When the last failover to this region ended. */
  readonly lastFailoverAt?: number;
  /** What only a switchover asks. */
  readonly switchover?: SwitchoverEvidence;
}

/** What the guards go by. Times in milliseconds. */
export interface GuardPolicy {
  readonly region: string;
  readonly mode: 'automatic' | 'alert-only';
  readonly rpoMs: number;
  /** After a failover, no second one starts by itself for this long. */
  readonly cooldownMs: number;
  /** A renewal or a verdict that is younger says that its sender is alive. */
  readonly freshMs: number;
  /** A verdict older than this says nothing. */
  readonly verdictMs: number;
  /** A sample of the lag older than this is not of this moment, and a person is told so; as the check `replication-lag-fresh`. */
  readonly lagOldMs: number;
  /** Of a switchover: the greatest replication lag to begin with. */
  readonly lagMs: number;
  /** Of a switchover: how long this region must have been healthy without a break. */
  readonly healthyForMs: number;
  /** Of a switchover: how long after the active region changed it may change again on purpose. */
  readonly settleMs: number;
  /** Of a switchover: how young an order may be whose effect is not known yet. */
  readonly sweptWithinMs: number;
}

/** What one guard says. `ask-again`: perhaps in a few seconds; `person`: only if somebody accepts it. */
export interface GuardVerdict {
  readonly guard: GuardName;
  readonly says: 'yes' | 'ask-again' | 'person' | 'no';
  readonly why: string;
}

export type GuardName =
  | 'mode'
  | 'maintenance'
  | 'alarm'
  | 'register'
  | 'cooldown'
  | 'isolation'
  | 'readiness'
  | 'loss'
  | 'other-region'
  | 'other-run'
  | 'follower'
  | 'lag'
  | 'health'
  | 'reconciled';

/** What a person has taken upon themselves. */
export interface Acceptance {
  readonly who: string;
  /** The greatest loss in milliseconds; Infinity also accepts one that nobody knows. */
  readonly lossMs: number;
}

/** Everything that one decision is made from. */
export interface GuardQuestion {
  /** @default a failover */
  readonly kind?: RunKind;
  readonly trigger: Trigger;
  readonly evidence: Evidence;
  readonly policy: GuardPolicy;
  readonly accepted?: Acceptance;
}

/** All guards, each by itself: an operator sees every reason at once. */
export function judge(question: GuardQuestion): readonly GuardVerdict[] {
  if (question.kind === 'switchover') return judgeSwitchover(question);
  return [mode, maintenance, alarm, register, cooldown, isolation, readiness, loss].map((guard) => guard(question));
}

/** What all guards say together: the worst of them. */
export function together(verdicts: readonly GuardVerdict[]): GuardVerdict['says'] {
  const order = ['no', 'ask-again', 'person'] as const;
  return order.find((says) => verdicts.some((verdict) => verdict.says === says)) ?? 'yes';
}

function mode({ trigger, policy }: GuardQuestion): GuardVerdict {
  if (trigger.kind === 'operator') return says('mode', 'yes', `${trigger.who} asks for it`);
  if (policy.mode === 'automatic') return says('mode', 'yes', 'failoverMode is automatic');
  return says('mode', 'no', 'failoverMode is alert-only: an operator has to start the failover');
}

function maintenance({ trigger, evidence }: GuardQuestion): GuardVerdict {
  if (trigger.kind === 'operator' || !evidence.maintenance) return says('maintenance', 'yes', 'none announced');
  return says('maintenance', 'no', 'maintenance is announced');
}

/** An alarm can come late or twice: what counts is what it says now. */
function alarm({ trigger, evidence }: GuardQuestion): GuardVerdict {
  if (trigger.kind === 'operator') return says('alarm', 'yes', 'not asked: an operator has decided');
  if (evidence.alarm === 'red') return says('alarm', 'yes', 'the alarm is red');
  if (evidence.alarm === 'unknown') return says('alarm', 'ask-again', 'the state of the alarm cannot be read');
  return says('alarm', 'no', 'the alarm is not red any more');
}

/**
 * Before the first renewal ever there is nothing to take over: a deployment has only begun, and its alarms are red. A region that
 * owns the epoch without a database that takes writes has begun to take over and not come to an end: a run may go on there.
 */
function register({ trigger, evidence, policy }: GuardQuestion): GuardVerdict {
  const { register: found } = evidence;
  if (!found.known) return says('register', 'ask-again', `no majority of the registers: ${found.why}`);
  if (isOwn(found, policy)) {
    const unfinished = isFresh(found.verdict, evidence.at, policy) && !isWritable(found.verdict);
    if (unfinished || (trigger.kind === 'operator' && trigger.force)) {
      return says('register', 'yes', `this region owns epoch ${found.epoch}, and its database takes no writes yet`);
    }
    return says('register', 'no', `this region is active already, under epoch ${found.epoch}`);
  }
  if (found.lastRenewal === 0 && trigger.kind === 'alarm') {
    return says(
      'register',
      'no',
      `${found.activeRegion} has never renewed its lease: the platform has not begun to work`,
    );
  }
  return says('register', 'yes', `${found.activeRegion} is active under epoch ${found.epoch}`);
}

function cooldown({ trigger, evidence, policy }: GuardQuestion): GuardVerdict {
  const { lastFailoverAt, at } = evidence;
  if (trigger.kind === 'operator' || lastFailoverAt === undefined || at - lastFailoverAt >= policy.cooldownMs) {
    return says('cooldown', 'yes', 'no failover shortly before');
  }
  const left = inWords(policy.cooldownMs - (at - lastFailoverAt));
  return says(
    'cooldown',
    'no',
    `the last failover was too short a time ago; none starts by itself for another ${left}`,
  );
}

/**
 * Both legs of the alarm cross the same path, so somebody outside both regions is asked: the witness, and Route 53's checkers.
 * A region that itself reports that it is unwell is not cut off; but it must have said so for long. One bad verdict is what a
 * restart or an end of a partition leaves behind, and the alarm may still be red for another reason.
 */
function isolation({ trigger, evidence, policy }: GuardQuestion): GuardVerdict {
  const { vantage, witnessAnswers, register: found, at } = evidence;
  if (trigger.kind === 'operator') return says('isolation', 'yes', 'not asked: an operator has decided');
  if (!witnessAnswers) return says('isolation', 'ask-again', 'the witness does not answer: this region may be cut off');
  if (!found.known) return says('isolation', 'ask-again', 'the registers are not known');
  if (isOwn(found, policy)) return says('isolation', 'yes', 'this region owns the epoch already');
  if (evidence.unhealthyForLong && saysUnhealthy(found.verdict, at, policy)) {
    return says('isolation', 'yes', 'the other region itself has long reported that it is unhealthy');
  }
  const age = at - found.lastRenewal;
  if (age > policy.freshMs)
    return says('isolation', 'yes', `the newest renewal in any register is ${inWords(age)} old`);
  if (vantage === 'down') return says('isolation', 'yes', "Route 53's checkers find the other region down");
  return says('isolation', 'ask-again', `the other region renews, and Route 53's checkers say ${vantage}`);
}

function readiness({ trigger, evidence }: GuardQuestion): GuardVerdict {
  const { readiness: found } = evidence;
  if (trigger.kind === 'operator' && trigger.force) return says('readiness', 'yes', 'forced by the operator');
  if (!found.known) return says('readiness', 'ask-again', `readiness is not known: ${found.why}`);
  if (found.blockers.length > 0) return says('readiness', 'no', found.blockers.join('; '));
  return says('readiness', 'yes', 'nothing stands in the way of a promotion');
}

function loss({ trigger, evidence, policy, accepted }: GuardQuestion): GuardVerdict {
  const found = estimateLoss(evidence, policy, trigger);
  const limit = Math.max(accepted?.lossMs ?? 0, policy.rpoMs);
  if (!found.known) {
    if (limit === Infinity) return says('loss', 'yes', `unknown, and accepted by ${accepted?.who ?? ''}`);
    return says('loss', 'person', `the loss cannot be estimated: ${found.why}`);
  }
  const isOld = found.sampleAgeMs > policy.lagOldMs;
  const by = isOld ? `, counted from the last word of the lag, which is ${inWords(found.sampleAgeMs)} old` : '';
  const about = `about ${secondsOfLoss(found.lossMs)} would be lost`;
  if (found.lossMs <= limit) return says('loss', 'yes', `${about}${by}`);
  return says('loss', 'person', `${about}, more than ${secondsOfLoss(limit)}${by}`);
}

function says(guard: GuardName, what: GuardVerdict['says'], why: string): GuardVerdict {
  return { guard, says: what, why };
}
