import type { RegisterRecord } from '../../../lambda/shared/register/record';
import { KeyWriter } from '../key';
import { REGIONS } from '../world';
import type { Bounds, State, Task } from './state';

const TASKS = { idle: 0, ended: 1, reading: 2, writing: 3, opening: 4, closing: 5 } as const;
const WHAT = { renew: 0, claim: 1, confirm: 2, release: 3 } as const;

/** Which worker's claim it was, where one asks for its own again. */
function claimantOf({ claimId }: RegisterRecord): number {
  return claimId.length === 1 ? claimId.charCodeAt(0) : 0;
}

/** The three registers are alike, so what happens to one and what happens to another is one state. */
export function registerKey({ lease, workers }: Bounds): (state: State) => string {
  const key = new KeyWriter();
  // A time from which a lease is counted matters until that lease is over.
  const earliest = -2 - lease;

  function pushTask(task: Task, own: number): void {
    key.push(TASKS[task.at] * 3 + ('stalled' in task ? task.stalled : 0));
    switch (task.at) {
      case 'idle':
      case 'ended':
        return;
      case 'closing':
        return key.push(task.asked === undefined ? 2 : task.asked ? 1 : 0);
      case 'reading':
        key.time(task.now, earliest);
        return key.push(task.neverOpened ? 1 : 0);
      case 'writing': {
        const { what, epoch, now, writes, claim } = task;
        key.push(WHAT[what] * 16 + epoch);
        key.time(now, earliest);
        key.time(task.openFrom, own);
        const write = writes[0] ?? writes[1] ?? writes[2] ?? claim?.writes[0];
        return write ? key.record(write.record) : key.push(0);
      }
      case 'opening':
        key.push(task.epoch);
        key.time(task.leaseEnd, own - 1);
        return key.time(task.openFrom, own);
    }
  }

  function pushColumn({ registers, late, tasks, cut }: State, i: number): void {
    const record = registers[i];
    if (!record) return;
    key.column();
    key.push(((cut.primary >> i) & 1) * 2 + ((cut.dr >> i) & 1));
    key.record(record);
    key.push(claimantOf(record));
    for (const task of tasks) {
      if (task.at === 'reading') {
        const seen = task.seen[i];
        if (seen) {
          key.record(seen);
          key.push(claimantOf(seen));
        } else key.push(0);
      } else if (task.at === 'writing') {
        key.push(task.writes[i] ? 1 : ((task.confirmed >> i) & 1) * 2);
      }
    }
    for (const entry of late) {
      if (entry.index !== i) continue;
      key.record(entry.write.record);
      key.push(claimantOf(entry.write.record));
    }
  }

  return (state) => {
    const { offsets, tasks, locals, winners } = state;
    key.begin(state);
    key.push(offsets.primary * 4 + offsets.dr + 8);
    key.push(state.claimsLeft * 16 + state.faultsLeft);
    key.push(state.stallsLeft);
    key.push(state.released);
    tasks.forEach((task, k) => pushTask(task, offsets[workers[k]?.region ?? 'primary']));
    for (const region of REGIONS) {
      const item = locals[region];
      key.push(item ? item.epoch * 4 + (item.closed ? 2 : 0) + (item.activeRegion === region ? 1 : 0) : 0);
      key.time(item?.leaseEnd, offsets[region] - 1);
    }
    for (const { region, epoch, leaseEnd } of state.known) {
      key.push(epoch * 2 + (region === 'dr' ? 1 : 0));
      key.time(leaseEnd, -9);
    }
    for (const { epoch, worker, openFrom } of winners) {
      key.push(128 + epoch * 8 + worker);
      key.time(openFrom, offsets[workers[worker]?.region ?? 'primary']);
    }
    for (let i = 0; i < state.registers.length; i += 1) pushColumn(state, i);
    return key.text();
  };
}
