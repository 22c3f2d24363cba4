import type { AlarmState } from '../shared/alarm-states';
import type { OrchestratorRequest } from '../shared/calls';
import type { RunHead } from '../shared/current-run';
import type { LeaseReading } from '../shared/may-write';

/** What the reconciler has seen, and at which moment (milliseconds since 1970). */
export interface Seen {
  readonly now: number;
  readonly region: string;
  /** The alarm that starts a failover here; undefined where no alarm does. */
  readonly trigger?: AlarmState['says'];
  readonly maintenance: AlarmState['says'];
  readonly lease: LeaseReading;
  /** The run that stands; undefined when there has never been one. */
  readonly run: RunHead | undefined;
}

/** How often a run is looked at again that waits for a person, or that has ended without everybody knowing, in milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/**
 * What the orchestrator is called for, if for anything. An alarm acts only when it turns red, and a call that Lambda took may
 * die: this is the second chance for both. A refusal is no run, so a red alarm is offered again after it.
 */
export function decideCall(seen: Seen): Extract<OrchestratorRequest, { action: 'offer' | 'resume' }> | undefined {
  const { now, run } = seen;
  if (run && run.phase !== 'ended') {
    const patienceMs = run.phase === 'waiting-for-person' ? LOOK_AGAIN_MS : 0;
    return now - run.ownedUntil > patienceMs ? { action: 'resume', runId: run.runId } : undefined;
  }
  if (run && !run.closed && run.outcome !== 'REFUSED') return close(run, now);
  if (mayOffer(seen)) return { action: 'offer' };
  return run && !run.closed ? close(run, now) : undefined;
}

function mayOffer({ trigger, maintenance, lease, region }: Seen): boolean {
  if (trigger !== 'red' || maintenance === 'red') return false;
  // The alarm is about the other region, and may stay red after this one has taken over.
  return !(lease.known && lease.lease.activeRegion === region);
}

function close({ runId, ownedUntil }: RunHead, now: number): { action: 'resume'; runId: string } | undefined {
  return now - ownedUntil > LOOK_AGAIN_MS ? { action: 'resume', runId } : undefined;
}
