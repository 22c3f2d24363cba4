import type { RegisterKeeper } from '../../shared/register-keeper';
import type { GlobalDatabase, GlobalDatabaseLook } from '../global-database';
import { notOurs } from '../registers';
import type { RunState, StepResult } from '../run';
import { accepted, ordered } from './order';
import { done, pending, type StepAttempt } from './step';

/** What switching over touches. */
export interface SwitchOverPorts {
  readonly registers: Pick<RegisterKeeper, 'view'>;
  /** RDS here, which goes on answering when the other region is lost in the middle. */
  readonly here: Pick<GlobalDatabase, 'look'>;
  /** RDS in the writer's region, which takes the order. */
  readonly there: Pick<GlobalDatabase, 'switchOverTo'>;
  readonly region: string;
  readonly ownClusterArn: string;
}

/**
 * Looks before each order: RDS is asked to switch over only while this region owns the epoch and nothing is under way, and never
 * again once it may have taken an order. What it then shows nothing of, it has cancelled: the run decides when.
 */
export function createSwitchOver(ports: SwitchOverPorts): StepAttempt {
  const { registers, here, there, region, ownClusterArn } = ports;

  return async ({ epoch, state, signal }) => {
    const [{ view }, look] = await Promise.all([registers.view(), here.look()]);
    const known = notOurs(view, region, epoch) ?? standing(look, state, ownClusterArn);
    if (known) return known;
    const { abortBy } = state;
    if (abortBy !== undefined) return pending(`${abortBy} aborts: RDS was not asked`);
    if (signal.aborted) return pending('the look took too long: RDS was not asked');
    return ordered('switchover', () => there.switchOverTo(ownClusterArn));
  };
}

/** What the look says already; undefined when RDS has to be asked to switch over. */
function standing(
  { isWriter, cluster, inProgress }: GlobalDatabaseLook,
  { promotionAccepted }: RunState,
  ownClusterArn: string,
): StepResult | undefined {
  if (isWriter && cluster?.status === 'available') return done('this region has the writer, and it is available');
  if (isWriter) return accepted(`this region has the writer; its cluster is ${cluster?.status ?? 'not found'}`);
  if (inProgress) {
    const { status, towards } = inProgress;
    if (towards === ownClusterArn) return accepted(`the switchover is ${status}`);
    return pending(`another change of the writer is ${status}, towards ${towards}`);
  }
  if (!promotionAccepted) return undefined;
  const detail = 'the old writer is the writer, and no switchover is under way';
  return { kind: 'pending', detail, accepted: true, quiet: true };
}
