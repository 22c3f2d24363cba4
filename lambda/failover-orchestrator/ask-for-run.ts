import { within } from '../shared/deadline';
import { answerOf, type OrchestratorAnswer } from './answer';
import { decide } from './decide';
import { givesWay } from './decision';
import { takeHold } from './hold';
import type { FoundEntry } from './journal';
import type { OperatePorts } from './operate';
import { begin, isStanding, type Standing, type Wanted } from './take';

/** How often a run of the alarm may be faster: one that asks writes every few seconds, and one may begin between two of ours. */
const TRIES = 5;

/** How long the report of the run that gave way may take, in milliseconds: the failover does not wait for S3. */
const REPORT_MS = 5_000;

/**
 * Begins the run that an operator asks for. One that stands is in the way, and is named with whoever holds it; but a failover
 * takes the place of the alarm's run while that has claimed nothing: its end is in the journal, and reported, before the
 * operator's run begins. Both writes are compare-and-sets: an owner of the alarm's run that still works finds itself replaced
 * before it does anything more, and one that was faster and claims is in the way.
 */
export async function askForRun(
  ports: OperatePorts,
  wanted: Wanted,
  first: FoundEntry | undefined,
  remainingMs: () => number,
): Promise<OrchestratorAnswer> {
  let found = first;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (!isStanding(found)) {
      const answer = await begin(ports, wanted, found, remainingMs);
      if (answer) return answer;
    } else if (wanted.kind === 'failover' && givesWay(found.state)) {
      const { runId } = found;
      const ended = await endReplaced(ports, found, whoOf(wanted));
      const answer = ended && (await begin(ports, { ...wanted, replaces: runId }, ended, remainingMs));
      if (answer) return answer;
    } else {
      // The same request, sent twice: what the first one has begun is what was asked for.
      return tries > 0 && whoOf(found.state) === whoOf(wanted) ? answerOf(found.state) : inTheWay(found);
    }
    found = await ports.journal.read();
  }
  return { kind: 'refused', why: 'the alarm’s runs were faster each time; ask again' };
}

/** Undefined when the run has gone on meanwhile: then nothing was changed. */
async function endReplaced(ports: OperatePorts, standing: Standing, who: string): Promise<FoundEntry | undefined> {
  const { policy, now, newId, finish, telemetry } = ports;
  const decision = decide(standing.state, { type: 'replaced', now: now(), who }, policy);
  const hold = await takeHold(ports, {
    owner: newId(),
    decision,
    replacing: standing,
    alerts: standing.alerts,
  });
  if (!hold) return undefined;
  const { runId } = standing;
  await within(REPORT_MS, 'the report', () => finish(hold.entry.state)).catch((error: unknown) =>
    telemetry.error('the run that gave way is not reported; the journal has it', error, { runId }),
  );
  return { ...hold.entry, runId, ended: true };
}

function whoOf({ trigger }: Pick<Wanted, 'trigger'>): string {
  return trigger.kind === 'operator' ? trigger.who : 'the alarm';
}

function inTheWay({ state }: Standing): OrchestratorAnswer {
  const { runId, phase, accepted } = state;
  const by = accepted && accepted.who !== whoOf(state) ? `, accepted by ${accepted.who}` : '';
  return { kind: 'refused', runId, why: `run ${runId} is ${phase}; it was started by ${whoOf(state)}${by}` };
}
