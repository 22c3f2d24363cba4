import type { AwsPatience } from '../../../lambda/shared/aws';
import { StoreUnavailableError } from '../errors';

/** How long one attempt of a call may take and how many there are: both fit into CALL_MS. */
export const PATIENCE = { connectionTimeoutMs: 300, requestTimeoutMs: 900, attempts: 2 } as const satisfies AwsPatience;
/** How long a call may take with all its attempts, in milliseconds. */
export const CALL_MS = 2_000;
/** How long the health check's read may take, in milliseconds: a checker waits 2 s for the whole answer. */
export const PROBE_MS = 1_000;

/**
 * Runs a call that must end within a limit.
 *
 * @throws StoreUnavailableError with the store's own error as cause.
 */
export async function within<T>(store: string, limitMs: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await call(AbortSignal.timeout(limitMs));
  } catch (cause) {
    throw new StoreUnavailableError(store, cause);
  }
}
