import { GH_TIMEOUT_MS } from '../github';
import { SELECT_TIMEOUT_MS } from '../select-stack';
import { LIST_TIMEOUT_MS } from '../stacks';
import { LONGEST_TEAR_DOWN_MS, type TearDownEnd } from '../tear-down';
import type { Ruled } from './decide';

/** Two lists of S3 and one of GitHub. */
const LOOK_MS = 2 * LIST_TIMEOUT_MS + GH_TIMEOUT_MS;

/** The longest that one stack takes, in milliseconds: a look, selecting it, tearing it down with a look in between. */
export const LONGEST_STACK_MS = LOOK_MS + SELECT_TIMEOUT_MS + LONGEST_TEAR_DOWN_MS + LOOK_MS;

/** What carrying a clean-up out touches. */
export interface CarryOutPorts {
  /** Looks at one stack again, selects it and tears it down. May throw. */
  readonly destroy: (stack: string) => Promise<TearDownEnd>;
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/** How it went: every stack is in one of the lists. */
export interface CarriedOut {
  readonly destroyed: readonly string[];
  /** Not leaked any more when their turn came, each with the reason. */
  readonly kept: readonly Ruled[];
  /** Each with the reason. */
  readonly failed: readonly Ruled[];
  /** Not begun, because it might not have ended in time; the next night goes on. */
  readonly left: readonly string[];
}

/**
 * Destroys one stack after the other, going on after a failure, and begins none that might not end before the deadline.
 * @param deadline milliseconds since 1970.
 */
export async function carryOut(
  stacks: readonly Ruled[],
  deadline: number,
  { destroy, now, say }: CarryOutPorts,
): Promise<CarriedOut> {
  const destroyed: string[] = [];
  const kept: Ruled[] = [];
  const failed: Ruled[] = [];
  const left: string[] = [];
  for (const { stack } of stacks) {
    if (now() + LONGEST_STACK_MS > deadline) {
      left.push(stack);
      continue;
    }
    const end = await destroy(stack).catch((error: unknown): TearDownEnd => ({ end: 'failed', why: wordsOf(error) }));
    if (end.end === 'gone') {
      destroyed.push(stack);
      say(`${stack}: destroyed`);
    } else if (end.end === 'kept') {
      kept.push({ stack, why: end.why });
      say(`${stack}: left alone after all: ${end.why}`);
    } else {
      failed.push({ stack, why: end.why });
      say(`${stack}: NOT destroyed: ${end.why}`);
    }
  }
  return { destroyed, kept, failed, left };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
