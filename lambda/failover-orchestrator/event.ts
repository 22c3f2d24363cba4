import * as z from 'zod/mini';
import { orchestratorRequest, type OrchestratorRequest } from '../shared/calls';
import { PlatformError } from '../shared/errors';
import { type DestroyQuestion, destroyQuestion } from './may-destroy';

/** What an invocation is asked for. */
export type Asked =
  | OrchestratorRequest
  /** An event that is ours to look at and asks for nothing. */
  | { readonly action: 'ignore'; readonly why: string };

/** An event that is none of ours; nothing was done. */
export class UnknownEventError extends PlatformError {
  override readonly name = 'UnknownEventError';
}

/** The part of CloudWatch's alarm event that counts (aws-facts.md 3). */
const alarmEvent = z.object({
  source: z.literal('aws.cloudwatch'),
  alarmData: z.object({ alarmName: z.string(), state: z.object({ value: z.string() }) }),
});

/** What each action takes besides, in the operator's words. */
const ALLOWED: Readonly<Record<(OrchestratorRequest | DestroyQuestion)['action'], string>> = {
  offer: 'nothing else',
  resume: 'runId',
  failover: 'who, and if wanted dryRun, force (true or false) and acceptLossSeconds (a whole number, or "unknown")',
  switchover: 'who, and if wanted dryRun',
  accept: 'runId, who and acceptLossSeconds (a whole number, or "unknown")',
  abort: 'runId and who',
  status: 'nothing else',
  'may-destroy': 'tf, as the stack’s guard sends it',
};

const action = z.object({ action: z.string() });

/**
 * Reads an event: CloudWatch's alarm, a request of ours, or the question of the stack's guard. The alarm itself is not believed:
 * the run asks what it says now.
 *
 * @throws UnknownEventError naming what is allowed.
 */
export function readEvent(event: unknown, triggerAlarm: string): Asked | DestroyQuestion {
  const alarm = z.safeParse(alarmEvent, event);
  if (alarm.success) {
    const { alarmName, state } = alarm.data.alarmData;
    if (alarmName === triggerAlarm && state.value === 'ALARM') return { action: 'offer' };
    return { action: 'ignore', why: `${alarmName} is ${state.value}; only ALARM of ${triggerAlarm} starts a run` };
  }
  const request = z.safeParse(orchestratorRequest, event);
  if (request.success) return request.data;
  const question = z.safeParse(destroyQuestion, event);
  if (question.success) return question.data;
  throw new UnknownEventError(whatIsAllowed(event, request.error), { cause: request.error });
}

function whatIsAllowed(event: unknown, { issues }: z.core.$ZodError): string {
  const named = z.safeParse(action, event);
  const known = named.success ? Object.entries(ALLOWED).find(([name]) => name === named.data.action) : undefined;
  if (!known) {
    const names = Object.keys(ALLOWED).join(', ');
    return `the event is neither a CloudWatch alarm nor a request; allowed are the actions ${names}`;
  }
  const [name, allowed] = known;
  const fields = issues.map(({ path }) => path.join('.')).join(', ');
  return `the request ${name} is wrong in ${fields}; it takes ${allowed}`;
}
