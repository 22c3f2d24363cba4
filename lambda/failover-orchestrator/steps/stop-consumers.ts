import { describeError } from '../../shared/errors';
import type { Consumers } from '../consumers';
import { done, type StepAttempt } from './step';

/**
 * Stops the other region's consumers as far as it can be reached. The epoch fences them in any case; stopped, they leave the
 * database that is left behind alone.
 */
export function createStopConsumers(other: Consumers, consumerIds: readonly string[]): StepAttempt {
  return async () => {
    const outcomes = await Promise.allSettled(consumerIds.map((id) => other.set(id, false)));
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    if (failed.length === 0) return done(`${consumerIds.length} consumers stopped`);
    return { kind: 'failed', detail: failed.map(({ reason }) => describeError(reason)).join('; ') };
  };
}
