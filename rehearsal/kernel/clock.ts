/** Something that will happen; cancelling it twice, or after it has happened, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Virtual time. What the simulated AWS does, it does here, at once and in order. */
export interface Clock {
  /** True time in milliseconds since 1970; a region's own clock may be wrong by a fault, this one never is. */
  now(): number;
  /** Does work at a time; at once, after everything that is already due, when the time is over. */
  at(time: number, work: () => void): Timer;
  after(ms: number, work: () => void): Timer;
}

interface Event {
  readonly time: number;
  /** Two events of one moment happen in the order in which they were asked for. */
  readonly order: number;
  work: (() => void) | undefined;
}

/**
 * The event queue of one run. Everything that happens, happens in an event; between two events all promises of the handlers
 * are settled, so that a run is a sequence and the same seed gives the same one.
 */
export class VirtualClock implements Clock {
  private readonly heap: Event[] = [];
  private time: number;
  private asked = 0;
  private awaited = false;

  constructor(start: number) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  at(time: number, work: () => void): Timer {
    const event: Event = { time: Math.max(time, this.time), order: this.asked, work };
    this.asked += 1;
    push(this.heap, event);
    return {
      cancel: () => {
        event.work = undefined;
      },
    };
  }

  after(ms: number, work: () => void): Timer {
    return this.at(this.time + Math.max(ms, 0), work);
  }

  /**
   * To be called by whoever resolves a promise that handler code waits for: only then must the queue wait for the microtasks
   * before the next event. Waiting after every event would cost more than the events.
   */
  resumesHandlers(): void {
    this.awaited = true;
  }

  /** Lets everything happen that is due until then, and moves the time to then. */
  run(until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let left = 0;
      let over = false;
      const begin = (): void => {
        for (; left < TURNS_AT_ONCE; left += 1) nextTurn(turn);
      };
      const turn = (): void => {
        left -= 1;
        if (over) return;
        try {
          over = this.proceed(until);
        } catch (error) {
          over = true;
          reject(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        if (over) resolve();
        else if (left === 0) begin();
      };
      begin();
    });
  }

  /** Goes on to the next event that resumes handlers; whether nothing is due any more. */
  private proceed(until: number): boolean {
    for (let next = this.heap[0]; next !== undefined && next.time <= until; next = this.heap[0]) {
      pop(this.heap);
      if (next.work === undefined) continue;
      this.time = next.time;
      next.work();
      if (!this.awaited) continue;
      this.awaited = false;
      return false;
    }
    this.time = Math.max(this.time, until);
    return true;
  }
}

// Taken when this file is loaded: nothing that a run does to the globals can stop the queue.
const { setImmediate: nextTurn } = globalThis;

/**
 * Every microtask and every `nextTick` that is there, and those they make, is done before the next immediate (Node.js, "The
 * Node.js Event Loop"). Many are asked for at once: those of one turn of the loop follow each other without the loop's own work.
 */
const TURNS_AT_ONCE = 64;

function before(one: Event, other: Event): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}

function push(heap: Event[], event: Event): void {
  let index = heap.length;
  heap.push(event);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !before(event, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    let child = heap[below];
    if (child === undefined) break;
    const other = heap[below + 1];
    if (other !== undefined && before(other, child)) {
      child = other;
      below += 1;
    }
    if (!before(child, last)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = last;
}
