import { InvalidDBClusterStateFault, InvalidGlobalClusterStateFault } from '@aws-sdk/client-rds';
import { describeError } from '../../shared/errors';
import type { RunKind } from '../plan';
import type { StepResult } from '../run';
import { pending } from './step';

/** Gives RDS an order once, after a look that showed nothing of one. Never throws: what RDS refuses, the run tries again. */
export async function ordered(kind: RunKind, order: () => Promise<void>): Promise<StepResult> {
  try {
    await order();
    return accepted(`RDS has accepted the ${kind}`);
  } catch (error) {
    if (error instanceof InvalidGlobalClusterStateFault || error instanceof InvalidDBClusterStateFault) {
      // Not quiet: what it is in the middle of may be an order of ours that it has not answered.
      return pending(`RDS does not take the ${kind} yet: ${describeError(error)}`);
    }
    if (wasRefused(error)) return { kind: 'failed', detail: describeError(error), quiet: true };
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
