import { answerFound, answerOf, type OrchestratorAnswer } from './answer';
import { beginRun, type Decision } from './decide';
import { execute } from './executor';
import { type HoldStart, takeHold } from './hold';
import { type FoundEntry, ReplacedError } from './journal';
import type { OperatePorts } from './operate';
import type { RunState } from './run';

/** What begins a run, as `beginRun` takes it. */
export type Wanted = Pick<RunState, 'kind' | 'trigger'> & Partial<Pick<RunState, 'accepted' | 'replaces'>>;

/** A run that has not ended, as it was found. */
export type Standing = FoundEntry & { readonly state: RunState };

export function isStanding(found: FoundEntry | undefined): found is Standing {
  return found?.state !== undefined && !found.ended;
}

/** Begins a run in place of what was found; undefined when somebody else was faster. */
export function begin(
  ports: OperatePorts,
  wanted: Wanted,
  found: FoundEntry | undefined,
  remainingMs: () => number,
): Promise<OrchestratorAnswer | undefined> {
  const decision = beginRun({ runId: ports.newId(), dryRun: false, ...wanted }, ports.policy, ports.now());
  // What the last run has left untold is told by this one.
  return take(ports, decision, found, found?.alerts ?? [], remainingMs);
}

/** Takes a run and goes on with it as far as it gets; undefined when somebody else was faster. */
export async function take(
  ports: OperatePorts,
  decision: Decision,
  replacing: FoundEntry | undefined,
  alerts: FoundEntry['alerts'],
  remainingMs: () => number,
): Promise<OrchestratorAnswer | undefined> {
  const { runId } = decision.state;
  const start: HoldStart = { owner: ports.newId(), decision, alerts, ...(replacing && { replacing }) };
  const hold = await takeHold(ports, start);
  if (!hold) return undefined;
  try {
    return answerOf(await execute(ports, hold, decision.commands, remainingMs));
  } catch (error) {
    if (!(error instanceof ReplacedError)) throw error;
    ports.telemetry.warn('another invocation has taken the run over', { runId });
    return answerFound(await ports.journal.read());
  }
}
