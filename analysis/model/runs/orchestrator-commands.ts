import type { RunEvent, StepResult } from '../../../lambda/failover-orchestrator/run';
import { claim, close, look, remember, type Won, wonUnder, writeAll } from '../cycles';
import type { Breach, Emit } from '../explorer';
import type { Protocol } from '../protocol';
import { at, clockOf, otherThan, putLocal, type Region } from '../world';
import { type Invocation, LATE, type OrchestratorBounds, settingOf, type State } from './orchestrator-state';
import type { Work } from './rest-of-plan';

/** Performs a command of an invocation in every way it can end. */
export type Perform = (
  state: State,
  invocation: Invocation,
  k: number,
  command: Exclude<Work, { do: 'observe' }>,
  todo: readonly Work[],
  emit: Emit<State>,
) => void;

/** How a command ends, and a step. */
type End = (next: State, event: RunEvent, what: string) => void;
type Ended = (next: State, result: StepResult, what: string) => void;

/** What the executor's ports do, each in one step but for two: the order to RDS comes after a look, the opening after a renewal. */
export function orchestratorCommands(protocol: Protocol, bounds: OrchestratorBounds): Perform {
  const setting = settingOf(protocol, bounds);

  return (state, invocation, k, command, todo, emit) => {
    const { region, run } = invocation;
    const now = clockOf(state.tick, region, state.offsets);
    const say = (what: string) => () => `${at(state.tick)} ${invocation.name} ${what}`;
    /** In the middle of a command that has more than one step. */
    const goesOn = (next: State, change: Partial<Invocation>, what: string): void => {
      const after = { ...invocation, ...change, stalled: false };
      const invocations = next.invocations.map((other, i) => (i === k ? after : other));
      emit(checked({ ...next, invocations }, invocation), say(what));
    };
    const end = (next: State, event: RunEvent, what: string): void => {
      const isOwner = state.journals[region]?.revision === invocation.revision || !protocol.habits.checksOwner;
      const after: Invocation = {
        ...invocation,
        todo,
        results: isOwner ? [...invocation.results, event] : [],
        ordering: false,
        opening: undefined,
        stalled: false,
        freed: event.type === 'released' ? event.ok : invocation.freed,
      };
      const isOver = !isOwner && todo.length === 0;
      const invocations = next.invocations.flatMap((other, i) => (i !== k ? [other] : isOver ? [] : [after]));
      emit(checked({ ...next, invocations }, invocation), say(what));
    };
    switch (command.do) {
      case 'claim':
        return claims(state, region, run.runId, now, end);
      case 'release':
        return release(state, region, run.claim?.epoch ?? 0, now, end);
      case 'step': {
        const step = (next: State, result: StepResult, what: string): void =>
          end(next, { type: 'step', now, step: command.step, result }, what);
        if (command.step === 'open' && invocation.opening) return copy(state, region, invocation.opening, step);
        if (command.step === 'open') {
          return open(state, region, run.claim?.epoch ?? 0, step, (next, opening) =>
            goesOn(next, { opening }, `renews epoch ${opening.epoch}, and has to copy it`),
          );
        }
        if (command.step === 'end-writes') return endWrites(state, region, run.claim?.epoch ?? 0, step);
        if (invocation.ordering) return order(state, invocation, step);
        const found = stands(state, invocation);
        if (found) return step(state, found, `looks at the global database: ${found.detail}`);
        return goesOn(state, { ordering: true }, 'finds the old writer still the writer');
      }
    }
  };

  function checked(next: State, { unsaved, region }: Invocation): State {
    const breach: Breach = {
      invariant: 'what is done is in the journal',
      detail: `the run in ${region} acts on a decision that is not written`,
    };
    return unsaved ? { ...next, breach } : next;
  }

  /** As promote.ts: only while the registers name this region, and nothing is under way. */
  function stands(state: State, { region, run }: Invocation): StepResult | undefined {
    const owned = ownedBy(state, region, run.claim?.epoch ?? 0);
    // A run that does not confirm its claim does not ask for its confirmation either.
    if (typeof owned !== 'number' && protocol.habits.confirmsClaim) return owned;
    const { writer, towards } = state.aurora;
    if (writer === region) return { kind: 'done', detail: 'this region has the writer' };
    if (towards === region)
      return { kind: 'pending', detail: 'the change of the writer is in progress', accepted: true };
    if (towards !== undefined) return { kind: 'pending', detail: 'another failover is in progress' };
    if (run.kind === 'switchover' && run.promotionAccepted) {
      return { kind: 'pending', detail: 'nothing of the switchover is to be seen', accepted: true, quiet: true };
    }
    if (run.abortBy !== undefined || run.givesUp !== undefined) {
      return { kind: 'pending', detail: 'not ordered: the run is to be given up', quiet: true };
    }
    return undefined;
  }

  function order(state: State, { region, run, revision }: Invocation, step: Ended): void {
    const epoch = run.claim?.epoch ?? 0;
    const owns = epoch > 0 && (state.won[region] & (1 << epoch)) !== 0;
    const detail =
      epoch === 0
        ? `${region} promotes without an epoch`
        : `${region} promotes under epoch ${epoch}, which it has not won`;
    const breach: Breach | undefined = owns ? undefined : { invariant: 'a claim before a promotion', detail };
    const checked: State = breach ? { ...state, breach } : state;
    const isOwners = state.journals[region]?.revision === revision;
    const aurora =
      state.aurora.towards === undefined && state.aurora.writer !== region
        ? {
            ...state.aurora,
            towards: region,
            kind: run.kind,
            isOwners,
            ...(run.kind === 'switchover' && { writable: { primary: false, dr: false } }),
          }
        : state.aurora;
    step(
      { ...checked, aurora },
      { kind: 'pending', detail: 'accepted', accepted: true },
      'orders RDS to fail over: accepted',
    );
    if (state.faultsLeft === 0) return;
    const less = { ...checked, faultsLeft: state.faultsLeft - 1 };
    const unanswered: StepResult = { kind: 'pending', detail: 'RDS has not answered', unanswered: true };
    step(less, unanswered, 'orders RDS to fail over: the request is lost');
    step({ ...less, aurora }, unanswered, 'orders RDS to fail over: taken, and the answer is lost');
    if (run.kind === 'failover' && state.aurora.towards === undefined) {
      const late = { towards: region, until: state.tick + LATE, isOwners };
      step(
        { ...less, aurora: { ...state.aurora, late } },
        unanswered,
        'orders RDS to fail over: no answer, and RDS may yet begin',
      );
    }
    step(less, { kind: 'failed', detail: 'RDS refuses' }, 'orders RDS to fail over: refused');
  }

  function claims(state: State, region: Region, runId: string, now: number, end: End): void {
    const lost = { won: false as const, why: 'no majority answered' };
    const view = look(setting, state.registers);
    const before = wonUnder(protocol, view, region, runId);
    if (before !== undefined) {
      const { realm, confirmed } = writeAll(
        setting,
        state,
        protocol.planRenewal(view, before, { region, now, leaseMs: setting.leaseMs }),
      );
      if (!protocol.isMajority(confirmed, setting.quorum))
        return end(realm, { type: 'claimed', now, result: lost }, `cannot confirm epoch ${before}`);
      const openFrom = protocol.openFrom(view.leaseEnds, otherThan(region));
      return end(
        winning(realm, region, before),
        { type: 'claimed', now, result: { won: true, epoch: before, openFrom } },
        `confirms epoch ${before} again`,
      );
    }
    const { realm, won, isConfirmed, plan } = claim(setting, state, region, runId);
    if (won) {
      const after = isConfirmed ? winning(realm, region, won.epoch) : realm;
      end(after, { type: 'claimed', now, result: { won: true, ...won } }, `claims epoch ${won.epoch}: won`);
      if (mayFail(state)) {
        end(
          { ...after, faultsLeft: state.faultsLeft - 1 },
          { type: 'claimed', now, result: lost },
          `claims epoch ${won.epoch}; the answers are lost`,
        );
      }
    } else end(realm, { type: 'claimed', now, result: lost }, 'claims in vain');
    if (!mayFail(state) || !plan.ok) return;
    const half = writeAll(setting, state, plan.writes).realm;
    end(
      { ...half, faultsLeft: state.faultsLeft - 1 },
      { type: 'claimed', now, result: lost },
      `claims epoch ${plan.epoch}; the answers to the first half are lost`,
    );
  }

  function mayFail({ faultsLeft }: State): boolean {
    return faultsLeft > 0 && bounds.onlyOrders !== true;
  }

  function winning(state: State, region: Region, epoch: number): State {
    return { ...state, won: { ...state.won, [region]: state.won[region] | (1 << epoch) } };
  }

  /** As register-keeper.ts: closes the local item, learns in the same step what it held, then releases. */
  function release(state: State, region: Region, epoch: number, now: number, end: End): void {
    const before = look(setting, state.registers).ownership;
    if (before.kind === 'owned' && before.epoch === epoch && before.released) {
      return end(state, { type: 'released', now, ok: true }, `finds epoch ${epoch} released`);
    }
    const owned = ownedBy(state, region, epoch);
    if (typeof owned !== 'number')
      return end(
        state,
        { type: 'released', now, ok: owned.kind === 'lost-epoch' },
        `releases nothing: ${owned.detail}`,
      );
    const opened = state.locals[region]?.activeRegion === region;
    const closed = close(state, region, owned);
    const view = look(setting, closed.registers);
    const leaseEnd = opened ? (view.leaseEnds[region] ?? now + setting.leaseMs) : now;
    const { realm, confirmed } = writeAll(setting, closed, protocol.planRelease(view, owned, { region, leaseEnd }));
    const ok = protocol.isMajority(confirmed, setting.quorum);
    end(realm, { type: 'released', now, ok }, ok ? `releases epoch ${owned}` : `cannot release epoch ${owned}`);
    if (!mayFail(state)) return;
    const less = { faultsLeft: state.faultsLeft - 1 };
    end({ ...realm, ...less }, { type: 'released', now, ok: false }, `releases epoch ${owned}; the answers are lost`);
    end({ ...closed, ...less }, { type: 'released', now, ok: false }, `releases epoch ${owned}; the requests are lost`);
  }

  /** As register-keeper.ts: the registers first, and only then the item that this region's functions read. */
  function open(
    state: State,
    region: Region,
    epoch: number,
    step: Ended,
    goesOn: (next: State, opening: Won) => void,
  ): void {
    const owned = ownedBy(state, region, epoch);
    if (typeof owned !== 'number') return step(state, owned, `opens nothing: ${owned.detail}`);
    if (!state.aurora.writable[region]) {
      return step(state, { kind: 'failed', detail: 'the database takes no writes' }, 'cannot install its epoch');
    }
    const { leaseMs } = setting;
    const view = look(setting, state.registers);
    const now = clockOf(state.tick, region, state.offsets);
    const openFrom = protocol.openFrom(view.leaseEnds, otherThan(region));
    if (now < openFrom)
      return step(state, { kind: 'pending', detail: 'the old lease is not over' }, 'waits for the old lease');
    const { realm, confirmed } = writeAll(setting, state, protocol.planRenewal(view, owned, { region, now, leaseMs }));
    if (!protocol.isMajority(confirmed, setting.quorum))
      return step(realm, { kind: 'pending', detail: 'no majority' }, 'cannot renew');
    goesOn(realm, { epoch: owned, leaseEnd: now + leaseMs, openFrom });
  }

  /** The second half: an item that is newer was opened by a heartbeat meanwhile, or closed. */
  function copy(state: State, region: Region, { epoch, leaseEnd }: Won, step: Ended): void {
    const item = state.locals[region];
    const put = putLocal(item, { activeRegion: region, epoch, leaseEnd });
    if (put) {
      const known = remember(state.known, { region, epoch, leaseEnd });
      const opened = { ...state, locals: { ...state.locals, [region]: put }, known };
      return step(opened, { kind: 'done', detail: '' }, `opens epoch ${epoch}`);
    }
    const now = clockOf(state.tick, region, state.offsets);
    const isOwn = item?.activeRegion === region && protocol.habits.opensBy(item.epoch, epoch);
    if (isOwn && item.leaseEnd > now) {
      return step(state, { kind: 'done', detail: '' }, `finds epoch ${item.epoch} open by a heartbeat`);
    }
    if (isOwn && item.leaseEnd > 0) {
      return step(
        state,
        { kind: 'pending', detail: 'the lease is over' },
        `finds the lease of epoch ${item.epoch} over`,
      );
    }
    const detail = `the local item holds epoch ${item?.epoch ?? 0}, or is closed`;
    const owned = ownedBy(state, region, epoch);
    const isOpen = item?.activeRegion === region && item.leaseEnd > 0;
    const breach: Breach | undefined =
      typeof owned === 'number' && isOpen
        ? { invariant: 'who opens goes on', detail: `${region} writes under epoch ${item.epoch}, and its run ends` }
        : undefined;
    step(breach ? { ...state, breach } : state, { kind: 'lost-epoch', detail }, `opens nothing: ${detail}`);
  }

  /** As steps/end-writes.ts: by proof, or when the lease is over. What is proved cannot commit any more, whatever it has read. */
  function endWrites(state: State, region: Region, epoch: number, step: Ended): void {
    const owned = ownedBy(state, region, epoch);
    if (typeof owned !== 'number') return step(state, owned, `ends no writes: ${owned.detail}`);
    const other = otherThan(region);
    const view = look(setting, state.registers);
    const now = clockOf(state.tick, region, state.offsets);
    if (now >= protocol.openFrom(view.leaseEnds, other)) {
      return step(state, { kind: 'done', detail: '' }, `finds the lease of ${other} over`);
    }
    step(state, { kind: 'pending', detail: 'the ledger there is silent' }, `hears nothing of the ledger in ${other}`);
    if (!state.aurora.writable[other]) return;
    const ended = { region: other, at: now };
    const writes = protocol.planRenewal(view, owned, { region, now, leaseMs: setting.leaseMs, ended });
    const proved = { ...state, known: state.known.filter((one) => one.region !== other || one.epoch >= epoch) };
    const { realm, confirmed } = writeAll(setting, proved, writes);
    const ok = protocol.isMajority(confirmed, setting.quorum);
    step(realm, { kind: ok ? 'done' : 'pending', detail: '' }, `has ended the writes of ${other}`);
  }

  /** The epoch that a region owns: the one that its run has won, or a higher one that its heartbeat has taken since. */
  function ownedBy({ registers }: State, region: Region, epoch: number): number | StepResult {
    const { ownership } = look(setting, registers);
    if (ownership.kind === 'unknown') return { kind: 'pending', detail: ownership.why };
    if (ownership.activeRegion === region && ownership.epoch >= epoch && !ownership.released) return ownership.epoch;
    return { kind: 'lost-epoch', detail: `${ownership.activeRegion} owns epoch ${ownership.epoch}` };
  }
}
