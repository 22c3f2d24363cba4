/** A token bucket's size. */
export interface Throttling {
  readonly perSecond: number;
  readonly burst: number;
}

/** Counts one method's requests (API Gateway guide, "Throttle requests to your REST APIs": the token bucket algorithm). */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly size: Throttling,
    now: number,
  ) {
    this.tokens = size.burst;
    this.filledAt = now;
  }

  /** Takes a token, where there is one. */
  take(now: number): boolean {
    const { perSecond, burst } = this.size;
    this.tokens = Math.min(burst, this.tokens + (perSecond * (now - this.filledAt)) / 1_000);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
