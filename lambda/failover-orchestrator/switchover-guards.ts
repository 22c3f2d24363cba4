import { isWritable } from '../shared/register/record';
import { inWords } from '../shared/time-words';
import type { Evidence, GuardName, GuardPolicy, GuardVerdict } from './guards';

/** What was asked: the answer, or why there is none. */
export type Fact<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** What a switchover asks besides: of the other region, and of how long this one has been well. Times in milliseconds since 1970. */
export interface SwitchoverEvidence {
  /** The global database and this region's cluster, as RDS here describes them. */
  readonly here: Fact<{
    readonly globalStatus: string;
    readonly isMember: boolean;
    readonly isWriter: boolean;
    readonly clusterStatus: string;
    readonly isConnected: boolean;
    readonly inProgress?: string;
  }>;
  /** The other region's cluster, as RDS there describes it: the order will be sent there. */
  readonly there: Fact<{ readonly isWriter: boolean; readonly clusterStatus: string }>;
  /** The run that stands in the other region, if there is one, and when a run there last made it active. */
  readonly otherRun: Fact<{ readonly standing?: string; readonly lastChangeAt?: number }>;
  /** When a run here last made this region active. */
  readonly lastChangeAt?: number;
  /** Everything received before these moments is known to the other region to have its effect. */
  readonly swept: Fact<{ readonly orders?: number; readonly payments?: number }>;
  /** Since when this region has said of itself, without a break, that it is healthy; absent when it is not. */
  readonly healthySince: Fact<{ readonly since?: number }>;
}

interface Question {
  readonly evidence: Evidence;
  readonly policy: GuardPolicy;
}

/**
 * The guards of a switchover (design.md section 4, fail-back), each by itself. Nothing is lost and nobody is in a hurry: what is
 * not known is asked again, and is never taken for a yes. There is nothing that a person could accept instead.
 */
export function judgeSwitchover({ evidence, policy }: Question): readonly GuardVerdict[] {
  const question = { evidence, policy };
  return [register, otherRegion, otherRun, cooldown, follower, lag, health, readiness, reconciled].map((guard) =>
    guard(question),
  );
}

/** The owner is asked to hand over, so it must be the other region, known by a majority, and alive. */
function register({ evidence, policy }: Question): GuardVerdict {
  const { register: found, at } = evidence;
  if (!found.known) return says('register', 'ask-again', `no majority of the registers: ${found.why}`);
  const { activeRegion, epoch, released, contestedBy, lastRenewal } = found;
  if (activeRegion === policy.region && !released) {
    return says('register', 'no', `this region owns epoch ${epoch} already; there is nothing to switch over`);
  }
  if (released) {
    return says(
      'register',
      'ask-again',
      `epoch ${epoch} was given back: the other region has to take the next one first`,
    );
  }
  if (contestedBy !== undefined) {
    return says('register', 'ask-again', `somebody has claimed epoch ${contestedBy} and not won it`);
  }
  const age = at - lastRenewal;
  if (age > policy.freshMs) {
    return says(
      'register',
      'ask-again',
      `${activeRegion} renewed its lease ${inWords(age)} ago, which is too long; if it is lost, a failover is the way`,
    );
  }
  return says('register', 'yes', `${activeRegion} is active under epoch ${epoch}, and renews its lease`);
}

/** Its own verdict and its RDS: a switchover needs a writer that works (RDS API reference, SwitchoverGlobalCluster). */
function otherRegion({ evidence, policy }: Question): GuardVerdict {
  const { switchover: asked, register: found, at } = evidence;
  const there = asked?.there ?? NOT_ASKED;
  if (!there.known) return says('other-region', 'ask-again', `the other region's RDS does not answer: ${there.why}`);
  const { isWriter, clusterStatus } = there.value;
  if (!isWriter) return says('other-region', 'no', "the other region's cluster is not the writer");
  if (clusterStatus !== 'available')
    return says('other-region', 'ask-again', `the writer's cluster is ${clusterStatus}`);
  const verdict = found.known ? found.verdict : undefined;
  if (verdict === undefined || at - verdict.at > policy.verdictMs) {
    return says('other-region', 'ask-again', 'the other region has not said lately that it is healthy');
  }
  if (!verdict.healthy || !isWritable(verdict)) {
    return says('other-region', 'ask-again', 'the other region says that it is not healthy: a failover may be the way');
  }
  return says('other-region', 'yes', 'the other region can be reached, and its database takes writes');
}

function otherRun({ evidence }: Question): GuardVerdict {
  const fact = evidence.switchover?.otherRun ?? NOT_ASKED;
  if (!fact.known) return says('other-run', 'ask-again', `the other region's journal does not answer: ${fact.why}`);
  const { standing } = fact.value;
  if (standing !== undefined) return says('other-run', 'no', `${standing} in the other region`);
  return says('other-run', 'yes', 'no run is in progress in the other region');
}

/**
 * The cooldown of an hour keeps the *alarm* from leaving a region again; a person may go home before. What has to pass is the
 * time in which resolvers, mappings and sweeps settle after the active region has changed.
 */
function cooldown({ evidence, policy }: Question): GuardVerdict {
  const { switchover: asked, at } = evidence;
  const there = asked?.otherRun.known === true ? asked.otherRun.value.lastChangeAt : undefined;
  const last = Math.max(asked?.lastChangeAt ?? 0, there ?? 0);
  const leftMs = policy.settleMs - (at - last);
  if (leftMs <= 0) return says('cooldown', 'yes', 'the active region has not changed lately');
  return says('cooldown', 'no', `the active region has just changed; ask again in ${minutes(leftMs)}`);
}

function follower({ evidence }: Question): GuardVerdict {
  const fact = evidence.switchover?.here ?? NOT_ASKED;
  if (!fact.known) return says('follower', 'ask-again', `RDS here does not answer: ${fact.why}`);
  const { globalStatus, isMember, isWriter, clusterStatus, isConnected, inProgress } = fact.value;
  if (!isMember) return says('follower', 'no', 'the cluster here does not belong to the global database');
  if (isWriter) return says('follower', 'no', 'the cluster here is the writer already');
  if (inProgress !== undefined)
    return says('follower', 'ask-again', `the global database changes its writer: ${inProgress}`);
  if (globalStatus !== 'available') return says('follower', 'ask-again', `the global database is ${globalStatus}`);
  if (clusterStatus !== 'available') return says('follower', 'ask-again', `the cluster here is ${clusterStatus}`);
  if (!isConnected) return says('follower', 'ask-again', 'the cluster here has not joined again: it is being rebuilt');
  return says('follower', 'yes', 'the cluster here follows the writer and is available');
}

function lag({ evidence, policy }: Question): GuardVerdict {
  const { lag: found, at } = evidence;
  if (!found.known) return says('lag', 'ask-again', `the replication lag is not known: ${found.why}`);
  const { lagMs, calculatedAt } = found.sample;
  if (at - calculatedAt > policy.freshMs) {
    return says('lag', 'ask-again', `the replication lag was last calculated ${inWords(at - calculatedAt)} ago`);
  }
  if (lagMs >= policy.lagMs) {
    return says(
      'lag',
      'ask-again',
      `the replication lag is ${inWords(lagMs)}; it must be below ${inWords(policy.lagMs)}`,
    );
  }
  return says('lag', 'yes', `the replication lag is ${inWords(lagMs)}`);
}

/** A region that has just come back may go again: it has to be well for a while. */
function health({ evidence, policy }: Question): GuardVerdict {
  const { at } = evidence;
  const fact = evidence.switchover?.healthySince ?? NOT_ASKED;
  if (!fact.known) return says('health', 'ask-again', `this region's verdict about itself is not known: ${fact.why}`);
  const { since } = fact.value;
  if (since === undefined) return says('health', 'ask-again', 'this region does not say that it is healthy');
  const leftMs = policy.healthyForMs - (at - since);
  if (leftMs > 0) {
    const needed = minutes(policy.healthyForMs);
    return says('health', 'no', `this region must have been healthy for ${needed}; ask again in ${minutes(leftMs)}`);
  }
  return says('health', 'yes', `this region has been healthy since ${new Date(since).toISOString()}`);
}

/** Only the checks' own word counts: that RDS knows of no obstacle is not enough to leave a region that works. */
function readiness({ evidence }: Question): GuardVerdict {
  const { readiness: found } = evidence;
  if (!found.known) return says('readiness', 'ask-again', `readiness is not known: ${found.why}`);
  if (found.blockers.length > 0) return says('readiness', 'no', found.blockers.join('; '));
  if (found.checkedAt === undefined) return says('readiness', 'ask-again', 'the readiness checks have not run lately');
  return says('readiness', 'yes', 'nothing stands in the way');
}

function reconciled({ evidence, policy }: Question): GuardVerdict {
  const fact = evidence.switchover?.swept ?? NOT_ASKED;
  if (!fact.known) return says('reconciled', 'ask-again', `the other region's sweep is not known: ${fact.why}`);
  const swept: readonly (readonly [string, number])[] = Object.entries(fact.value);
  if (swept.length === 0) return says('reconciled', 'ask-again', 'the other region has not swept yet');
  const behind = swept.filter(([, through]) => evidence.at - through > policy.sweptWithinMs);
  if (behind.length === 0) return says('reconciled', 'yes', 'nothing that was received waits for its effect');
  const which = behind.map(([kind, through]) => `${kind} received since ${new Date(through).toISOString()}`);
  return says('reconciled', 'ask-again', `${which.join(' and ')} may wait for their effect`);
}

const NOT_ASKED = { known: false, why: 'nobody was asked' } as const;

function minutes(ms: number): string {
  const count = Math.ceil(ms / 60_000);
  return count === 1 ? '1 minute' : `${count} minutes`;
}

function says(guard: GuardName, what: GuardVerdict['says'], why: string): GuardVerdict {
  return { guard, says: what, why };
}
