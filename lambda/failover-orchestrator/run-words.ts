import { secondsOfLoss } from '../shared/time-words';
import type { GuardVerdict } from './guards';
import type { RunKind } from './plan';
import type { Command, RunState } from './run';

/** A kind of run at the beginning of a sentence. */
export const A_RUN: Readonly<Record<RunKind, string>> = { failover: 'A failover', switchover: 'A switchover' };

/** A message that people get once per key. */
export function alert(key: string, subject: string, text: string): Command {
  return { do: 'alert', key, subject, text };
}

/** Everything that keeps a run from beginning. */
export function reasons(verdicts: readonly GuardVerdict[]): string {
  return verdicts
    .filter(({ says }) => says !== 'yes')
    .map(({ guard, why }) => `${guard}: ${why}`)
    .join('; ');
}

/** Who or what has started a run. */
export function because({ trigger }: Pick<RunState, 'trigger'>): string {
  return trigger.kind === 'operator' ? `was started by ${trigger.who}` : 'was started by the alarm';
}

/** What a run loses. */
export function lossText({ kind, lossMs }: Pick<RunState, 'kind' | 'lossMs'>): string {
  if (kind === 'switchover') return 'nothing is lost; nobody can write until it is over';
  return lossMs === undefined
    ? 'its loss is not known and was accepted'
    : `about ${secondsOfLoss(lossMs)} of commits are lost`;
}

/** What a person does after a run that has ended otherwise than wanted; empty where its reason says it already. */
export function whatNow({ kind, outcome, region }: RunState): string {
  if (kind !== 'switchover') return '';
  if (outcome === 'ABORTED') {
    return (
      ' The other region takes the next epoch within two heartbeats, while its database takes writes.' +
      ` If it is lost, fail over to the region that is left, ${region} or the other one: {"action":"failover","who":"..."} to its orchestrator.`
    );
  }
  if (outcome !== 'STUCK') return '';
  return (
    ` ${region} keeps its epoch, and opens by itself once its database takes writes.` +
    ' If RDS does not come to an end, fail over to either region when RDS takes the order; a switchover that hangs is a case for AWS Support.'
  );
}
