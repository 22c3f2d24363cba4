import { within } from '../../shared/deadline';
import { describeError } from '../../shared/errors';
import type { RegisterKeeper } from '../../shared/register-keeper';
import type { SignalPublisher } from '../../shared/signal-publisher';
import { underEpoch } from '../registers';
import { pending, type StepAttempt } from './step';

/** What shifting traffic touches. */
export interface ShiftTrafficPorts {
  readonly registers: Pick<RegisterKeeper, 'setTraffic'>;
  readonly signals: SignalPublisher;
  /** Whether this region is dr: only dr publishes FailoverActive. */
  readonly isDr: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How long the first publication may take, in milliseconds: the heartbeat repeats it every 20 s in any case. */
const PUBLISH_MS = 900;

/**
 * Sends clients here by the register's field `traffic`. Only once there is no way back: within one epoch traffic moves once,
 * so a run that is given up before RDS has accepted must leave clients where they are.
 */
export function createShiftTraffic({ registers, signals, isDr, now }: ShiftTrafficPorts): StepAttempt {
  const failoverActive = isDr ? 1 : 0;

  return async ({ epoch, state }) => {
    if (!state.promotionAccepted) return pending(`RDS has not accepted the ${state.kind} yet`);
    const moved = underEpoch(await registers.setTraffic(epoch, failoverActive));
    if (moved.kind !== 'done' || !isDr) return moved;
    try {
      await within(PUBLISH_MS, 'FailoverActive', () => signals.publish({ FailoverActive: failoverActive }, now()));
      return moved;
    } catch (error) {
      return { ...moved, detail: `${moved.detail}; left to the heartbeat to publish: ${describeError(error)}` };
    }
  };
}
