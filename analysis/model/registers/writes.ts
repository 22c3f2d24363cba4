import type { RegisterRecord, RegisterWrite } from '../../../lambda/shared/register/record';
import { close, openLocal } from '../cycles';
import type { Emit } from '../explorer';
import type { Protocol } from '../protocol';
import { at, clockOf, otherThan, TICK } from '../world';
import {
  answersOf,
  type Bounds,
  type State,
  type Task,
  withTask,
  type Worker,
  type Write,
  type Writing,
} from './state';

const IDLE: Task = { at: 'idle' };
const ENDED: Task = { at: 'ended' };

/** How workers write, and what they do once they have their answers. */
export function registerWrites(protocol: Protocol, bounds: Bounds, write: Write) {
  const { quorum, workers } = bounds;
  const { habits } = protocol;
  const locations = quorum.locations;
  const leaseMs = bounds.lease * TICK;
  const setting = { protocol, quorum, leaseMs, silent: 0 };

  /** What was overtaken since it was read is refused at once. */
  function writing(
    state: State,
    { what, now, epoch, openFrom, claim }: Pick<Writing, 'what' | 'now' | 'epoch' | 'openFrom' | 'claim'>,
    list: readonly RegisterWrite[],
  ): Task {
    const all = locations.map((location) => list.find((one) => one.location === location));
    const sent = all.reduce((mask, one, i) => (one ? mask | (1 << i) : mask), 0);
    const writes = all.map((one, i) =>
      one && habits.compareAndSet(state.registers[i] as RegisterRecord, one) ? one : undefined,
    );
    return {
      at: 'writing',
      stalled: 0,
      what,
      now,
      epoch,
      openFrom,
      writes,
      sent,
      confirmed: 0,
      ...(claim && { claim }),
    };
  }

  function send(state: State, k: number, { name, region }: Worker, task: Writing, emit: Emit<State>): void {
    task.writes.forEach((one, i) => {
      if (!one || state.cut[region] & (1 << i)) return;
      const writes = task.writes.map((other, j) => (j === i ? undefined : other));
      const next = withTask(state, k, { ...task, stalled: 0, writes, confirmed: task.confirmed | (1 << i) });
      write(next, i, one, k, (after, who) =>
        emit(
          after,
          () => `${at(state.tick)} ${name}: ${task.what} of epoch ${task.epoch} in ${one.location} is confirmed${who}`,
        ),
      );
    });
  }

  /** The worker waits no longer: what is not confirmed yet is lost, or arrives later. */
  function settle(state: State, k: number, worker: Worker, task: Writing, emit: Emit<State>): void {
    const pending = task.writes.flatMap((one, i) => (one ? [i] : []));
    const faults = pending.filter((i) => !(state.cut[worker.region] & (1 << i))).length;
    if (faults > state.faultsLeft) return;
    for (let mask = 0; mask < 1 << pending.length; mask += 1) {
      const arriving = pending.filter((_, n) => mask & (1 << n));
      if (state.late.length + arriving.length > bounds.late) continue;
      const entries = arriving.map((index) => ({ index, write: task.writes[index] as RegisterWrite, from: k }));
      const late = entries.length > 0 ? [...state.late, ...entries] : state.late;
      settled({ ...state, late, faultsLeft: state.faultsLeft - faults }, k, worker, task, (next, say) =>
        emit(next, () => {
          const lost = pending.map((i) => `${locations[i] ?? ''} ${arriving.includes(i) ? 'late' : 'lost'}`).join(', ');
          return `${at(state.tick)} ${worker.name} ${say()}${lost && ` (${lost})`}`;
        }),
      );
    }
  }

  function settled(state: State, k: number, worker: Worker, task: Writing, emit: Emit<State>): void {
    const { region } = worker;
    const { epoch, what, openFrom } = task;
    const confirmedAt = clockOf(state.tick, region, state.offsets);
    const answers = answersOf(task);
    if (!protocol.isMajority(answers, quorum)) {
      return emit(withTask(state, k, IDLE), () => `has no majority to ${what} epoch ${epoch}`);
    }
    switch (what) {
      case 'renew': {
        const leaseEnd = habits.leaseFrom(task.now, confirmedAt) + leaseMs;
        const next = withTask(state, k, { at: 'opening', stalled: 0, epoch, leaseEnd, openFrom });
        return emit(next, () => `has renewed epoch ${epoch}`);
      }
      case 'claim': {
        if (!task.claim) return;
        const view = protocol.viewAfterClaim(task.claim, answers, quorum);
        const from = protocol.openFrom(view.leaseEnds, otherThan(region));
        const writes = protocol.planRenewal(view, epoch, { region, now: task.now, leaseMs });
        const next = writing(state, { what: 'confirm', now: task.now, epoch, openFrom: from }, writes);
        return emit(withTask(state, k, next), () => `has claimed epoch ${epoch} and has to confirm it`);
      }
      case 'confirm':
        return win(state, k, worker, task, confirmedAt, emit);
      case 'release': {
        const next = withTask({ ...state, released: state.released | (1 << epoch) }, k, ENDED);
        return emit(habits.closesFirst ? next : close(next, region, epoch), () => `has released epoch ${epoch}`);
      }
    }
  }

  function win(state: State, k: number, worker: Worker, task: Writing, confirmedAt: number, emit: Emit<State>): void {
    const { epoch, openFrom, now } = task;
    const before = state.winners.find((won) => won.epoch === epoch)?.worker;
    const leaseEnd = habits.leaseFrom(now, confirmedAt) + leaseMs;
    const next: Task = worker.kind === 'heartbeat' ? { at: 'opening', stalled: 0, epoch, leaseEnd, openFrom } : ENDED;
    const won = withTask(
      {
        ...state,
        winners: [...state.winners.filter((other) => other.epoch !== epoch), { epoch, worker: k, openFrom }],
      },
      k,
      next,
    );
    if (before === undefined || before === k) return emit(won, () => `has won epoch ${epoch}`);
    const detail = `${workers[before]?.name ?? ''} and ${worker.name} have both won epoch ${epoch}`;
    emit({ ...won, breach: { invariant: 'an epoch is owned once', detail } }, () => `has won epoch ${epoch}`);
  }

  function open(
    state: State,
    k: number,
    { name, region }: Worker,
    task: Extract<Task, { at: 'opening' }>,
    emit: Emit<State>,
  ): void {
    const said: (() => string)[] = [];
    const next = openLocal(setting, withTask(state, k, IDLE), region, task, true, (line) => said.push(line));
    emit(
      next,
      () => said.map((line) => line()).join('\n') || `${at(state.tick)} ${name} finds the local item moved on`,
    );
  }

  return { writing, send, settle, open };
}
