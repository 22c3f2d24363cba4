import type { RegisterView } from '../../../lambda/shared/register/protocol';
import type { RegisterReading, RegisterRecord, RegisterWrite } from '../../../lambda/shared/register/record';
import { close, wonUnder } from '../cycles';
import type { Breach, Emit } from '../explorer';
import type { Protocol } from '../protocol';
import { at, clockOf, otherThan, type Region, TICK, verdictAt } from '../world';
import {
  type Bounds,
  RELEASED_EPOCH,
  said,
  type State,
  type Task,
  withTask,
  type Worker,
  type Write,
  type Writing,
} from './state';
import { registerWrites } from './writes';

type Of<A extends Task['at']> = Extract<Task, { at: A }>;

const ENDED: Task = { at: 'ended' };

/** What a worker does where it stands. */
export interface Steps {
  work(state: State, k: number, emit: Emit<State>): void;
}

/** How workers read and decide, with the real functions. */
export function registerSteps(protocol: Protocol, bounds: Bounds, write: Write): Steps {
  const { quorum, workers } = bounds;
  const { habits } = protocol;
  const locations = quorum.locations;
  const leaseMs = bounds.lease * TICK;
  const { writing, send, settle, open } = registerWrites(protocol, bounds, write);

  function work(state: State, k: number, emit: Emit<State>): void {
    const worker = workers[k] as Worker;
    const task = state.tasks[k] as Task;
    switch (task.at) {
      case 'idle':
      case 'ended':
        return undefined;
      case 'closing':
        return closing(state, k, worker, task, emit);
      case 'reading':
        return hear(state, k, worker, task, emit);
      case 'writing':
        send(state, k, worker, task, emit);
        return settle(state, k, worker, task, emit);
      case 'opening':
        return open(state, k, worker, task, emit);
    }
  }

  /** Closed is for good, so what is asked after it stays true; what is asked before may be wrong by then. */
  function closing(state: State, k: number, { name, region }: Worker, task: Of<'closing'>, emit: Emit<State>): void {
    const now = clockOf(state.tick, region, state.offsets);
    const asked = (): boolean => state.locals[region]?.activeRegion !== region;
    if (habits.asksBeforeClosing && task.asked === undefined) {
      return emit(
        withTask(state, k, { at: 'closing', stalled: 0, asked: asked() }),
        () => `${at(state.tick)} ${name} reads the local item`,
      );
    }
    const next = withTask(state, k, { at: 'reading', stalled: 0, now, seen: [], neverOpened: task.asked ?? asked() });
    if (!habits.closesFirst) return emit(next, () => `${at(state.tick)} ${name} begins without closing the local item`);
    emit(close(next, region, RELEASED_EPOCH), () => `${at(state.tick)} ${name} closes ${region}'s local item`);
  }

  /** Each register that was not read yet is read now, or does not answer. */
  function hear(state: State, k: number, worker: Worker, task: Of<'reading'>, emit: Emit<State>): void {
    const unread = locations.reduce((mask, _, i) => (task.seen[i] === undefined ? mask | (1 << i) : mask), 0);
    const cut = state.cut[worker.region] & unread;
    const most = state.faultsLeft === 0 ? cut : unread;
    for (let silent = cut; silent <= most; silent += 1) {
      const faults = bits(silent & ~cut);
      if ((silent & cut) !== cut || (silent & ~unread) !== 0 || faults > state.faultsLeft) continue;
      const readings = locations.map((location, i): RegisterReading =>
        silent & (1 << i)
          ? { location, known: false, why: 'time-out' }
          : { location, known: true, record: task.seen[i] ?? (state.registers[i] as RegisterRecord) },
      );
      decide(faults > 0 ? { ...state, faultsLeft: state.faultsLeft - faults } : state, k, worker, task, readings, emit);
    }
  }

  function decide(
    state: State,
    k: number,
    worker: Worker,
    task: Of<'reading'>,
    readings: readonly RegisterReading[],
    emit: Emit<State>,
  ): void {
    const { region, name } = worker;
    const { now } = task;
    const view = protocol.viewOf(readings, quorum);
    const { ownership } = view;
    const begin = (
      what: Writing['what'],
      epoch: number,
      writes: readonly RegisterWrite[],
      rest: Partial<Writing> = {},
    ): State => {
      const openFrom = protocol.openFrom(view.leaseEnds, otherThan(region));
      const next = withTask(state, k, writing(state, { what, now, epoch, openFrom, ...rest }, writes));
      const answered = readings.filter(({ known }) => known).length;
      return answered < quorum.majority ? { ...next, breach: alone(name, answered) } : next;
    };
    const say = (what: string) => (): string => {
      const heard = readings.map((one) => `${one.location}: ${one.known ? said(one.record) : 'no answer'}`).join(', ');
      return `${at(state.tick)} ${name} has read ${heard}; it ${what}`;
    };
    const claim = (): void => {
      if (state.claimsLeft === 0) return;
      const plan = protocol.planClaim(view, quorum, {
        region,
        otherRegion: otherThan(region),
        claimId: claimIdOf(k, worker),
        now,
        leaseMs,
      });
      if (!plan.ok) return;
      const next = { ...begin('claim', plan.epoch, plan.writes, { claim: plan }), claimsLeft: state.claimsLeft - 1 };
      const breach = unassumed(view, plan.writes, region, now);
      emit(breach ? { ...next, breach } : next, say(`claims epoch ${plan.epoch}`));
    };
    switch (worker.kind) {
      case 'claimant': {
        const won = wonUnder(protocol, view, region, claimIdOf(k, worker));
        if (won === undefined) return claim();
        if (state.claimsLeft === 0) return;
        const again = begin('confirm', won, protocol.planRenewal(view, won, { region, now, leaseMs }));
        return emit({ ...again, claimsLeft: state.claimsLeft - 1 }, say(`confirms epoch ${won} again`));
      }
      case 'releaser': {
        if (ownership.kind === 'unknown') return;
        const { activeRegion, epoch, released } = ownership;
        if (activeRegion !== region || epoch !== RELEASED_EPOCH || released)
          return emit(withTask(state, k, ENDED), say('has nothing to release'));
        const leaseEnd = task.neverOpened ? now : (view.leaseEnds[region] ?? now + leaseMs);
        return emit(
          begin('release', epoch, protocol.planRelease(view, epoch, { region, leaseEnd })),
          say(`releases epoch ${epoch}`),
        );
      }
      case 'heartbeat':
        return heartbeat(view, now, region, claim, (epoch) =>
          emit(
            begin('renew', epoch, protocol.planRenewal(view, epoch, { region, now, leaseMs })),
            say(`renews epoch ${epoch}`),
          ),
        );
    }
  }

  /** Both sides of the dice where they can matter. */
  function heartbeat(
    view: RegisterView,
    now: number,
    region: Region,
    claim: () => void,
    renew: (epoch: number) => void,
  ): void {
    const { ownership } = view;
    const contested = ownership.kind === 'owned' && ownership.contestedBy !== undefined;
    for (const dice of contested ? [0, 0.99] : [0]) {
      const decision = protocol.decideHeartbeat({ region, view, now, verdict: verdictAt(now, true), dice });
      if (decision.kind === 'renew') renew(decision.epoch);
      else if (decision.kind === 'claim') claim();
    }
  }

  /** A claim that knows of no lease of the other region, and does not assume one. One that it has read is another matter. */
  function unassumed(
    view: RegisterView,
    writes: readonly RegisterWrite[],
    region: Region,
    now: number,
  ): Breach | undefined {
    const { ownership, known } = view;
    const other = otherThan(region);
    const own = ownership.kind === 'owned' && ownership.activeRegion === region && !ownership.released;
    if (own || known.some(({ record }) => record.leaseEnds[other] !== undefined)) return undefined;
    if (writes.every(({ record }) => (record.leaseEnds[other] ?? 0) >= now + leaseMs)) return undefined;
    return {
      invariant: 'a new owner waits for the old lease',
      detail: `no register says until when ${other} may write, and the claim of ${region} assumes no lease`,
    };
  }

  return { work };
}

/** Every attempt of one run claims under one name; a heartbeat never asks for its own again. */
function claimIdOf(k: number, { kind }: Worker): string {
  return kind === 'claimant' ? `${k}` : 'heartbeat';
}

function alone(name: string, answered: number): Breach {
  return { invariant: 'nothing is decided without a majority', detail: `${name} writes after ${answered} answers` };
}

function bits(mask: number): number {
  return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1);
}
