import { DeadlineError } from './errors';
import { inWords } from './time-words';

/**
 * Gives work a limited time. The work is told through the signal; what it answers afterwards is dropped.
 *
 * @param limitMs milliseconds from now.
 * @throws DeadlineError naming the work when the time is over.
 */
export async function within<T>(limitMs: number, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(new DeadlineError(`${what} took longer than ${inWords(limitMs)}`));
        abort.abort();
      },
      Math.max(limitMs, 0),
    );
  });
  try {
    return await Promise.race([work(abort.signal), over]);
  } finally {
    clearTimeout(timer);
  }
}
