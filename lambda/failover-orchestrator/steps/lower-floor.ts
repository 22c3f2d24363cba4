import type { FleetPort } from './raise-floor';
import { done, type StepAttempt } from './step';

/**
 * Lowers the floor of the other region's fleet, which a run has raised (F4), to that of a region that waits. Only the floor:
 * scaling takes the instances away that nobody needs.
 *
 * @param fleet undefined without a fleet.
 */
export function createLowerFloor(fleet: FleetPort | undefined, floor: number): StepAttempt {
  return async () => {
    if (!fleet) return done('there is no fleet');
    const found = await fleet.size();
    if (!found) return { kind: 'failed', detail: 'the fleet there is not found' };
    if (found.minSize <= floor) return done(`the floor there is ${found.minSize} already`);
    await fleet.lower(floor);
    return done(`the floor there was lowered from ${found.minSize} to ${floor}`);
  };
}
