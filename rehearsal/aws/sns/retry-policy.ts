/** One phase of a delivery policy. */
interface Phase {
  readonly times: number;
  /** Milliseconds before the first and the last of them; in between they grow exponentially. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** SNS guide, "Amazon SNS message delivery retries", the table of delivery policies. */
export const AWS_ENDPOINTS: readonly Phase[] = [
  { times: 3, firstMs: 0, lastMs: 0 },
  { times: 2, firstMs: 1_000, lastMs: 1_000 },
  { times: 10, firstMs: 1_000, lastMs: 20_000 },
  { times: 100_000, firstMs: 20_000, lastMs: 20_000 },
];

/** The same table, e-mail. */
export const CUSTOMER_ENDPOINTS: readonly Phase[] = [
  { times: 2, firstMs: 10_000, lastMs: 10_000 },
  { times: 10, firstMs: 10_000, lastMs: 600_000 },
  { times: 38, firstMs: 600_000, lastMs: 600_000 },
];

/**
 * How long SNS waits before it tries again, in milliseconds; undefined when it gives up.
 *
 * @param failures how often the delivery has failed, 1 after the first attempt.
 */
export function retryAfterMs(policy: readonly Phase[], failures: number): number | undefined {
  let retry = failures - 1;
  for (const { times, firstMs, lastMs } of policy) {
    if (retry < times) {
      if (firstMs === lastMs) return firstMs;
      return firstMs * (lastMs / firstMs) ** (retry / (times - 1));
    }
    retry -= times;
  }
  return undefined;
}
