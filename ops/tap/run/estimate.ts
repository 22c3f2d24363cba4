import { z } from 'zod';
import { ASSUMPTIONS } from '../../../lib/budget/assumptions';
import type { RunAnswer } from '../orchestrator';

const takes = z.object({ usual: z.number(), most: z.number() });

/** What a dry run's answer estimates, in seconds. */
const estimated = z.object({ estimate: z.object({ runSeconds: takes, pauseSeconds: takes }) });

/** What comes before and after the change of roles, in seconds: guards and claim, asking again, the epoch, clients' retries. */
const AROUND = { best: 5, worst: 35 } as const;

/** How long a plan takes, in one line. An orchestrator of an earlier release says nothing of it; then it is the budget's word. */
export function estimateLine(plan: RunAnswer): string {
  const { data } = estimated.safeParse(plan);
  const { best, worst } = ASSUMPTIONS.promotion.seconds;
  if (!data) {
    return (
      `Estimated time: ${best + AROUND.best} to ${worst + AROUND.worst} s, of which the database's change of roles is ` +
      `${best} to ${worst} s (assumed, not measured; npm start tells more)`
    );
  }
  const { runSeconds, pauseSeconds } = data.estimate;
  const range = ({ usual, most }: z.output<typeof takes>): string => `usually ${usual} s, at most ${most} s`;
  return `Estimated time: ${range(runSeconds)}; until the region writes: ${range(pauseSeconds)} (assumed, not measured)`;
}
