import type { FaultWindow } from '../faults/fault';
import type { RunPlan } from '../judge/result';

/** Whether a plan still fails in the same way. */
export type StillFails = (plan: RunPlan) => Promise<boolean>;

/**
 * The smallest schedule that still fails: faults are left out one by one, then made shorter, until nothing more can go. The seed
 * stays, so that everything else in the run is the same.
 *
 * @param most how many runs it may take.
 */
export async function shrink(plan: RunPlan, stillFails: StillFails, most = 60): Promise<RunPlan> {
  let smallest = plan;
  let runs = 0;
  for (let progress = true; progress && runs < most;) {
    progress = false;
    for (const candidate of smaller(smallest)) {
      if (runs >= most) break;
      runs += 1;
      if (!(await stillFails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** Plans with one fault less, then with one fault half as long. */
export function smaller(plan: RunPlan): readonly RunPlan[] {
  const { faults } = plan;
  const without = faults.map((_, index) => faults.filter((__, other) => other !== index));
  const shorter = faults.flatMap((window, index) => {
    const half = halved(window);
    return half ? [faults.map((one, other) => (other === index ? half : one))] : [];
  });
  return [...without.filter((left) => left.length > 0), ...shorter].map((left) => ({ ...plan, faults: left }));
}

/** Shorter than this a fault is not made, in seconds. */
const SHORTEST = 5;

function halved(window: FaultWindow): FaultWindow | undefined {
  if (window.until === undefined || window.until - window.from <= SHORTEST) return undefined;
  return { ...window, until: Math.round(window.from + (window.until - window.from) / 2) };
}
