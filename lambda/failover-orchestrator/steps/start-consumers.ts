import { ResourceConflictException, ResourceInUseException } from '@aws-sdk/client-lambda';
import { describeError } from '../../shared/errors';
import type { Consumers } from '../consumers';
import { done, pending, type StepAttempt } from './step';

/** Starts one region's consumers, which a run may have stopped: this region's, or the other one's when a run is given up. */
export function createStartConsumers(consumers: Consumers, consumerIds: readonly string[]): StepAttempt {
  return async () => {
    const outcomes = await Promise.allSettled(consumerIds.map((id) => consumers.set(id, true)));
    const reasons = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (reasons.length === 0)
      return done(`${consumerIds.length === 1 ? '1 consumer' : `${consumerIds.length} consumers`} started`);
    const detail = reasons.map(describeError).join('; ');
    return reasons.every(isBusy) ? pending(detail) : { kind: 'failed', detail };
  };
}

/** Another change of the mapping is still under way. */
function isBusy(reason: unknown): boolean {
  return reason instanceof ResourceConflictException || reason instanceof ResourceInUseException;
}
