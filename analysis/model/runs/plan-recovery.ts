import { roleChangeOf, type RunKind } from '../../../lambda/failover-orchestrator/plan';
import { RUN_CONSTANTS, type RunEvent, type RunPolicy, type RunState } from '../../../lambda/failover-orchestrator/run';
import type { Recovery } from '../explorer';
import type { InvariantName } from '../invariants';
import { at, TICK } from '../world';
import { type Answer, answers, type Finding, isBad, told } from './answers';
import type { PlanState } from './plan-run';
import { type Work, without } from './rest-of-plan';

const REGION = 'dr';
/** What the run goes by: everything that takes time, in ticks that keep their order. */
export const POLICY: RunPolicy = {
  ...RUN_CONSTANTS,
  region: REGION,
  mode: 'automatic',
  rpoMs: 12 * TICK,
  cooldownMs: 0,
  freshMs: 2 * TICK,
  verdictMs: 3 * TICK,
  askForMs: TICK,
  waitForMs: 2 * TICK,
  claimAttempts: 2,
  stuckAfterMs: TICK,
  giveUpAfterMs: 2 * TICK,
  endWithinMs: TICK,
  orderWithinMs: TICK,
  quietForMs: TICK,
  doubtForMs: TICK,
  slowAfterMs: TICK,
  restoreAttempts: 2,
  restoreBusyAttempts: 2,
};

/** Takes an event. */
export type Hear = (state: PlanState, event: RunEvent, todo: readonly Work[], finding?: Finding) => PlanState;

/** Every run ends, or waits for a person, however its commands are answered. */
export function ending(
  name: string,
  invariant: InvariantName,
  hear: Hear,
  kind: RunKind,
  answer: (command: Work, now: number) => Answer | undefined,
): Recovery<PlanState> {
  return {
    name,
    invariant,
    limit: 12,
    applies: () => true,
    round(state, say) {
      const tick = state.tick + 1;
      const now = tick * TICK;
      let next: PlanState = { ...state, tick };
      if (!next.alive) next = hear(next, { type: 'resumed', now }, []);
      // Each command once: what is asked again is asked again in the next round.
      const begun = next.todo;
      for (const command of begun) {
        const i = next.todo.indexOf(command);
        const [event, finding] = answer(command, now) ?? answers(command, now, kind)[0] ?? [];
        if (i < 0 || !event) continue;
        next = hear(next, event, without(next.todo, i), finding);
        say(() => `${at(tick)} ${told(event, finding)}`);
      }
      return next;
    },
    isGood: ({ run }) => run.phase === 'ended' || run.phase === 'waiting-for-person',
  };
}

/**
 * While RDS does not take the order, a run gives its epoch back: because somebody wants it to, or because time is over. Also after
 * orders that RDS has not answered: what it shows is the old writer, and nothing under way.
 */
export function givingUp(hear: Hear, kind: RunKind): Recovery<PlanState> {
  const unwilling = (command: Work, now: number): Answer | undefined =>
    command.do === 'step' && command.step === roleChangeOf(kind)
      ? answers(command, now, kind).find(
          ([event]) => isBad(event, 'pending') && (kind === 'switchover' || isQuiet(event)),
        )
      : answers(command, now, kind)[0];
  return {
    ...ending('RDS never takes the order', 'what a run gives up is free', hear, kind, unwilling),
    applies: ({ run, isTaken }) =>
      run.phase === 'acting' && (kind === 'switchover' ? !run.promotionAccepted : !isTaken),
    isGood: ({ run }) => run.outcome === 'ABORTED',
  };
}

function isQuiet(event: RunEvent): boolean {
  return event.type === 'step' && event.result.kind === 'pending' && event.result.quiet === true;
}

/** RDS has taken a switchover and shows nothing of it: the old region gets its epoch back, and is not kept waiting. */
export function cancelling(hear: Hear): Recovery<PlanState> {
  const quiet = (command: Work, now: number): Answer | undefined =>
    command.do === 'step' && command.step === 'switch-over'
      ? answers(command, now, 'switchover').find(([event]) => isQuiet(event))
      : answers(command, now, 'switchover')[0];
  const isUnderWay = ({ phase, steps }: RunState): boolean =>
    phase === 'acting' && steps['switch-over'].status === 'started';
  return {
    ...ending('RDS cancels the switchover', 'what a run gives up is free', hear, 'switchover', quiet),
    applies: ({ run, tick }) =>
      isUnderWay(run) && run.promotionAccepted && tick * TICK - (run.claim?.wonAt ?? 0) < POLICY.giveUpAfterMs - TICK,
    isGood: ({ run }) => run.outcome === 'ABORTED',
  };
}
