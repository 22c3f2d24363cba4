import type { RunPolicy, RunState, StepResult } from './run';

/**
 * Whether RDS may still carry out an order to fail over that it has not answered. Until that is settled there is neither a way
 * back nor a way on: the epoch is not given back, and clients are not sent here.
 */
export function isInDoubt({ unansweredAt }: Pick<RunState, 'unansweredAt'>): boolean {
  return unansweredAt !== undefined;
}

/**
 * What an attempt to promote says of such an order. It was taken when RDS shows it; it was not when RDS, without being asked
 * again, has for long shown the old writer and nothing under way. So it is settled by looks alone once the run is to be given up,
 * and until then by the next order: a second one is taken, or finds the first one under way.
 */
export function weigh(state: RunState, result: StepResult, now: number, { doubtForMs }: RunPolicy): RunState {
  const { unansweredAt, quietSince, ...settled } = state;
  if (state.promotionAccepted) {
    const { givesUp: _, ...goesOn } = settled;
    return goesOn;
  }
  if ('unanswered' in result) return { ...settled, unansweredAt: now };
  if (unansweredAt === undefined) return settled;
  // A look that fails says neither.
  if (result.kind !== 'pending') return state;
  // Anything else that RDS shows begins the time anew.
  if (!result.quiet) return { ...settled, unansweredAt };
  const since = quietSince ?? now;
  return now - since >= doubtForMs ? settled : { ...settled, unansweredAt, quietSince: since };
}

/**
 * After a crash, or where an invocation has let go of the run in the middle of an attempt: it may have given an order, and
 * nobody will tell what RDS answered. Not where the journal says that RDS was not asked any more.
 */
export function doubtAfterCrash(state: RunState, now: number): RunState {
  const { kind, promotionAccepted, steps, quietSince, givesUp } = state;
  if (kind !== 'failover' || promotionAccepted || steps.promote.status !== 'started') return state;
  return quietSince === undefined && givesUp === undefined ? { ...state, unansweredAt: now } : state;
}
