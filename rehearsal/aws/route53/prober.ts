import type { Clock, Timer } from '../../kernel/clock';
import type { HttpResult } from '../ports';
import { CONNECT_LIMIT_MS, type TimedAnswer } from './verdict';

/**
 * Sends one request of a checker to an endpoint, by the name that DNS gives at this moment.
 *
 * @param place the region in which the checker stands.
 * @param done is told what came; never, when nothing does.
 */
export type Probe = (place: string, fqdn: string, path: string, done: (result: HttpResult) => void) => void;

/** One check at one checker. */
export interface Rider {
  readonly intervalMs: number;
  /** Undefined: no answer in time. */
  take(answer: TimedAnswer | undefined): void;
}

/**
 * How much earlier than its turn a check takes the answer that the same checker gets for another check of the same endpoint:
 * checks with a longer interval then cost no requests of their own, and at most this is wrong about their pace.
 */
export const SHARED_MS = 1_000;

interface Seat {
  readonly rider: Rider;
  /** When its next turn is; never, while a request is under way for it. */
  due: number;
}

/**
 * One checker's requests to one endpoint. The interval runs from the end of a request to the next one (Route 53 API reference,
 * HealthCheckConfig, RequestInterval), so that an endpoint that does not answer is asked every interval plus 4 s.
 */
export class Prober {
  private readonly seats: Seat[] = [];
  private timer: Timer | undefined;
  private silent = false;

  constructor(
    private readonly clock: Clock,
    readonly place: string,
    /** Sends a request; told what came, if anything does. */
    private readonly send: (done: (result: HttpResult) => void) => void,
  ) {}

  /** @param firstAfterMs time to its first turn. */
  add(rider: Rider, firstAfterMs: number): void {
    this.seats.push({ rider, due: this.clock.now() + firstAfterMs });
    this.schedule();
  }

  /** A silent checker asks nobody and says nothing. */
  setSilent(silent: boolean): void {
    this.silent = silent;
  }

  private schedule(): void {
    this.timer?.cancel();
    let next = Infinity;
    for (const { due } of this.seats) if (due < next) next = due;
    this.timer = next === Infinity ? undefined : this.clock.at(next, () => this.turn());
  }

  private turn(): void {
    const now = this.clock.now();
    const riding = this.seats.filter(({ due }) => due <= now + SHARED_MS);
    if (this.silent) {
      this.leave(riding);
      return;
    }
    for (const seat of riding) seat.due = Infinity;
    let over = false;
    const end = (answer: TimedAnswer | undefined): void => {
      if (over) return;
      over = true;
      limit.cancel();
      this.leave(riding);
      for (const { rider } of riding) rider.take(answer);
    };
    // Whoever hears nothing cannot tell a connection that never came from an answer that never came: 4 s for both.
    const limit = this.clock.after(CONNECT_LIMIT_MS, () => end(undefined));
    this.schedule();
    this.send((result) => {
      if (result.kind === 'refused') {
        end(undefined);
        return;
      }
      const { answer, connectMs } = result;
      end({ status: answer.status, body: answer.body, connectMs, totalMs: this.clock.now() - now });
    });
  }

  private leave(seats: readonly Seat[]): void {
    const now = this.clock.now();
    for (const seat of seats) seat.due = now + seat.rider.intervalMs;
    this.schedule();
  }
}
