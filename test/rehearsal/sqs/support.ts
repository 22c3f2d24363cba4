import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import { HERE } from './fixture';
import type { Functions, InvocationResult, MetricDatum } from '../../../rehearsal/aws/ports';
import type { Answer, Call, Caller, Need, Service, ServiceName, WireFields } from '../../../rehearsal/aws/service';
import type { Passage } from '../../../rehearsal/network/network';

/** A whole minute. */
export const START = Date.parse('2026-01-01T00:00:00Z');

export const CALLER: Caller = { principal: 'arn:aws:iam::123456789012:role/r', from: HERE, name: 'f' };

export interface Invoked {
  readonly at: number;
  readonly functionArn: string;
  readonly event: unknown;
  readonly by: Caller & { readonly sourceArn?: string };
  end(result: InvocationResult): void;
}

export const returned = (payload: unknown): InvocationResult => ({ kind: 'returned', payload });

/** Everything around a service that the test turns by hand. */
export function world(seed = 'test') {
  const clock = new VirtualClock(START);
  const data: (MetricDatum & { readonly region: string })[] = [];
  const invoked: Invoked[] = [];
  const asked: { readonly by: Caller & { readonly sourceArn?: string }; readonly needs: readonly Need[] }[] = [];
  const turn = {
    /** How a function ends, and after how many milliseconds; undefined: never by itself. */
    result: undefined as { readonly ms: number; readonly of: (event: unknown) => InvocationResult } | undefined,
    allows: (_needs: readonly Need[]): boolean => true,
    passage: (_from: string, _to: string): Passage => ({ kind: 'passes', ms: 10 }),
  };
  const functions: Functions = {
    invoke(functionArn, event, by, done) {
      invoked.push({ at: clock.now(), functionArn, event, by, end: done });
      const { result } = turn;
      if (result) clock.after(result.ms, () => done(result.of(event)));
    },
    invokeAsync(functionArn, event, by) {
      invoked.push({ at: clock.now(), functionArn, event, by, end: () => undefined });
    },
  };
  return {
    clock,
    random: new Random(seed),
    metrics: { put: (region: string, datum: MetricDatum) => void data.push({ ...datum, region }) },
    functions,
    network: { pass: (from: string, to: string) => turn.passage(from, to) },
    access: {
      allows: (by: Caller & { readonly sourceArn?: string }, needs: readonly Need[]) => {
        asked.push({ by, needs });
        return turn.allows(needs);
      },
    },
    data,
    invoked,
    asked,
    turn,
    /** Runs until so many seconds after the start. */
    run: (seconds: number) => clock.run(START + 1_000 * seconds),
  };
}

export type World = ReturnType<typeof world>;

/** A call as it arrives. */
export function call(service: ServiceName, operation: string, input: WireFields, region = HERE): Call {
  return { region, service, operation, input, caller: CALLER };
}

/** Handles a call of a service that answers at once. */
export function answer(service: Service, operation: string, input: WireFields, region = HERE): Answer {
  let answered: Answer | undefined;
  service.handle(call(service.name, operation, input, region), (one) => {
    answered = one;
  });
  if (answered === undefined) throw new Error(`${operation} was not answered at once`);
  return answered;
}

/** The output of a call that must succeed. */
export function output(service: Service, operation: string, input: WireFields, region = HERE): WireFields {
  const given = answer(service, operation, input, region);
  if (!given.ok) throw new Error(`${given.error.code}: ${given.error.message}`);
  return given.output;
}

/** The error code of a call that must fail. */
export function code(service: Service, operation: string, input: WireFields, region = HERE): string {
  const given = answer(service, operation, input, region);
  if (given.ok) throw new Error(`${operation} succeeded`);
  return given.error.code;
}
