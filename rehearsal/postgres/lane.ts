import type { Clock, Timer } from '../kernel/clock';
import type { Passage } from '../network/network';

/**
 * The least and the greatest time after which TCP sends again what was not confirmed, in milliseconds (RFC 6298; Linux
 * `tcp.h`).
 */
const LEAST_RETRANSMISSION_MS = 200;
const MOST_RETRANSMISSION_MS = 120_000;

/** How often Linux sends again before it gives a connection up: about 15 minutes (`tcp_retries2`, ip-sysctl). */
const MOST_RETRIES = 15;

interface Segment {
  readonly arrive: () => void;
  readonly afterMs: number;
}

/** One direction of a connection: what is sent arrives in order, and what is lost is sent again. */
export class Lane {
  private readonly backlog: Segment[] = [];
  private earliest = 0;
  private tries = 0;
  private timer: Timer | undefined;
  private closed = false;

  /**
   * @param failed is called once, when TCP gives up or somebody on the way refuses.
   * @param firstMs when a lost segment is sent again for the first time.
   */
  constructor(
    private readonly clock: Clock,
    private readonly pass: () => Passage,
    private readonly failed: (code: 'ECONNRESET' | 'ETIMEDOUT') => void,
    private readonly firstMs = LEAST_RETRANSMISSION_MS,
  ) {}

  /** @param afterMs how long the sender works before it sends. */
  send(arrive: () => void, afterMs = 0): void {
    if (this.closed) return;
    if (this.backlog.length === 0) this.attempt([{ arrive, afterMs }]);
    else this.backlog.push({ arrive, afterMs });
  }

  /** Nothing more is sent; what is on its way arrives. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.backlog.length = 0;
  }

  private attempt(segments: readonly Segment[]): void {
    const passage = this.pass();
    switch (passage.kind) {
      case 'passes':
        this.tries = 0;
        for (const { arrive, afterMs } of segments) {
          this.earliest = Math.max(this.clock.now() + afterMs + passage.ms, this.earliest);
          this.clock.at(this.earliest, arrive);
        }
        return;
      case 'refused':
        this.clock.after(passage.ms, () => this.fail('ECONNRESET'));
        return;
      case 'lost':
        this.backlog.push(...segments);
        return this.retryLater();
    }
  }

  private retryLater(): void {
    if (this.tries >= MOST_RETRIES) return this.fail('ETIMEDOUT');
    const ms = Math.min(this.firstMs * 2 ** this.tries, MOST_RETRANSMISSION_MS);
    this.tries += 1;
    this.timer = this.clock.after(ms, () => this.attempt(this.backlog.splice(0)));
  }

  private fail(code: 'ECONNRESET' | 'ETIMEDOUT'): void {
    if (this.closed) return;
    this.close();
    this.failed(code);
  }
}
