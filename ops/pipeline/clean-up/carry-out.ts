import { LONGEST_TEAR_DOWN_MS, type WhyNot } from '../tear-down';
import type { Ruled } from './decide';

/** What carrying a clean-up out touches. */
export interface CarryOutPorts {
  /** Selects and tears down one stack. May throw. */
  readonly destroy: (stack: string) => Promise<WhyNot>;
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/** How it went: every stack is in one of the lists. */
export interface CarriedOut {
  readonly destroyed: readonly string[];
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
  const failed: Ruled[] = [];
  const left: string[] = [];
  for (const { stack } of stacks) {
    if (now() + LONGEST_TEAR_DOWN_MS > deadline) {
      left.push(stack);
      continue;
    }
    const why = await destroy(stack).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (why === undefined) destroyed.push(stack);
    else failed.push({ stack, why });
    say(why === undefined ? `${stack}: destroyed` : `${stack}: NOT destroyed: ${why}`);
  }
  return { destroyed, failed, left };
}
