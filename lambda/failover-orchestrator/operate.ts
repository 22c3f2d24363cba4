import type { Telemetry } from '../shared/telemetry';
import { answerFound, answerOf, type OrchestratorAnswer } from './answer';
import type { OutgoingCall } from './call-log';
import { askForRun } from './ask-for-run';
import { beginRun, decide } from './decide';
import type { Asked } from './event';
import type { ExecutorPorts } from './executor';
import type { Acceptance } from './guards';
import type { FoundEntry, Journal, Wishes } from './journal';
import type { RunEvent } from './run';
import { begin, isStanding, type Standing, take, type Wanted } from './take';

/** What an invocation touches. */
export interface OperatePorts extends ExecutorPorts {
  readonly journal: Journal;
  readonly drainCalls: () => readonly OutgoingCall[];
  /** Whether this region's functions go by a lease of their own. */
  readonly isActive: () => Promise<boolean>;
  /** A fresh UUID. */
  readonly newId: () => string;
  readonly telemetry: Telemetry;
}

type Failover = Extract<Asked, { action: 'failover' }>;

/**
 * Answers one invocation. There is one run at a time: whoever comes while it stands is answered with it, and goes on with it
 * if its owner has died. Only an operator's failover ends one, and only the alarm's that has claimed nothing.
 *
 * @param remainingMs how much of the invocation is left.
 */
export async function operate(
  ports: OperatePorts,
  asked: Asked,
  remainingMs: () => number,
): Promise<OrchestratorAnswer> {
  if (asked.action === 'ignore') {
    ports.telemetry.info('the event asks for nothing', { why: asked.why });
    return { kind: 'ignored', why: asked.why };
  }
  const found = await ports.journal.read();
  const standing = isStanding(found) ? found : undefined;
  switch (asked.action) {
    case 'status':
      return answerFound(found);
    case 'offer':
      if (!standing) return offer(ports, found, remainingMs);
      // Only time or a person changes what such a run waits for.
      if (standing.state.phase === 'waiting-for-person') return answerOf(standing.state);
      return goOn(ports, standing, remainingMs);
    case 'resume':
      if (found && !found.ended && standing?.runId === asked.runId) return goOn(ports, standing, remainingMs);
      if (isUnclosed(found) && found.runId === asked.runId) return goOn(ports, found, remainingMs);
      return answerFound(found);
    case 'failover':
    case 'switchover':
      if (asked.dryRun) return dryRun(ports, wantedBy(asked), found);
      return askForRun(ports, wantedBy(asked), found, remainingMs);
    case 'accept':
      if (standing?.runId !== asked.runId) return notStanding(asked.runId, found);
      return wish(ports, standing, { accepted: acceptanceBy(asked.who, asked.acceptLossSeconds) }, remainingMs);
    case 'abort':
      if (standing?.runId !== asked.runId) return notStanding(asked.runId, found);
      return wish(ports, standing, { abortBy: asked.who }, remainingMs);
  }
}

/** Ended, and not everybody knows of it. */
function isUnclosed(found: FoundEntry | undefined): found is Standing {
  return found?.state !== undefined && found.ended && !found.closed;
}

/** After a failover the alarm about the other region may stay red, or turn red again: nobody has to be told of a refusal. */
async function offer(
  ports: OperatePorts,
  found: FoundEntry | undefined,
  remainingMs: () => number,
): Promise<OrchestratorAnswer> {
  if (await ports.isActive()) return { kind: 'ignored', why: 'this region is active already' };
  const answer = await begin(ports, { kind: 'failover', trigger: { kind: 'alarm' } }, found, remainingMs);
  return answer ?? answerFound(await ports.journal.read());
}

/** Goes on with a run whose owner has died or has let go of it. */
async function goOn(
  ports: OperatePorts,
  standing: Standing,
  remainingMs: () => number,
  event: RunEvent = { type: 'resumed', now: ports.now() },
): Promise<OrchestratorAnswer> {
  if (standing.ownedUntil > ports.now()) return answerOf(standing.state);
  const decision = decide(standing.state, event, ports.policy);
  const answer = await take(ports, decision, standing, standing.alerts, remainingMs);
  return answer ?? answerFound(await ports.journal.read());
}

/** Asks and judges as a run would, and leaves no trace: it must never stand in the way of a real one. */
async function dryRun(
  { policy, now, newId, observe }: OperatePorts,
  wanted: Wanted,
  found: FoundEntry | undefined,
): Promise<OrchestratorAnswer> {
  const begun = beginRun({ runId: newId(), dryRun: true, ...wanted }, policy, now());
  const evidence = await observe({ ...found, kind: wanted.kind });
  return answerOf(decide(begun.state, { type: 'observed', now: now(), evidence }, policy).state);
}

/** Leaves the wish where the run's owner looks, and becomes its owner if there is none. */
async function wish(
  ports: OperatePorts,
  standing: Standing,
  wishes: Wishes,
  remainingMs: () => number,
): Promise<OrchestratorAnswer> {
  const { state } = standing;
  if (wishes.abortBy !== undefined && state.promotionAccepted) {
    return {
      kind: 'refused',
      runId: state.runId,
      why: `RDS has accepted the ${state.kind} already: there is no way back`,
    };
  }
  await ports.journal.wish(state.runId, wishes);
  const waits = state.phase === 'observing' || state.phase === 'waiting-for-person';
  const event = waits ? eventOf(wishes, ports.now()) : undefined;
  return goOn(ports, standing, remainingMs, event);
}

function eventOf({ abortBy, accepted }: Wishes, now: number): RunEvent | undefined {
  if (abortBy !== undefined) return { type: 'abort', now, who: abortBy };
  return accepted && { type: 'accepted', now, by: accepted };
}

function notStanding(runId: string, found: FoundEntry | undefined): OrchestratorAnswer {
  return {
    kind: 'refused',
    why: `run ${runId} does not stand${found ? `; the last one is ${found.runId}` : ''}`,
    ...(found && { runId: found.runId }),
  };
}

function wantedBy(asked: Failover | Extract<Asked, { action: 'switchover' }>): Wanted {
  const { action: kind, who } = asked;
  if (kind === 'switchover') return { kind, trigger: { kind: 'operator', who, force: false } };
  const { force = false, acceptLossSeconds } = asked;
  const accepted = acceptLossSeconds === undefined ? undefined : acceptanceBy(who, acceptLossSeconds);
  return { kind, trigger: { kind: 'operator', who, force }, ...(accepted && { accepted }) };
}

function acceptanceBy(who: string, seconds: number | 'unknown'): Acceptance {
  return { who, lossMs: seconds === 'unknown' ? Infinity : seconds * 1_000 };
}
