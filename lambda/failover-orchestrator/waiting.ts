import type { Decision } from './decision';
import type { RunPolicy, RunState } from './run';
import { alert, reasons } from './run-words';

/**
 * Waits until a person accepts the loss. The alarm's run also goes on by itself once its guards let it. An operator's does not:
 * its guards do not ask whether anything is wrong, and it would leave a region hours later that is well by then.
 */
export function waitForPerson(state: RunState, now: number, { waitForMs }: RunPolicy): Decision {
  const { runId, region, trigger, verdicts } = state;
  const isPersons = trigger.kind === 'operator';
  const until = `unless somebody accepts it, the run ends at ${new Date(now + waitForMs).toISOString()}`;
  const text =
    `Run ${runId}: ${reasons(verdicts)}. To accept: {"action":"accept","runId":"${runId}","who":"...","acceptLossSeconds":...} ` +
    `to the orchestrator of ${region}; "unknown" accepts any loss.${isPersons ? ` The loss is a person's to accept: ${until}.` : ''}`;
  return {
    state: { ...state, phase: 'waiting-for-person', ...(isPersons && { waitsSince: now, why: until }) },
    commands: [alert(`person:${runId}`, 'A failover waits for a person', text)],
  };
}

/** Why an operator's run that has waited is refused. */
export function nobodyAccepted({ verdicts }: RunState, { waitForMs }: RunPolicy): string {
  return `nobody accepted the loss within ${waitForMs / 60_000} minutes: ${reasons(verdicts)}`;
}

/** Why an operator's run is given up that was left alone. */
export const FORGOTTEN = 'nobody went on with it for so long that whoever asked for it may not want it any more';

/** Whether nobody has gone on with an operator's run for as long as one waits for a person: nothing may begin by it then. */
export function isForgotten({ trigger }: RunState, since: number, now: number, { waitForMs }: RunPolicy): boolean {
  return trigger.kind === 'operator' && now - since >= waitForMs;
}
