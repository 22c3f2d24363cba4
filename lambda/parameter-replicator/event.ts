import * as z from 'zod/mini';
import { MalformedError } from '../shared/errors';

/** What a run is asked for. */
export type ReplicationRequest = { readonly kind: 'all' } | { readonly kind: 'one'; readonly name: string };

const changeEvent = z.object({
  source: z.literal('aws.ssm'),
  'detail-type': z.literal('Parameter Store Change'),
  detail: z.object({ name: z.string(), operation: z.string() }),
});

const scheduleEvent = z.object({ source: z.enum(['schedule', 'aws.events', 'aws.scheduler']) });

/**
 * Reads an EventBridge event: a change of one parameter, or the schedule's call for a full reconciliation. The change itself
 * is not believed: it only says where to look, because events are best effort and come in any order.
 *
 * @throws MalformedError when it is neither.
 */
export function readRequest(event: unknown): ReplicationRequest {
  const change = z.safeParse(changeEvent, event);
  if (change.success) {
    const { name } = change.data.detail;
    return { kind: 'one', name: name.startsWith('/') ? name : `/${name}` };
  }
  if (z.safeParse(scheduleEvent, event).success) return { kind: 'all' };
  throw new MalformedError('the event is neither a parameter change nor the schedule', { cause: change.error });
}
