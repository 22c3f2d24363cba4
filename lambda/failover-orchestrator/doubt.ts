import type { RunPolicy, RunState, StepResult } from './run';

/**
 * Whether RDS may still carry out an order to fail over that it has not answered. Until that is settled there is neither a way
 * back nor a way on: the epoch is not given back, and clients are not sent here.
 */
export function isInDoubt({ unansweredAt }: Pick<RunState, 'unansweredAt'>): boolean {
  return unansweredAt !== undefined;
}

/**
 * What an attempt to promote says of such an order. It was taken when RDS shows it; it was not when RDS has for long shown the
 * old writer and nothing under way, at every look since the last order that it did not answer.
 */
export function weigh(state: RunState, result: StepResult, now: number, { doubtForMs }: RunPolicy): RunState {
  const { unansweredAt, quietSince, ...settled } = state;
  if (state.promotionAccepted) {
    const { givesUp: _, ...goesOn } = settled;
    return goesOn;
  }
  const { unanswered, quiet } = result.kind === 'pending' || result.kind === 'failed' ? result : {};
  if (unanswered) return { ...settled, unansweredAt: now };
  if (unansweredAt === undefined) return settled;
  if (quiet) {
    const since = quietSince ?? now;
    return now - since >= doubtForMs ? settled : { ...settled, unansweredAt, quietSince: since };
  }
  // A look that fails says neither; anything else that RDS shows begins the time anew.
  return result.kind === 'failed' ? state : { ...settled, unansweredAt };
}

/**
 * After a crash, or where an invocation has let go of the run in the middle of an attempt: it may have given an order, and
 * nobody will tell what RDS answered.
 */
export function doubtAfterCrash(state: RunState, now: number): RunState {
  const { kind, promotionAccepted, steps } = state;
  if (kind !== 'failover' || promotionAccepted || steps.promote.status !== 'started') return state;
  const { quietSince: _, ...rest } = state;
  return { ...rest, unansweredAt: now };
}
