import type { VirtualClock, Timer } from '../kernel/clock';
import type { ContainerSettings } from './ports';

/** Where in an execution environment's life a crash can be planted: right before a message leaves, or right after one came. */
export type Crossing = 'sends' | 'hears';

/** Who decides whether an execution environment dies at a crossing. */
export type CrashPlan = (container: Container, crossing: Crossing, number: number) => boolean;

/**
 * One execution environment of a function (Lambda developer guide, "Lambda execution environment lifecycle"): frozen between
 * invocations, thawed by the next one, gone for good when it is killed. Code in it only goes on through `resume`.
 */
export class Container {
  private state: 'frozen' | 'running' | 'dead' = 'running';
  private waiting: (() => void)[] = [];
  private crossings = 0;
  private lastHeardAt = 0;
  private readonly onDeath = new Set<() => void>();

  constructor(
    /** For the trace: `heartbeat-dev`. */
    readonly name: string,
    readonly region: string,
    /** The role's ARN. */
    readonly role: string,
    readonly settings: ContainerSettings,
    private readonly clock: VirtualClock,
    private readonly enter: (container: Container) => void,
    private readonly crashes: CrashPlan,
  ) {}

  get dead(): boolean {
    return this.state === 'dead';
  }

  /** This region's own clock, in whole milliseconds since 1970, as `Date.now` has it. */
  now(): number {
    return Math.floor(this.clock.now()) + this.settings.skew();
  }

  /** Continues code of this environment, in an event of the clock; later when it is frozen, never when it is dead. */
  resume(work: () => void): void {
    if (this.state === 'dead') return;
    if (this.state === 'frozen') {
      this.waiting.push(work);
      return;
    }
    this.enter(this);
    this.clock.resumesHandlers();
    work();
  }

  /** Continues code after something was heard from outside: a crash may come first. */
  hear(work: () => void): void {
    const now = this.clock.now();
    // Nothing overtakes what came before it, also when the environment is quick again: a connection's bytes have an order.
    this.lastHeardAt = Math.max(now + (this.settings.slowerMs?.() ?? 0), this.lastHeardAt);
    if (this.lastHeardAt > now) this.clock.at(this.lastHeardAt, () => this.takeIn(work));
    else this.takeIn(work);
  }

  private takeIn(work: () => void): void {
    if (this.crossed('hears')) this.resume(work);
  }

  /** Whether what the code wants to send may leave: false when it died on the way. */
  mayLeave(): boolean {
    return this.crossed('sends');
  }

  private crossed(crossing: Crossing): boolean {
    if (this.state !== 'running') return this.state !== 'dead';
    this.crossings += 1;
    if (this.crashes(this, crossing, this.crossings)) this.kill();
    return !this.dead;
  }

  timer(ms: number, work: () => void): Timer {
    return this.clock.after(ms, () => this.resume(work));
  }

  freeze(): void {
    if (this.state === 'running') this.state = 'frozen';
  }

  /** Begins an invocation: what came due meanwhile happens now. */
  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'running';
    const due = this.waiting;
    this.waiting = [];
    for (const work of due) this.resume(work);
  }

  /** Nothing of it goes on any more; its sockets close without a word to it. */
  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.waiting = [];
    for (const tell of this.onDeath) tell();
  }

  /** @returns what ends the listening: an environment outlives its invocations by far. */
  whenDead(tell: () => void): () => void {
    this.onDeath.add(tell);
    return () => void this.onDeath.delete(tell);
  }
}
