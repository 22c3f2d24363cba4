import type { RegisterKeeper } from '../../shared/register-keeper';
import type { GlobalDatabase, GlobalDatabaseLook } from '../global-database';
import { notOurs } from '../registers';
import type { StepResult } from '../run';
import { accepted, ordered } from './order';
import { done, pending, type StepAttempt } from './step';

/** What promoting touches. */
export interface PromotePorts {
  readonly registers: Pick<RegisterKeeper, 'view'>;
  readonly database: Pick<GlobalDatabase, 'look' | 'failOver'>;
  readonly region: string;
  readonly ownClusterArn: string;
}

/** Looks before each order: RDS is asked to fail over only while this region owns the epoch and nothing is under way. */
export function createPromote({ registers, database, region, ownClusterArn }: PromotePorts): StepAttempt {
  return async ({ epoch, state: { abortBy } }) => {
    const [{ view }, look] = await Promise.all([registers.view(), database.look()]);
    const known = notOurs(view, region, epoch) ?? standing(look, ownClusterArn);
    if (known) return known;
    return abortBy === undefined
      ? ordered('failover', () => database.failOver())
      : pending(`${abortBy} aborts: RDS was not asked`);
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
