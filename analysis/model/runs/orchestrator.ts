import { absentRecord } from '../../../lambda/shared/register/record';
import { doubleWrite } from '../double-write';
import type { Emit, Model } from '../explorer';
import type { Protocol } from '../protocol';
import { clockOf, FIRST_TICK, type Offsets, TICK, verdictAt } from '../world';
import { orchestratorKey } from './orchestrator-key';
import { orchestratorSteps } from './orchestrator-moves';
import { firstOf, orchestratorRecoveries, withoutInvocations } from './orchestrator-recovery';
import type { OrchestratorBounds, State } from './orchestrator-state';

/** Runs with their journals, several invocations at once, while heartbeats go on and RDS does what it likes. */
export function orchestratorModel(protocol: Protocol, bounds: OrchestratorBounds): Model<State> {
  return {
    initial: bounds.offsets.map((offsets) =>
      bounds.promoted ? promoted(protocol, bounds, offsets) : initial(bounds, offsets),
    ),
    moves: orchestratorSteps(protocol, bounds).all,
    key: orchestratorKey(bounds),
    breach: (state) => state.breach ?? doubleWrite(protocol, state),
    rest: withoutInvocations,
    recoveries: orchestratorRecoveries(protocol, bounds),
  };
}

/** Takes the first way that there is, until dr is promoted and its run has nothing to do but to open. */
function promoted(protocol: Protocol, bounds: OrchestratorBounds, offsets: Offsets): State {
  const steps = orchestratorSteps(protocol, bounds);
  const take = (state: State, moves: (emit: Emit<State>) => void): State => firstOf(moves, () => undefined) ?? state;
  const begun = { ...initial(bounds, offsets), startsLeft: 1, faultsLeft: 0 };
  let state = take(begun, (emit) => steps.starts(begun, 'dr', emit));
  for (;;) {
    const before: State = state.aurora.towards
      ? { ...state, aurora: { writer: 'dr', writable: { primary: false, dr: true } } }
      : state;
    const [invocation] = before.invocations;
    if (invocation?.run.steps.open.status !== 'waiting') {
      return { ...before, startsLeft: bounds.starts, faultsLeft: bounds.faults };
    }
    state = take(before, (emit) => steps.goOn(before, invocation, 0, emit));
  }
}

/** Primary has just renewed its lease when the fault begins, or when an operator wants to switch over. */
function initial(bounds: OrchestratorBounds, offsets: Offsets): State {
  const { quorum, lease, starts, faults, aborts, stalls, switches } = bounds;
  const now = clockOf(FIRST_TICK, 'primary', offsets);
  const leaseEnd = now + lease * TICK;
  const verdict = verdictAt(now, true);
  const record = { ...absentRecord('primary'), leaseEnds: { primary: leaseEnd }, renewedAt: now, verdict, version: 1 };
  return {
    tick: FIRST_TICK,
    offsets,
    registers: quorum.locations.map(() => record),
    locals: {
      primary: { activeRegion: 'primary', epoch: 1, leaseEnd, closed: false },
      dr: { activeRegion: 'primary', epoch: 1, leaseEnd: 0, closed: false },
    },
    known: [{ region: 'primary', epoch: 1, leaseEnd }],
    journals: { primary: undefined, dr: undefined },
    invocations: [],
    aurora: { writer: 'primary', writable: { primary: true, dr: false } },
    alarm: switches ? 'not-red' : 'red',
    won: { primary: 0b10, dr: 0 },
    startsLeft: starts,
    faultsLeft: faults,
    abortsLeft: aborts,
    stallsLeft: stalls,
  };
}
