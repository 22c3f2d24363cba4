import type { Decision } from '../../../lambda/failover-orchestrator/decide';
import type { Trigger } from '../../../lambda/failover-orchestrator/guards';
import {
  hasEnded,
  planOf,
  roleChangeOf,
  type RunKind,
  type StepName,
} from '../../../lambda/failover-orchestrator/plan';
import type { RunEvent, RunState } from '../../../lambda/failover-orchestrator/run';
import type { Breach, Emit, Model } from '../explorer';
import { KeyWriter } from '../key';
import type { Protocol } from '../protocol';
import { at, FIRST_TICK, TICK } from '../world';
import { answers, type Finding, FINDINGS, isBad, told } from './answers';
import { cancelling, ending, givingUp, POLICY } from './plan-recovery';
import { isWork, settleRest, without, type Work } from './rest-of-plan';

/** One run and the invocation that works on it, if it has not crashed. */
export interface PlanState {
  readonly tick: number;
  readonly run: RunState;
  readonly alive: boolean;
  /** RDS has taken the order to change the writer, whatever the run makes of it. */
  readonly isTaken: boolean;
  /** An operator's run that has waited for a person, who has not answered. */
  readonly unaccepted: boolean;
  readonly todo: readonly Work[];
  /** What the run has found out last. */
  readonly finding?: Finding;
  readonly crashesLeft: number;
  readonly abortsLeft: number;
  readonly breach?: Breach;
}

/** How much is explored. */
export interface RunBounds {
  readonly kind: RunKind;
  /** @default the alarm for a failover, an operator for a switchover */
  readonly trigger?: Trigger;
  /** Steps that may fail, wait and take their time; the others are done at once. */
  readonly steps: readonly StepName[];
  readonly crashes: number;
  readonly aborts: number;
}

const OFFSETS = { primary: 0, dr: 0 } as const;

/** Longer ago than any time that a run goes by, in ticks. */
const LONG_AGO = -4;

/** The decision about a run by itself: every answer in every order, with crashes at every point. */
export function runModel(protocol: Protocol, bounds: RunBounds): Model<PlanState> {
  const { kind } = bounds;
  const operator: Trigger = { kind: 'operator', who: 'an operator', force: false };
  const trigger = bounds.trigger ?? (kind === 'failover' ? { kind: 'alarm' } : operator);
  const leftOut = new Set(
    planOf(kind)
      .map(({ name }) => name)
      .filter((name) => !bounds.steps.includes(name)),
  );

  /** Takes a decision, with which an invocation goes on. */
  function taken(state: PlanState, decision: Decision, todo: readonly Work[], finding = state.finding): PlanState {
    const now = state.tick * TICK;
    const { state: run, commands } = settleRest(protocol, decision, leftOut, now, POLICY);
    const isOver = run.phase === 'ended' || run.phase === 'waiting-for-person';
    const next: PlanState = {
      ...state,
      run,
      alive: !isOver,
      unaccepted: state.unaccepted || (run.phase === 'waiting-for-person' && run.trigger.kind === 'operator'),
      todo: isOver ? [] : [...todo, ...commands.filter(isWork)],
      ...(finding && { finding }),
    };
    const breach = breachOf(state, next, now);
    return breach ? { ...next, breach } : next;
  }

  function begun(): PlanState {
    const decision = protocol.beginRun(
      {
        runId: 'run',
        kind,
        trigger,
        dryRun: false,
      },
      POLICY,
      FIRST_TICK * TICK,
    );
    const { crashes: crashesLeft, aborts: abortsLeft } = bounds;
    return taken(
      {
        tick: FIRST_TICK,
        run: decision.state,
        alive: true,
        isTaken: false,
        unaccepted: false,
        todo: [],
        crashesLeft,
        abortsLeft,
      },
      decision,
      [],
    );
  }

  function hear(state: PlanState, event: RunEvent, todo: readonly Work[], finding?: Finding): PlanState {
    const isTaken = state.isTaken || takes(event, kind);
    const unaccepted = state.unaccepted && event.type !== 'accepted';
    return taken({ ...state, isTaken, unaccepted }, protocol.decide(state.run, event, POLICY), todo, finding);
  }

  function moves(state: PlanState, emit: Emit<PlanState>): void {
    const { run, alive, todo, tick } = state;
    const now = tick * TICK;
    const say = (line: string) => () => `${at(tick)} ${line}`;
    if (run.phase === 'ended') return;
    emit({ ...state, tick: tick + 1 }, () => '');
    if (!alive)
      emit(
        hear(state, { type: 'resumed', now }, []),
        say(`another invocation goes on with the run, which is ${run.phase}`),
      );
    else if (state.crashesLeft > 0) {
      emit({ ...state, alive: false, todo: [], crashesLeft: state.crashesLeft - 1 }, say('the invocation crashes'));
    }
    const waits = run.phase === 'waiting-for-person' || run.phase === 'observing';
    if (state.abortsLeft > 0 && (alive || waits)) {
      const less = { ...state, abortsLeft: state.abortsLeft - 1 };
      emit(hear(less, { type: 'abort', now, who: 'an operator' }, todo), say('an operator wants the run aborted'));
    }
    if (run.phase === 'waiting-for-person') {
      emit(
        hear(state, { type: 'accepted', now, by: { who: 'an operator', lossMs: Infinity } }, []),
        say('an operator accepts the loss'),
      );
    }
    todo.forEach((command, i) => {
      for (const [event, finding] of answers(command, now, kind)) {
        emit(hear(state, event, without(todo, i), finding), say(told(event, finding)));
      }
    });
  }

  return {
    initial: [begun()],
    moves,
    key: runKey(),
    breach: (state) => state.breach ?? forgottenStep(state),
    rest: (state) => ({ ...state, alive: false, todo: [], crashesLeft: 0, abortsLeft: 0 }),
    recoveries: [
      ending(
        'everybody answers well',
        'every crash resumes',
        hear,
        kind,
        (command, now) => answers(command, now, kind)[0],
      ),
      givingUp(hear, kind),
      ...(kind === 'switchover' ? [cancelling(hear)] : []),
      ending('nothing ever succeeds', 'every run ends', hear, kind, (command, now) =>
        answers(command, now, kind).find(([event]) => isBad(event, 'failed')),
      ),
      ending('everything has to be waited for', 'every run ends', hear, kind, (command, now) =>
        answers(command, now, kind).find(([event]) => isBad(event, 'pending')),
      ),
    ],
  };
}

/** What is wrong with a decision by itself. */
function breachOf(before: PlanState, { run, todo, finding }: PlanState, now: number): Breach | undefined {
  const early = planOf(run.kind).find(({ name, after }) => {
    const { status } = run.steps[name];
    return status !== 'waiting' && (!run.claim || !after.every((earlier) => hasEnded(run.steps[earlier])));
  });
  if (early) return { invariant: 'a step waits for the ones before it', detail: `${early.name} has begun too early` };
  if (!run.claim && todo.some((command) => command.do === 'step')) {
    return { invariant: 'a claim before a promotion', detail: 'the plan has begun without an epoch' };
  }
  const claims = run.phase === 'claiming' && todo.some((command) => command.do === 'claim');
  const begins = before.run.phase === 'observing' && (claims || run.phase === 'acting');
  if (begins && finding !== 'yes' && !(finding === 'person' && run.accepted)) {
    return {
      invariant: 'guards are asked first',
      detail: `the guards said ${finding ?? 'nothing'}, and the run is ${run.phase}`,
    };
  }
  if (begins && before.unaccepted) {
    return { invariant: 'a person is waited for', detail: 'nobody has accepted the loss, and the run claims' };
  }
  const resumes = !before.alive && claims;
  if (resumes && now - (run.evidence?.at ?? 0) > POLICY.askForMs) {
    return { invariant: 'guards are asked first', detail: 'a run that was resumed claims by answers that are old' };
  }
  return undefined;
}

/** What RDS says, or shows. */
function takes(event: RunEvent, kind: RunKind): boolean {
  if (event.type !== 'step' || event.step !== roleChangeOf(kind)) return false;
  const { result } = event;
  return result.kind === 'done' || (result.kind === 'pending' && result.accepted === true);
}

/** A living invocation has an attempt under way for everything that has begun. */
function forgottenStep({ alive, run, todo }: PlanState): Breach | undefined {
  if (!alive) return undefined;
  const started = planOf(run.kind).find(
    ({ name }) =>
      run.steps[name].status === 'started' && !todo.some((command) => command.do === 'step' && command.step === name),
  );
  if (started && run.phase === 'acting')
    return { invariant: 'every crash resumes', detail: `${started.name} has begun, and nobody attempts it` };
  if (todo.length === 0)
    return { invariant: 'every run ends', detail: `the run is ${run.phase} and waits for nothing` };
  return undefined;
}

const PHASES = { observing: 0, 'waiting-for-person': 1, claiming: 2, acting: 3, releasing: 4, ended: 5 } as const;
const STATUSES = { waiting: 0, started: 1, done: 2, failed: 3 } as const;

function runKey(): (state: PlanState) => string {
  const key = new KeyWriter();
  return (state) => {
    const { tick, run, alive, todo, finding } = state;
    key.begin({ tick, offsets: OFFSETS });
    key.push(state.crashesLeft * 16 + state.abortsLeft * 2 + (alive ? 1 : 0));
    key.push(PHASES[run.phase] * 8 + (finding ? FINDINGS.indexOf(finding) + 1 : 0));
    key.push(
      (run.promotionAccepted ? 4 : 0) +
        (run.abortBy !== undefined ? 2 : 0) +
        (run.accepted ? 1 : 0) +
        run.claimAttempts * 8,
    );
    key.push(run.claimedAbove ?? 0);
    key.push((state.isTaken ? 1 : 0) + (state.unaccepted ? 2 : 0) + (run.givesUp === undefined ? 0 : 4));
    if (run.phase === 'ended') return key.text();
    key.time(run.askedSince, LONG_AGO);
    key.time(run.evidence?.at, LONG_AGO);
    key.time(run.claim?.wonAt, LONG_AGO);
    key.time(run.acceptedAt, LONG_AGO);
    key.time(run.quietSince, LONG_AGO);
    key.time(run.unansweredAt, LONG_AGO);
    key.time(run.waitsSince, LONG_AGO);
    key.time(run.steps['switch-over'].startedAt, LONG_AGO);
    key.push((run.saidSlow ? 1 : 0) + (run.restoreAttempts ?? 0) * 2);
    for (const { name, critical } of planOf(run.kind)) {
      const { status, attempts } = run.steps[name];
      // How often a critical step was tried changes nothing.
      key.push(STATUSES[status] * 4 + (critical ? 0 : attempts < 3 ? attempts : 3));
    }
    const plan = planOf(run.kind);
    for (const command of todo) {
      key.column();
      key.push(command.do === 'step' ? plan.findIndex(({ name }) => name === command.step) : 64 + command.do.length);
    }
    return key.text();
  };
}
