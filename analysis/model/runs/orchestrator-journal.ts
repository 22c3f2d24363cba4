import type { Decision } from '../../../lambda/failover-orchestrator/decide';
import type { Protocol } from '../protocol';
import { clockOf, type Region, TICK } from '../world';
import { type Invocation, type Journal, OWNED, type State } from './orchestrator-state';
import { isWork, without } from './rest-of-plan';

/** The journal's compare-and-set, with what becomes of an invocation. */
export function journalWriter(protocol: Protocol) {
  const { habits } = protocol;

  function put(state: State, region: Region, decision: Decision, revision: number): State {
    const { phase } = decision.state;
    const now = clockOf(state.tick, region, state.offsets);
    const before = state.journals[region];
    const sameRun = before?.state.runId === decision.state.runId;
    const isOver = phase === 'ended' || phase === 'waiting-for-person';
    const journal: Journal = {
      revision,
      state: decision.state,
      ownedUntil: isOver ? now : now + OWNED * TICK,
      abortWished: sameRun && before.abortWished,
    };
    return { ...state, journals: { ...state.journals, [region]: journal } };
  }

  /** Whoever was replaced can still do what it has begun; what it then hears it cannot write down any more. */
  function replaced(invocations: readonly Invocation[], region: Region, revision: number): readonly Invocation[] {
    if (!habits.checksOwner) return invocations;
    return invocations.flatMap((other) => {
      if (other.region !== region || other.revision === revision) return [other];
      return other.todo.length > 0 ? [{ ...other, results: [] }] : [];
    });
  }

  function replace(state: State, k: number, invocation: Invocation | undefined): State {
    const invocations = invocation
      ? state.invocations.map((other, i) => (i === k ? invocation : other))
      : without(state.invocations, k);
    return { ...state, invocations };
  }

  function goesOn({ run: { phase } }: Invocation): boolean {
    return phase !== 'ended' && phase !== 'waiting-for-person';
  }

  /** Writes if nobody else has; whoever is refused stops. */
  function write(state: State, k: number, invocation: Invocation, decision: Decision): State {
    const found = state.journals[invocation.region];
    const isOwner = found?.revision === invocation.revision;
    if (!isOwner && habits.checksOwner) return replace(state, k, undefined);
    const revision = Math.max(found?.revision ?? 0, invocation.revision) + 1;
    const next = put(state, invocation.region, decision, revision);
    const saved: Invocation = { ...invocation, run: decision.state, revision, unsaved: false };
    const after = replace(next, k, goesOn(saved) ? saved : undefined);
    if (isOwner) return after;
    const detail = `an invocation that was replaced writes revision ${revision} over its successor's`;
    return { ...after, breach: { invariant: 'the journal only goes forward', detail } };
  }

  return {
    /** A new invocation takes the run. */
    take(state: State, region: Region, name: string, revision: number, decision: Decision): State {
      const { state: run, commands } = decision;
      const invocation: Invocation = {
        name,
        region,
        run,
        revision: revision + 1,
        todo: commands.filter(isWork),
        results: [],
        ordering: false,
        opening: undefined,
        unsaved: false,
        stalled: false,
        freed: false,
      };
      const next = put(state, region, decision, revision + 1);
      const others = replaced(state.invocations, region, revision + 1);
      return { ...next, invocations: goesOn(invocation) ? [...others, invocation] : others };
    },
    /** A decision is written before anything of it is done. */
    decided(state: State, k: number, invocation: Invocation, decision: Decision): State {
      const { state: run, commands } = decision;
      if (run === invocation.run && commands.length === 0) return replace(state, k, invocation);
      const next = { ...invocation, todo: [...invocation.todo, ...commands.filter(isWork)] };
      return habits.journalFirst ? write(state, k, next, decision) : replace(state, k, { ...next, run, unsaved: true });
    },
    /** Only where a fault has turned the order around. */
    save(state: State, k: number): State {
      const invocation = state.invocations[k];
      return invocation ? write(state, k, invocation, { state: invocation.run, commands: [] }) : state;
    },
  };
}
