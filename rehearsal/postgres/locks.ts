import type { Clock } from '../kernel/clock';

/** Whoever holds locks until its end; the lock manager knows it by identity. */
export interface Holder {
  /** What it holds, for the release at its end. */
  readonly held: Set<string>;
}

export type Mode = 'exclusive' | 'share';

/** One wait for a lock. */
export interface Wait {
  /** Stops waiting: the statement or its session has ended. */
  cancel(): void;
}

interface Waiter<H> {
  readonly holder: H;
  readonly mode: Mode;
  readonly granted: () => void;
}

interface Lock<H> {
  readonly holders: Map<H, Mode>;
  readonly queue: Waiter<H>[];
}

/** PostgreSQL looks for a deadlock when a wait has lasted this long (`deadlock_timeout`). */
const DEADLOCK_TIMEOUT_MS = 1_000;

/**
 * Locks on rows and on keys that somebody is inserting, as PostgreSQL grants them (manual 13.3.2; heapam's tuple
 * locks): who is compatible with all holders gets the lock at once, also before those who wait; who waits is served in
 * order.
 */
export class Locks<H extends Holder> {
  private readonly locks = new Map<string, Lock<H>>();
  private readonly waiting = new Map<H, string>();

  constructor(private readonly clock: Clock) {}

  /**
   * Takes a lock until the holder's end.
   *
   * @param granted is called at once, before this returns, or when others have let go.
   * @param deadlock is called instead of `granted` when waiting has no end.
   * @returns the wait, when there is one.
   */
  take(name: string, mode: Mode, holder: H, granted: () => void, deadlock: () => void): Wait | undefined {
    const lock = this.locks.get(name);
    if (!lock) {
      this.locks.set(name, { holders: new Map([[holder, mode]]), queue: [] });
      holder.held.add(name);
      granted();
      return undefined;
    }
    if (grantable(lock, mode, holder)) {
      hold(lock, name, mode, holder);
      granted();
      return undefined;
    }
    return this.wait(name, lock, { holder, mode, granted }, deadlock);
  }

  /** Lets go of everything that a transaction holds; those who waited go on, in order. */
  release(holder: H): void {
    if (holder.held.size === 0) return;
    const names = [...holder.held];
    holder.held.clear();
    for (const name of names) this.let(name, holder);
  }

  /** Lets go of one lock before the transaction's end. */
  releaseOne(name: string, holder: H): void {
    holder.held.delete(name);
    this.let(name, holder);
  }

  private let(name: string, holder: H): void {
    const lock = this.locks.get(name);
    if (!lock) return;
    lock.holders.delete(holder);
    this.serve(name, lock);
  }

  private serve(name: string, lock: Lock<H>): void {
    for (let next = lock.queue[0]; next && grantable(lock, next.mode, next.holder); next = lock.queue[0]) {
      lock.queue.shift();
      this.waiting.delete(next.holder);
      hold(lock, name, next.mode, next.holder);
      next.granted();
    }
    if (lock.holders.size === 0 && lock.queue.length === 0 && this.locks.get(name) === lock) this.locks.delete(name);
  }

  private wait(name: string, lock: Lock<H>, waiter: Waiter<H>, deadlock: () => void): Wait {
    lock.queue.push(waiter);
    this.waiting.set(waiter.holder, name);
    const timer = this.clock.after(DEADLOCK_TIMEOUT_MS, () => {
      if (!lock.queue.includes(waiter) || !this.waitsForItself(waiter.holder)) return;
      wait.cancel();
      deadlock();
    });
    const wait: Wait = {
      cancel: () => {
        timer.cancel();
        const place = lock.queue.indexOf(waiter);
        if (place < 0) return;
        lock.queue.splice(place, 1);
        this.waiting.delete(waiter.holder);
        this.serve(name, lock);
      },
    };
    return wait;
  }

  private waitsForItself(start: H): boolean {
    const seen = new Set<H>();
    const pending = this.blockers(start);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next === start) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      pending.push(...this.blockers(next));
    }
    return false;
  }

  /** Whom a transaction waits for: those who hold what it wants, and those who wait before it. */
  private blockers(holder: H): H[] {
    const name = this.waiting.get(holder);
    const lock = name === undefined ? undefined : this.locks.get(name);
    if (!lock) return [];
    const place = lock.queue.findIndex((waiter) => waiter.holder === holder);
    const mode = lock.queue[place]?.mode ?? 'share';
    const before = lock.queue.slice(0, Math.max(place, 0)).filter((other) => conflicts(other.mode, mode));
    const holding = [...lock.holders].filter(([other, held]) => other !== holder && conflicts(held, mode));
    return [...holding.map(([other]) => other), ...before.map((waiter) => waiter.holder)];
  }
}

function conflicts(one: Mode, other: Mode): boolean {
  return one === 'exclusive' || other === 'exclusive';
}

function grantable<H>(lock: Lock<H>, mode: Mode, holder: H): boolean {
  for (const [other, held] of lock.holders) {
    if (other !== holder && conflicts(held, mode)) return false;
  }
  return true;
}

function hold<H extends Holder>(lock: Lock<H>, name: string, mode: Mode, holder: H): void {
  if (lock.holders.get(holder) !== 'exclusive') lock.holders.set(holder, mode);
  holder.held.add(name);
}
