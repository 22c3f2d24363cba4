import type { RegisterRecord, RegisterWrite } from '../../../lambda/shared/register/record';
import { later } from '../cycles';
import type { Breach, Emit } from '../explorer';
import type { Protocol } from '../protocol';
import { at, clockOf, REGIONS } from '../world';
import { answersOf, type Bounds, said, type State, type Task, withTask, type Worker, type Writing } from './state';
import { registerSteps } from './steps';

/** Every step that one state allows: of a worker, of a late write, of the network, or of time. */
export function registerMoves(protocol: Protocol, bounds: Bounds): (state: State, emit: Emit<State>) => void {
  const { quorum, workers } = bounds;
  const { habits } = protocol;
  const locations = quorum.locations;
  const steps = registerSteps(protocol, bounds, write);
  const closers = new Set(workers.filter(({ kind }) => kind === 'releaser').map(({ region }) => region));

  return (state, emit) => {
    const eager = state.tasks.findIndex(isEager);
    if (eager >= 0) {
      steps.work(state, eager, emit);
      return stall(state, eager, emit);
    }
    pass(state, emit);
    state.tasks.forEach((task, k) => {
      if (!('stalled' in task) || task.stalled === 1) return;
      steps.work(state, k, emit);
      if (task.stalled === 0) stall(state, k, emit);
    });
    state.late.forEach((entry, n) => {
      const late = state.late.filter((_, other) => other !== n);
      write({ ...state, late }, entry.index, entry.write, undefined, (next, who) =>
        emit(next, () => {
          const { location, record } = entry.write;
          return `${at(state.tick)} ${name(entry.from)}'s late write arrives in ${location}: ${said(record)}${who}`;
        }),
      );
    });
  };

  /**
   * A step that no other worker can see, so that it need not be interleaved with theirs: the answers are in, or the local item is
   * put. Only a releaser looks at the local item, and at what others have settled.
   */
  function isEager(task: Task, k: number): boolean {
    const worker = workers[k];
    if (!worker || !('stalled' in task) || task.stalled !== 0 || closers.has(worker.region)) return false;
    return task.at === 'opening' || (task.at === 'writing' && task.writes.every((one) => one === undefined));
  }

  function stall(state: State, k: number, emit: Emit<State>): void {
    const task = state.tasks[k];
    if (state.stallsLeft === 0 || !task || !('stalled' in task)) return;
    emit(
      { ...withTask(state, k, { ...task, stalled: 1 }), stallsLeft: state.stallsLeft - 1 },
      () => `${at(state.tick)} ${name(k)} stalls`,
    );
  }

  /**
   * Time passes once everybody who has written something is done or has stalled. Every worker that is free has begun to read at
   * the beginning of the tick, as far as it matters: reads count when they are needed, and who decides nothing was never there.
   */
  function pass(state: State, emit: Emit<State>): void {
    if (state.tasks.some((task) => (task.at === 'writing' || task.at === 'opening') && task.stalled === 0)) return;
    const next = later(state);
    const tasks = state.tasks.map((task, k): Task => {
      if ('stalled' in task && task.stalled > 0) return task.stalled === 1 ? { ...task, stalled: 2 } : task;
      return task.at === 'ended' ? task : beginning(next, workers[k] as Worker);
    });
    cuts({ ...next, tasks }, emit);
  }

  function beginning({ tick, offsets, claimsLeft }: State, { kind, region }: Worker): Task {
    if (kind === 'releaser') return { at: 'closing', stalled: 0 };
    if (kind === 'claimant' && claimsLeft === 0) return { at: 'ended' };
    return { at: 'reading', stalled: 0, now: clockOf(tick, region, offsets), seen: [] };
  }

  function cuts(state: State, emit: Emit<State>): void {
    emit(state, () => '');
    for (const region of REGIONS) {
      const cut = state.cut[region];
      if (cut !== 0) {
        const healed = { ...state, cut: { ...state.cut, [region]: 0 } };
        emit(healed, () => `${at(state.tick)} ${region} reaches every register again`);
      }
      if (state.faultsLeft === 0) continue;
      locations.forEach((location, i) => {
        if (cut & (1 << i)) return;
        const next = { ...state, cut: { ...state.cut, [region]: cut | (1 << i) }, faultsLeft: state.faultsLeft - 1 };
        emit(next, () => `${at(state.tick)} ${region} is cut off from the register in ${location}`);
      });
    }
  }

  function name(k: number): string {
    return workers[k]?.name ?? '';
  }

  function write(
    state: State,
    index: number,
    { record }: RegisterWrite,
    by: number | undefined,
    emit: (next: State, who: string) => void,
  ): void {
    const before = state.registers[index] as RegisterRecord;
    const registers = state.registers.map((found, i) => (i === index ? record : found));
    const isStale = (other: RegisterWrite): boolean => !habits.compareAndSet(record, other);
    const late = state.late.filter((entry) => entry.index !== index || !isStale(entry.write));
    const readers: number[] = [];
    const tasks = state.tasks.map((task, k) => {
      if (task.at === 'reading' && task.seen[index] === undefined && k !== by) readers.push(k);
      const pending = task.at === 'writing' ? task.writes[index] : undefined;
      if (task.at !== 'writing' || !pending || !isStale(pending)) return task;
      const writes = task.writes.map((other, i) => (i === index ? undefined : other));
      return isLost(task, writes) ? ({ at: 'idle' } as const) : { ...task, writes };
    });
    const next: State = {
      ...state,
      registers,
      late,
      tasks,
      ...(record.epoch < before.epoch && { breach: lowered(before, record) }),
    };
    emit(next, '');
    for (let mask = 1; mask < 1 << readers.length; mask += 1) {
      const early = readers.filter((_, n) => mask & (1 << n));
      const read = tasks.map((task, k) =>
        task.at === 'reading' && early.includes(k) ? saw(task, index, before) : task,
      );
      emit({ ...next, tasks: read }, ` (${early.map(name).join(' and ')} read it just before)`);
    }
  }

  /** Nothing is under way any more, and what was confirmed is no majority: the worker can only give up. */
  function isLost(task: Writing, writes: Writing['writes']): boolean {
    if (task.what === 'release' || writes.some((one) => one !== undefined)) return false;
    return !protocol.isMajority(answersOf(task), quorum);
  }
}

function lowered(before: RegisterRecord, after: RegisterRecord): Breach {
  const detail = `a register that held ${said(before)} now holds ${said(after)}, and somebody could claim epoch ${before.epoch} anew`;
  return { invariant: 'an epoch is owned once', detail };
}

function saw(task: Extract<Task, { at: 'reading' }>, index: number, record: RegisterRecord): Task {
  const seen = [...task.seen];
  seen[index] = record;
  return { ...task, seen };
}
