import { mayBegin, type Say } from '../cycles';
import type { Emit, Recovery } from '../explorer';
import type { Protocol } from '../protocol';
import { at, type Region, REGIONS } from '../world';
import { orchestratorSteps } from './orchestrator-moves';
import type { OrchestratorBounds, State } from './orchestrator-state';

/** Every invocation has died; what they have written stands. */
export function withoutInvocations(state: State): State {
  return { ...state, invocations: [], known: [], startsLeft: 0, faultsLeft: 0, abortsLeft: 0, stallsLeft: 0 };
}

/** More than a run does in one round. */
const BUSY = 30;

/** Runs that have begun come to an end, and some region writes, whatever had crashed where. */
export function orchestratorRecoveries(protocol: Protocol, bounds: OrchestratorBounds): readonly Recovery<State>[] {
  const steps = orchestratorSteps(protocol, {
    ...bounds,
    recovers: false,
    switches: false,
    replaces: false,
    onlyOrders: false,
  });
  const runsIn = bounds.runsIn.filter((region) => region !== bounds.lost);

  const canWrite = (state: State, region: Region): boolean =>
    region !== bounds.lost && state.aurora.writable[region] && mayBegin(protocol, state, region);
  const isGood = (state: State): boolean =>
    runsIn.every((region) => (state.journals[region]?.state.phase ?? 'ended') === 'ended') &&
    REGIONS.some((region) => canWrite(state, region));

  /** A tick with its heartbeats, RDS, and then every run as far as it comes. */
  function round(state: State, say: Say): State {
    const alarm = REGIONS.some((region) => canWrite(state, region)) ? 'not-red' : 'red';
    let next = firstOf((emit) => steps.pass({ ...state, alarm }, emit), say) ?? state;
    const { towards } = next.aurora;
    if (towards) {
      const { tick } = next;
      next = {
        ...next,
        aurora: { writer: towards, writable: { primary: towards === 'primary', dr: towards === 'dr' } },
      };
      say(() => `${at(tick)} RDS has promoted ${towards}`);
    }
    for (const region of runsIn) next = run(next, region, say);
    return next;
  }

  function run(state: State, region: Region, say: Say): State {
    const standing = (state.journals[region]?.state.phase ?? 'ended') !== 'ended';
    if (region === 'primary' && !standing && !needsOperator(state)) return state;
    const waits = state.journals[region]?.state.phase === 'waiting-for-person';
    let next = waits
      ? steps.accept(state, region)
      : (firstOf((emit) => steps.starts({ ...state, startsLeft: 1 }, region, emit), say) ?? state);
    for (let i = 0; i < BUSY; i += 1) {
      const [invocation] = next.invocations;
      if (!invocation) break;
      const before = next;
      next = firstOf((emit) => steps.goOn(before, invocation, 0, emit), say) ?? { ...before, invocations: [] };
      // Whatever has to be waited for is waited for until the next round.
      if (next.invocations[0]?.results.some((event) => event.type === 'step' && event.result.kind !== 'done'))
        i = Math.max(i, BUSY - 3);
    }
    return withoutInvocations(next);
  }

  /** Nobody writes and nobody else helps: dr's alarm starts nothing while dr holds a lease, even one that it cannot use. */
  function needsOperator(state: State): boolean {
    if (!runsIn.includes('dr')) return true;
    const isOver = (state.journals.dr?.state.phase ?? 'ended') === 'ended';
    return isOver && !isGood(state) && mayBegin(protocol, state, 'dr');
  }

  return [
    {
      name: 'every invocation has crashed, and the reconciler calls others',
      invariant: 'every crash resumes',
      limit: 30,
      applies: () => true,
      round,
      isGood,
    },
  ];
}

/** The first of the steps that are possible. */
export function firstOf(moves: (emit: Emit<State>) => void, say: Say): State | undefined {
  let found: State | undefined;
  moves((next, line) => {
    if (!found) say(line);
    found ??= next;
  });
  return found;
}
