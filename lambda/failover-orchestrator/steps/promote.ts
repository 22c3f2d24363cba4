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

/**
 * Looks before each order: RDS is asked to fail over only while this region owns the epoch, nothing is under way and nobody
 * wants to stop. After an order that RDS has not answered it is asked again, because it may not have had it: a second order
 * finds the first one under way and is refused.
 */
export function createPromote({ registers, database, region, ownClusterArn }: PromotePorts): StepAttempt {
  return async ({ epoch, signal, state: { abortBy, givesUp } }) => {
    const [{ view }, look] = await Promise.all([registers.view(), database.look()]);
    const known = notOurs(view, region, epoch) ?? standing(look, ownClusterArn);
    if (known) return known;
    const why = abortBy === undefined ? givesUp : `${abortBy} aborts`;
    if (why !== undefined) return { kind: 'pending', detail: `${why}: RDS was not asked`, quiet: true };
    // The run does not wait for this attempt any more, and may begin another one, or none.
    if (signal.aborted) return pending('the look took too long: RDS was not asked');
    return ordered('failover', () => database.failOver());
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
