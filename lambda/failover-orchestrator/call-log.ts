import type { MetadataBearer, MiddlewareStack } from '@smithy/types';
import * as z from 'zod/mini';
import { tracedClient, type Tracing } from '../shared/tracing';

/** One call that left this function. */
export const callForm = z.object({
  /** When it began, in milliseconds since 1970. */
  at: z.number(),
  /** For example `RDSClient.FailoverGlobalClusterCommand`. */
  call: z.string(),
  region: z.string(),
  /** How long it took with all its attempts, in milliseconds. */
  ms: z.number(),
  /** `ok`, or the name of the error. */
  outcome: z.string(),
});
export type OutgoingCall = Readonly<z.output<typeof callForm>>;

/** What was called, kept until the journal takes it: each run's report lists every call (X14). */
export interface CallLog {
  record<T>(call: string, region: string, work: () => Promise<T>): Promise<T>;
  /** Takes everything since the last time, in the order in which it ended. */
  drain(): readonly OutgoingCall[];
  /** What the next `drain` would take. */
  sinceDrained(): readonly OutgoingCall[];
}

/** A log of calls by an injected clock. */
export function createCallLog(now: () => number): CallLog {
  let kept: OutgoingCall[] = [];
  return {
    async record(call, region, work) {
      const at = now();
      let outcome = 'ok';
      try {
        return await work();
      } catch (error) {
        outcome = nameOf(error);
        throw error;
      } finally {
        kept.push({ at, call, region, ms: now() - at, outcome });
      }
    },
    sinceDrained: () => [...kept],
    drain() {
      const drained = kept;
      kept = [];
      return drained;
    },
  };
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : 'Error';
}

/** The part of an AWS client that the log touches: one middleware around each call with all its attempts. */
interface LoggableClient<Input extends object, Output extends MetadataBearer> {
  readonly middlewareStack: Pick<MiddlewareStack<Input, Output>, 'add'>;
}

/** Has each call of an AWS client logged, named after the client and the command, and traced; answers with the client. */
export function createWatch(log: CallLog, tracing: Tracing) {
  return function watch<Input extends object, Output extends MetadataBearer, C extends LoggableClient<Input, Output>>(
    client: C & LoggableClient<Input, Output>,
    region: string,
  ): C {
    client.middlewareStack.add(
      (next, context) => (args) =>
        log.record(`${context.clientName ?? 'AWS'}.${context.commandName ?? 'call'}`, region, () => next(args)),
      { step: 'initialize', name: 'logged', override: true },
    );
    return tracedClient<Input, Output, C>(client, tracing);
  };
}
