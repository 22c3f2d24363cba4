import { InvalidDBClusterStateFault, InvalidGlobalClusterStateFault } from '@aws-sdk/client-rds';
import { describeError } from '../../shared/errors';
import type { RegisterKeeper } from '../../shared/register-keeper';
import type { GlobalDatabase, GlobalDatabaseLook } from '../global-database';
import { notOurs } from '../registers';
import type { StepResult } from '../run';
import { done, pending, type StepAttempt } from './step';

/** What promoting touches. */
export interface PromotePorts {
  readonly registers: Pick<RegisterKeeper, 'view'>;
  readonly database: GlobalDatabase;
  readonly region: string;
  readonly ownClusterArn: string;
}

/** Looks before each order: RDS is asked to fail over only while this region owns the epoch and nothing is under way. */
export function createPromote({ registers, database, region, ownClusterArn }: PromotePorts): StepAttempt {
  async function order(): Promise<StepResult> {
    try {
      await database.failOver();
      return accepted('RDS has accepted the failover');
    } catch (error) {
      if (error instanceof InvalidGlobalClusterStateFault || error instanceof InvalidDBClusterStateFault) {
        return pending(`RDS does not take the failover yet: ${describeError(error)}`);
      }
      if (wasRefused(error)) throw error;
      // It may have been taken: from here on there is no way back that would be safe.
      return accepted(`RDS has not answered, and may have accepted the failover: ${describeError(error)}`);
    }
  }

  return async ({ epoch, state: { abortBy } }) => {
    const [{ view }, look] = await Promise.all([registers.view(), database.look()]);
    const known = notOurs(view, region, epoch) ?? standing(look, ownClusterArn);
    if (known) return known;
    return abortBy === undefined ? order() : pending(`${abortBy} aborts: RDS was not asked`);
  };
}

/** What the look says already; undefined when RDS has to be asked to fail over. */
function standing(
  { isWriter, cluster, inProgress }: GlobalDatabaseLook,
  ownClusterArn: string,
): StepResult | undefined {
  if (isWriter && cluster?.status === 'available') return done('this region has the writer, and it is available');
  if (isWriter) return accepted(`this region has the writer; its cluster is ${cluster?.status ?? 'not found'}`);
  if (!inProgress) return undefined;
  const { status, towards } = inProgress;
  if (towards === ownClusterArn) return accepted(`the failover is ${status}`);
  return pending(`another failover is ${status}, towards ${towards}`);
}

function accepted(detail: string): StepResult {
  return { kind: 'pending', detail, accepted: true };
}

/** Whether RDS has answered that it will not. Everything else, a time-out above all, leaves open what it did. */
function wasRefused(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return false;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return false;
  return typeof $metadata.httpStatusCode === 'number' && $metadata.httpStatusCode < 500;
}
