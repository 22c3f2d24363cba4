import { absentRecord, type Quorum } from '../../lambda/shared/register/record';
import { beat, claim, later, look, type Realm, type Setting, writeAll } from './cycles';
import type { Breach, Emit, Model } from './explorer';
import { KeyWriter } from './key';
import type { Protocol } from './protocol';
import { at, clockOf, FIRST_TICK, type Offsets, type Region, REGIONS, TICK } from './world';

/** One transaction as fenced-write.ts runs it; it may stall between any two steps. Times in milliseconds. */
type Tx =
  | { readonly at: 'idle' | 'ended' }
  /** The lease was read; then the row `writer_epoch` is held against a higher epoch. */
  | { readonly at: 'begun' | 'locked'; readonly epoch: number }
  /** The lease was read again, and the commit is on its way. */
  | { readonly at: 'committing'; readonly epoch: number; readonly latestCommit: number }
  /** The answer is on its way; `overtakenBy` is a higher epoch that had committed before. */
  | { readonly at: 'committed'; readonly epoch: number; readonly latestCommit: number; readonly overtakenBy?: number };

/** Both databases take writes all the while: fencing by RDS is best effort. */
interface State extends Realm {
  readonly writers: readonly Tx[];
  /** The row `writer_epoch`, by region. */
  readonly rows: Readonly<Record<Region, number>>;
  /** The tick of the first commit under an epoch. */
  readonly first: Readonly<Record<number, number>>;
  readonly claimsLeft: number;
  readonly breach?: Breach;
}

/** How much is explored. */
export interface WriterBounds {
  readonly quorum: Quorum;
  readonly offsets: readonly Offsets[];
  /** Whose functions write, one transaction each. */
  readonly writers: readonly Region[];
  /** Ticks. */
  readonly lease: number;
  /** Claims by dr. */
  readonly claims: number;
  /** Whether dr ends primary's writes after a claim, as a switchover does, instead of waiting for the end of its lease. */
  readonly ends: boolean;
}

const ENDED: Tx = { at: 'ended' };
const STAGES = { idle: 0, ended: 1, begun: 2, locked: 3, committing: 4, committed: 5 } as const;

/** Functions that write, while heartbeats and claims, whole ones, go on beside them. */
export function writersModel(protocol: Protocol, bounds: WriterBounds): Model<State> {
  const { quorum, lease, writers } = bounds;
  const { habits } = protocol;
  const setting: Setting = { protocol, quorum, leaseMs: lease * TICK, silent: 0 };
  const onlyDrsRegister: Setting = { ...setting, silent: 0b101 };

  function moves(state: State, emit: Emit<State>): void {
    emit(later(state), () => '');
    for (const region of REGIONS) beats(state, region, emit);
    if (state.claimsLeft > 0) claims(state, emit);
    if (bounds.ends) ends(state, emit);
    state.writers.forEach((tx, w) => {
      const region = writers[w] as Region;
      write(state, region, tx, (next, after, say) =>
        emit(
          { ...next, writers: state.writers.map((other, i) => (i === w ? after : other)) },
          () => `${at(state.tick)} ${region}'s function ${w + 1} ${say}`,
        ),
      );
    });
  }

  function beats(state: State, region: Region, emit: Emit<State>): void {
    const { ownership } = look(setting, state.registers);
    const contested = ownership.kind === 'owned' && ownership.contestedBy !== undefined;
    for (const dice of contested ? [0, 0.99] : [0]) {
      const lines: (() => string)[] = [];
      const next = beat(setting, state, region, { writable: true, dice }, (line) => lines.push(line));
      if (next !== state) emit(next, () => lines.map((line) => line()).join('\n'));
    }
  }

  /** A claim by dr that is won, or one whose writes are lost but for its own register: the owner then claims back. */
  function claims(state: State, emit: Emit<State>): void {
    const left = { ...state, claimsLeft: state.claimsLeft - 1 };
    for (const reach of [setting, onlyDrsRegister]) {
      const { realm, won } = claim(setting, left, 'dr', 'run', reach);
      emit(realm, () => `${at(state.tick)} dr's orchestrator ${won ? `has won epoch ${won.epoch}` : 'claims in vain'}`);
    }
  }

  /** As steps/end-writes.ts in two calls: the new epoch in primary's database, then the end of primary's lease in the registers. */
  function ends(state: State, emit: Emit<State>): void {
    const view = look(setting, state.registers);
    const { ownership } = view;
    if (ownership.kind === 'unknown' || ownership.activeRegion !== 'dr' || ownership.released) return;
    const { epoch } = ownership;
    if (state.rows.primary < epoch && !isHeld(state, 'primary')) {
      emit(
        { ...state, rows: { ...state.rows, primary: epoch } },
        () => `${at(state.tick)} dr's orchestrator has epoch ${epoch} installed in primary's database`,
      );
    }
    const now = clockOf(state.tick, 'dr', state.offsets);
    if ((state.rows.primary < epoch && habits.provesEnd) || (view.leaseEnds['primary'] ?? 0) <= now) return;
    const ended = { region: 'primary', at: now };
    const writes = protocol.planRenewal(view, epoch, { region: 'dr', now, leaseMs: setting.leaseMs, ended });
    emit(
      writeAll(setting, state, writes).realm,
      () => `${at(state.tick)} dr's orchestrator says that primary's lease is over`,
    );
  }

  /** Whether a transaction holds the row against a higher epoch. */
  function isHeld(state: State, region: Region): boolean {
    return state.writers.some(
      ({ at: stage }, w) => writers[w] === region && (stage === 'locked' || stage === 'committing'),
    );
  }

  function write(state: State, region: Region, tx: Tx, emit: (next: State, after: Tx, say: string) => void): void {
    const now = clockOf(state.tick, region, state.offsets);
    switch (tx.at) {
      case 'ended':
        return;
      case 'idle': {
        const permit = mayWriteNow(state, region, now);
        if (permit.ok) emit(state, { at: 'begun', epoch: permit.epoch }, `begins under epoch ${permit.epoch}`);
        return;
      }
      case 'begun':
        return lock(state, region, tx.epoch, emit);
      case 'locked': {
        const again = mayWriteNow(state, region, now);
        if (!again.ok || again.epoch !== tx.epoch)
          return emit(state, ENDED, 'leaves its transaction: the lease is another one');
        const { epoch, latestCommit } = again;
        return emit(
          state,
          { at: 'committing', epoch, latestCommit },
          `commits; it has until ${at(latestCommit / TICK)} by its clock`,
        );
      }
      case 'committing': {
        const { epoch, latestCommit } = tx;
        const overtakenBy = Object.keys(state.first)
          .map(Number)
          .find((other) => other > epoch && (state.first[other] ?? Infinity) < state.tick);
        const first = { ...state.first, [epoch]: state.first[epoch] ?? state.tick };
        const after: Tx = { at: 'committed', epoch, latestCommit, ...(overtakenBy !== undefined && { overtakenBy }) };
        return emit({ ...state, first }, after, `has committed under epoch ${epoch} in ${region}'s database`);
      }
      case 'committed': {
        if (!habits.inTime(now, tx.latestCommit)) return emit(state, ENDED, 'is too late, and acknowledges nothing');
        const { epoch, overtakenBy } = tx;
        const detail = `a commit under epoch ${epoch} was acknowledged that came after one under epoch ${overtakenBy ?? ''}`;
        const breach: Breach | undefined =
          overtakenBy === undefined ? undefined : { invariant: 'no double write', detail };
        return emit(breach ? { ...state, breach } : state, ENDED, 'acknowledges its commit');
      }
    }
  }

  /** The row is locked against a higher epoch, or raised first: for that, nobody else may hold it. */
  function lock(
    state: State,
    region: Region,
    epoch: number,
    emit: (next: State, after: Tx, say: string) => void,
  ): void {
    const locked: Tx = { at: 'locked', epoch };
    const row = state.rows[region];
    if (!habits.comparesEpoch || row === epoch)
      return emit(state, locked, `locks epoch ${row} in ${region}'s database`);
    if (row > epoch) return emit(state, ENDED, `finds epoch ${row} in the database`);
    if (isHeld(state, region)) return;
    emit(
      { ...state, rows: { ...state.rows, [region]: epoch } },
      locked,
      `raises the epoch in ${region}'s database to ${epoch} and locks it`,
    );
  }

  function mayWriteNow({ locals }: State, region: Region, now: number) {
    const lease = locals[region];
    const reading = lease
      ? ({ known: true, lease } as const)
      : ({ known: false, why: 'there is no local item' } as const);
    return protocol.mayWrite({ reading, region, now, deadline: now });
  }

  return {
    initial: bounds.offsets.map((offsets) => ({
      tick: FIRST_TICK,
      offsets,
      registers: quorum.locations.map(() => absentRecord('primary')),
      locals: { primary: undefined, dr: undefined },
      known: [],
      writers: writers.map(() => ({ at: 'idle' })),
      rows: { primary: 1, dr: 1 },
      first: {},
      claimsLeft: bounds.claims,
    })),
    moves,
    key: writersKey(bounds),
    breach: ({ breach }) => breach,
    rest: (state) => state,
    recoveries: [],
  };
}

/** Functions of one region are alike, and so are registers; what was over before this tick is over. */
function writersKey({ writers }: WriterBounds): (state: State) => string {
  const key = new KeyWriter();
  return (state) => {
    const { tick, offsets, registers, locals, rows, first, claimsLeft } = state;
    key.begin(state);
    key.push(offsets.primary * 4 + offsets.dr + 8);
    key.push(claimsLeft);
    for (const region of REGIONS) {
      const item = locals[region];
      key.push(rows[region] * 16 + (item?.epoch ?? 0));
      key.time(item?.leaseEnd, offsets[region] - 1);
    }
    for (const record of registers) key.record(record);
    for (let epoch = 1; epoch < 6; epoch += 1) {
      const when = first[epoch];
      key.push(when === undefined ? 0 : when < tick ? 1 : 2);
    }
    state.writers.forEach((tx, w) => {
      const region = writers[w] as Region;
      key.column();
      key.push(region === 'dr' ? 1 : 0);
      key.push(STAGES[tx.at] * 16 + ('epoch' in tx ? tx.epoch : 0));
      if (tx.at === 'committing' || tx.at === 'committed') key.time(tx.latestCommit, offsets[region] - 1);
      if (tx.at === 'committed') key.push(tx.overtakenBy ?? 0);
    });
    return key.text();
  };
}
