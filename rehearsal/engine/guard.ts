import { text } from '../../analysis/graph/graph';
import type { Graph } from '../../analysis/graph/graph';
import type { InvocationResult } from '../aws/ports';
import type { World } from '../world/world';

/** The type of the stack's guard. */
export const GUARD = 'aws:lambda/invocation:Invocation';

/** What happens to the guard, in the provider's words. */
export type GuardAction = 'create' | 'update' | 'delete';

/** Longer than the function takes at the most; the provider waits for as long as Lambda does. */
const PATIENCE_MS = 60_000;
const STEP_MS = 1_000;

/**
 * Invokes the guard's function as the AWS provider does for the guard (internal/service/lambda/invocation.go:
 * buildInput and invoke), and lets time go by until it has answered.
 *
 * @returns why the action fails, in the provider's words; undefined when it succeeds.
 */
export async function askGuard(graph: Graph, world: World, action: GuardAction): Promise<string | undefined> {
  const [guard] = graph.all(GUARD);
  if (!guard) throw new Error('the stack has no guard');
  const name = text(guard.inputs, 'functionName');
  const input: unknown = JSON.parse(text(guard.inputs, 'input'));
  if (typeof input !== 'object' || input === null) throw new Error('the guard’s input is no object');
  const previous = action === 'create' ? null : input;
  const event = { ...input, tf: { action, prev_input: previous } };

  const { clock, lambda } = world;
  const deployed = [...lambda.functions.values()].find((one) => one.name === name && one.region === guard.region);
  const heard: InvocationResult[] = [];
  lambda.invoke(deployed?.arn ?? name, event, WHO, (result) => heard.push(result));
  const until = clock.now() + PATIENCE_MS;
  while (heard.length === 0 && clock.now() < until) await clock.run(clock.now() + STEP_MS);
  const [answer] = heard;
  if (answer?.kind === 'returned') return undefined;
  return `invoking Lambda Function (${name}): ${answer ? whyOf(answer) : 'no answer'}`;
}

/** The payload of a function's error as Lambda writes it, but for the trace. */
function whyOf(result: Exclude<InvocationResult, { readonly kind: 'returned' }>): string {
  if (result.kind === 'lost') return result.why;
  return JSON.stringify({ errorType: result.errorType, errorMessage: result.message });
}

/** Whoever destroys a stack has every right to its functions. */
const WHO = { principal: 'arn:aws:iam::123456789012:role/administrator', from: 'outside', name: 'pulumi' };
