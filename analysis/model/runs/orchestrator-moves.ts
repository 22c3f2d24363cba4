import type { Decision } from '../../../lambda/failover-orchestrator/decide';
import { judge, together } from '../../../lambda/failover-orchestrator/guards';
import type { RunKind, StepName } from '../../../lambda/failover-orchestrator/plan';
import type { RunEvent, RunState } from '../../../lambda/failover-orchestrator/run';
import { beat, later, look, mayBegin, type Realm, writeAll } from '../cycles';
import type { Breach, Emit } from '../explorer';
import type { Protocol } from '../protocol';
import { at, clockOf, type Region, REGIONS } from '../world';
import { orchestratorCommands } from './orchestrator-commands';
import { journalWriter } from './orchestrator-journal';
import {
  evidenceOf,
  type Invocation,
  type Journal,
  type OrchestratorBounds,
  POLICIES,
  settingOf,
  type State,
} from './orchestrator-state';
import { settleRest, without } from './rest-of-plan';

/** The steps that states allow, by who takes them. */
export interface OrchestratorSteps {
  readonly all: (state: State, emit: Emit<State>) => void;
  readonly pass: (state: State, emit: Emit<State>) => void;
  readonly starts: (state: State, region: Region, emit: Emit<State>) => void;
  readonly goOn: (state: State, invocation: Invocation, k: number, emit: Emit<State>) => void;
  readonly accept: (state: State, region: Region) => State;
}

/** What the heartbeats of a tick have done. */
interface Beaten {
  readonly realm: Realm;
  readonly lines: readonly (() => string)[];
}

/** Invocations in both regions, with the time, the heartbeats and RDS around them. */
export function orchestratorSteps(protocol: Protocol, bounds: OrchestratorBounds): OrchestratorSteps {
  const setting = settingOf(protocol, bounds);
  const perform = orchestratorCommands(protocol, bounds);
  const writer = journalWriter(protocol);
  // Most steps do not touch the registers, and then the next heartbeats do the same.
  const beaten = new WeakMap<
    Realm['registers'],
    Pick<Realm, 'tick' | 'locals' | 'known'> & { readonly writable: object; readonly after: readonly Beaten[] }
  >();

  return { all, pass, starts, goOn, accept };

  function all(state: State, emit: Emit<State>): void {
    pass(state, emit);
    rds(state, emit);
    for (const region of bounds.runsIn) starts(state, region, emit);
    if (bounds.promoted && state.faultsLeft > 0) contests(state, emit);
    if (bounds.recovers && state.alarm === 'red') {
      emit({ ...state, alarm: 'not-red' }, () => `${at(state.tick)} the alarm turns green`);
    }
    state.invocations.forEach((invocation, k) => goOn(state, invocation, k, emit));
  }

  /** Somebody in primary claims the next epoch, and dies between the two halves: dr's heartbeat takes one above it. */
  function contests(state: State, emit: Emit<State>): void {
    const plan = protocol.planClaim(look(setting, state.registers), setting.quorum, {
      region: 'primary',
      otherRegion: 'dr',
      claimId: 'somebody',
      now: clockOf(state.tick, 'primary', state.offsets),
      leaseMs: setting.leaseMs,
    });
    if (!plan.ok) return;
    const { realm } = writeAll(setting, state, plan.writes);
    emit(
      { ...realm, faultsLeft: state.faultsLeft - 1 },
      () => `${at(state.tick)} somebody in primary claims epoch ${plan.epoch}, and dies`,
    );
  }

  /** Time passes, and every region that lives renews: what happens without renewals is explored with the registers alone. */
  function pass(state: State, emit: Emit<State>): void {
    const { tick, registers, locals, known, aurora } = state;
    const last = beaten.get(registers);
    const isSame =
      last?.tick === tick && last.locals === locals && last.known === known && last.writable === aurora.writable;
    const after = isSame ? last.after : beats(state);
    if (!isSame) beaten.set(registers, { tick, locals, known, writable: aurora.writable, after });
    const stalling = state.invocations.filter((one) => !one.stalled && isBusy(one)).length;
    if (stalling > state.stallsLeft) return;
    const invocations =
      stalling === 0
        ? state.invocations
        : state.invocations.map((one) => (isBusy(one) ? { ...one, stalled: true } : one));
    const { late, ...settled } = aurora;
    const next = late && late.until <= tick ? settled : aurora;
    for (const { realm, lines } of after) {
      emit({ ...state, ...realm, aurora: next, invocations, stallsLeft: state.stallsLeft - stalling }, () =>
        lines.map((line) => line()).join('\n'),
      );
    }
  }

  function beats({ tick, offsets, registers, locals, known, aurora: { writable } }: State): readonly Beaten[] {
    const { ownership } = look(setting, registers);
    const contested = ownership.kind === 'owned' && ownership.contestedBy !== undefined;
    return (contested ? [0, 0.99] : [0]).map((dice) => {
      const lines: (() => string)[] = [];
      let realm: Realm = later({ tick, offsets, registers, locals, known });
      for (const region of REGIONS) {
        if (region === bounds.lost) continue;
        realm = beat(setting, realm, region, { writable: writable[region], dice }, (line) => lines.push(line));
      }
      return { realm, lines };
    });
  }

  /** Nobody writes until the roles have changed, or RDS has cancelled. */
  function switchesOver(state: State, towards: Region, emit: Emit<State>): void {
    const { writer } = state.aurora;
    const writes = (region: Region): State => ({
      ...state,
      aurora: { writer: region, writable: { primary: region === 'primary', dr: region === 'dr' } },
    });
    emit(writes(towards), () => `${at(state.tick)} RDS has switched over to ${towards}`);
    if (state.faultsLeft === 0 || bounds.onlyOrders) return;
    const cancelled = { ...writes(writer), faultsLeft: state.faultsLeft - 1 };
    emit(cancelled, () => `${at(state.tick)} RDS cancels the switchover to ${towards}`);
  }

  function rds(state: State, emit: Emit<State>): void {
    const { towards, kind, writable, late, writer: from } = state.aurora;
    if (towards === undefined) {
      if (!late || late.towards === from) return;
      const begun = {
        writer: from,
        writable,
        towards: late.towards,
        kind: 'failover',
        isOwners: late.isOwners,
      } as const;
      return emit(
        { ...state, aurora: begun },
        () => `${at(state.tick)} RDS begins with the order to fail over to ${late.towards} that it has not answered`,
      );
    }
    if (kind === 'switchover') return switchesOver(state, towards, emit);
    const old = towards === 'dr' ? 'primary' : 'dr';
    const after = (aurora: State['aurora']): State => ({ ...state, aurora });
    emit(
      after({ writer: towards, writable: { ...writable, [towards]: true } }),
      () => `${at(state.tick)} RDS has promoted ${towards}; the old writer still takes writes`,
    );
    emit(
      after({ writer: towards, writable: { primary: towards === 'primary', dr: towards === 'dr' } }),
      () => `${at(state.tick)} RDS has promoted ${towards} and fenced ${old}`,
    );
    if (state.faultsLeft === 0 || bounds.onlyOrders) return;
    const given = { ...after({ writer: state.aurora.writer, writable }), faultsLeft: state.faultsLeft - 1 };
    emit(given, () => `${at(state.tick)} RDS gives the failover to ${towards} up`);
  }

  function starts(state: State, region: Region, emit: Emit<State>): void {
    const journal = state.journals[region];
    const now = clockOf(state.tick, region, state.offsets);
    const standing = journal && journal.state.phase !== 'ended';
    if (standing) replaces(state, region, journal, now, emit);
    if (standing && !journal.abortWished && state.abortsLeft > 0 && !journal.state.promotionAccepted) {
      const journals = { ...state.journals, [region]: { ...journal, abortWished: true } };
      emit(
        { ...state, journals, abortsLeft: state.abortsLeft - 1 },
        () => `${at(state.tick)} an operator wants the run in ${region} aborted`,
      );
    }
    if (state.startsLeft === 0) return;
    const left = { ...state, startsLeft: state.startsLeft - 1 };
    const name = `invocation ${bounds.starts - left.startsLeft} in ${region}`;
    if (standing) {
      if (journal.ownedUntil > now) return;
      const decision = protocol.decide(journal.state, { type: 'resumed', now }, POLICIES[region]);
      return emit(
        writer.take(left, region, name, journal.revision, decision),
        () => `${at(state.tick)} ${name} goes on with the run, which is ${journal.state.phase}`,
      );
    }
    if (bounds.onlyOrders && journal) return;
    const isCalm = region === 'dr' && (state.alarm !== 'red' || mayBegin(protocol, state, 'dr'));
    if (isCalm && !(bounds.switches && state.alarm !== 'red')) return;
    const decision = beginRun(protocol, region, now, journal, isCalm ? 'switchover' : 'failover');
    emit(
      writer.take(left, region, name, journal?.revision ?? 0, decision),
      () => `${at(state.tick)} ${name} begins a run`,
    );
  }

  /** Two writes of the journal: the operator's invocation may die between them. */
  function replaces(state: State, region: Region, journal: Journal, now: number, emit: Emit<State>): void {
    if (!bounds.replaces || region !== 'dr' || state.startsLeft === 0 || !protocol.givesWay(journal.state)) return;
    const left = { ...state, startsLeft: state.startsLeft - 1 };
    const who = 'an operator';
    const name = `the operator's invocation in ${region}`;
    const decision = protocol.decide(journal.state, { type: 'replaced', now, who }, POLICIES[region]);
    const ended = writer.take(left, region, name, journal.revision, decision);
    const breach = kept(state, decision.state, region);
    emit(
      breach ? { ...ended, breach } : ended,
      () => `${at(state.tick)} an operator ends the alarm's run, and dies before a new one begins`,
    );
    const begun = operatorsRun(protocol, region, now, journal.revision + 1);
    emit(
      writer.take(ended, region, name, journal.revision + 1, begun),
      () => `${at(state.tick)} an operator's run takes the place of the alarm's, which was ${journal.state.phase}`,
    );
  }

  /** A run that ends without having promoted, and leaves its region the owner of what it has claimed. */
  function kept({ registers }: State, { outcome, claim, claimedAbove }: RunState, region: Region): Breach | undefined {
    const least = claim?.epoch ?? (claimedAbove === undefined ? undefined : claimedAbove + 1);
    if ((outcome !== 'ABORTED' && outcome !== 'REFUSED') || least === undefined) return undefined;
    const { ownership } = look({ ...setting, silent: 0 }, registers);
    if (ownership.kind === 'unknown' || ownership.activeRegion !== region || ownership.released) return undefined;
    if (ownership.epoch < least) return undefined;
    const detail = `a run has ended, ${outcome}, and ${region} owns epoch ${ownership.epoch} without a run to use it`;
    return { invariant: 'what a run gives up is free', detail };
  }

  /** A person takes the loss upon themselves. */
  function accept(state: State, region: Region): State {
    const journal = state.journals[region];
    if (!journal) return state;
    const now = clockOf(state.tick, region, state.offsets);
    const by = { who: 'an operator', lossMs: Infinity };
    return writer.take(
      state,
      region,
      `an invocation in ${region}`,
      journal.revision,
      protocol.decide(journal.state, { type: 'accepted', now, by }, POLICIES[region]),
    );
  }

  function goOn(state: State, invocation: Invocation, k: number, emit: Emit<State>): void {
    const { region, run, results, todo, unsaved } = invocation;
    const now = clockOf(state.tick, region, state.offsets);
    const journal = state.journals[region];
    if (unsaved) {
      emit(
        writer.save(state, k),
        () => `${at(state.tick)} ${invocation.name} writes down that the run is ${run.phase}`,
      );
    }
    const mayAbort = journal?.abortWished === true && run.abortBy === undefined && !run.promotionAccepted;
    if (mayAbort) take(state, invocation, k, { type: 'abort', now, who: 'an operator' }, results, emit);
    results.forEach((event, i) => take(state, invocation, k, event, without(results, i), emit));
    todo.forEach((command, i) => {
      if (command.do !== 'observe') return perform(state, invocation, k, command, without(todo, i), emit);
      // What is found out is decided about at once: an answer that is kept says nothing that was not so before.
      const evidence = evidenceOf(setting, state, region, bounds.lost);
      take(state, { ...invocation, todo: without(todo, i) }, k, { type: 'observed', now, evidence }, results, emit);
    });
  }

  /** Decides about an event, and writes the decision down. */
  function take(
    state: State,
    invocation: Invocation,
    k: number,
    event: RunEvent,
    results: readonly RunEvent[],
    emit: Emit<State>,
  ): void {
    const { region, run } = invocation;
    const policy = POLICIES[region];
    const decision = settleRest(protocol, protocol.decide(run, event, policy), LEFT_OUT, event.now, policy);
    // What was lost to another owner, or given back, is free; what a zombie claims after that is another matter.
    const isFree = invocation.freed || event.type === 'step';
    const breach =
      askedFirst(run, decision.state, region) ??
      unsettled(state, invocation, decision.state) ??
      (isFree ? undefined : kept(state, decision.state, region));
    const next = writer.decided(state, k, { ...invocation, results, stalled: false }, decision);
    emit(breach ? { ...next, breach } : next, () => {
      const { phase, outcome, why = '' } = decision.state;
      const result = event.type === 'step' ? ` ${event.step} ${event.result.kind}` : '';
      const lost =
        next.journals[region]?.state === decision.state || invocation.unsaved
          ? ''
          : '; but its write of the journal is refused, and it stops';
      return `${at(state.tick)} ${invocation.name} hears: ${event.type}${result}; the run is ${phase}${outcome ? ` ${outcome}: ${why}` : ''}${lost}`;
    });
  }
}

/** The steps that nothing else depends on here are done at once; each is a write of the journal of its own. */
const LEFT_OUT = new Set<StepName>([
  'stop-consumers',
  'start-consumers',
  'shift-traffic',
  'raise-floor',
  'lower-floor',
  'restore-consumers',
  'move-rpo-bound',
  'reconcile',
  'verify',
  'announce',
  'record-change',
  'report',
]);

/** Asking RDS or the registers again and again is waiting; anything else takes no time unless it stalls. */
function isBusy({ results, todo, ordering, opening, unsaved }: Invocation): boolean {
  return (
    ordering || opening !== undefined || unsaved || results.length > 0 || todo.some((command) => command.do !== 'step')
  );
}

/**
 * Gives its epoch back while RDS may still begin with an order of its own, or is at it. A zombie may order at any time, and
 * nobody can wait for that; and who has lost its epoch has nothing to give back.
 */
function unsettled(
  { aurora, journals }: State,
  { region, run, revision }: Invocation,
  after: RunState,
): Breach | undefined {
  const gives = run.phase === 'acting' && after.phase === 'releasing' && after.kind === 'failover';
  if (!gives || journals[region]?.revision !== revision) return undefined;
  const { towards, late, isOwners } = aurora;
  const isComing = late?.towards === region && late.isOwners;
  const isUnderWay = towards === region && isOwners === true;
  if (!isComing && !isUnderWay) return undefined;
  return {
    invariant: 'an order is settled first',
    detail: `the run in ${region} is given up, and RDS may still fail over to it`,
  };
}

/** The real guards, whatever has decided. */
function askedFirst(before: RunState, after: RunState, region: Region): Breach | undefined {
  const acts = (phase: RunState['phase']): boolean => phase === 'claiming' || phase === 'acting';
  if (acts(before.phase) || !acts(after.phase)) return undefined;
  const { evidence, kind, trigger, accepted } = after;
  const policy = POLICIES[region];
  const verdicts = evidence ? judge({ kind, trigger, evidence, policy, ...(accepted && { accepted }) }) : undefined;
  if (verdicts && together(verdicts) === 'yes') return undefined;
  return { invariant: 'guards are asked first', detail: `the run in ${region} is ${after.phase}` };
}

/** A run that an operator starts in primary accepts any loss; the alarm's does not. */
export function beginRun(
  protocol: Protocol,
  region: Region,
  now: number,
  before: Journal | undefined,
  kind: RunKind,
): Decision {
  const runId = `${region} ${before ? before.revision + 1 : 1}`;
  if (kind === 'switchover') {
    const trigger = { kind: 'operator' as const, who: 'an operator', force: false };
    return protocol.beginRun({ runId, kind, trigger, dryRun: false }, POLICIES[region], now);
  }
  if (region === 'primary') return operatorsRun(protocol, region, now, before?.revision ?? 0);
  return protocol.beginRun({ runId, dryRun: false, trigger: { kind: 'alarm' } }, POLICIES[region], now);
}

function operatorsRun(protocol: Protocol, region: Region, now: number, revision: number): Decision {
  const trigger = { kind: 'operator' as const, who: 'an operator', force: false };
  const accepted = { who: 'an operator', lossMs: Infinity };
  const runId = `${region} ${revision + 1}`;
  return protocol.beginRun({ runId, dryRun: false, trigger, accepted }, POLICIES[region], now);
}
