import { InvalidDBClusterStateFault, InvalidGlobalClusterStateFault } from '@aws-sdk/client-rds';
import { describeError } from '../../shared/errors';
import type { RunKind } from '../plan';
import type { StepResult } from '../run';
import { pending } from './step';

/** Gives RDS an order once. @throws what RDS refuses for good, which the run tries again. */
export async function ordered(kind: RunKind, order: () => Promise<void>): Promise<StepResult> {
  try {
    await order();
    return accepted(`RDS has accepted the ${kind}`);
  } catch (error) {
    if (error instanceof InvalidGlobalClusterStateFault || error instanceof InvalidDBClusterStateFault) {
      return pending(`RDS does not take the ${kind} yet: ${describeError(error)}`);
    }
    if (wasRefused(error)) throw error;
    const detail = `RDS has not answered, and may have accepted the ${kind}: ${describeError(error)}`;
    return { kind: 'pending', detail, unanswered: true };
  }
}

/** RDS has the order. */
export function accepted(detail: string): StepResult {
  return { kind: 'pending', detail, accepted: true };
}

/** Whether RDS has answered that it will not. Everything else, a time-out above all, leaves open what it did. */
function wasRefused(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return false;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return false;
  return typeof $metadata.httpStatusCode === 'number' && $metadata.httpStatusCode < 500;
}
