import { describeError } from '../../lambda/shared/errors';
import type { Log } from './ports';

/** Writes one JSON object per line; the journal adds nothing that is needed to read it. */
export function jsonLog(
  standing: Readonly<Record<string, unknown>>,
  out: (line: string) => void = (line) => void process.stdout.write(line),
): Log {
  return {
    write: (level, message, fields = {}) =>
      out(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...standing, ...fields })}\n`),
  };
}

/** An error as fields of a log line, with what caused it; `stack` only where the error was not foreseen. */
export function errorFields(error: unknown, stack = false): Record<string, unknown> {
  const { cause, stack: trace } = error instanceof Error ? error : {};
  return {
    error: describeError(error),
    ...(cause !== undefined && { cause: describeError(cause) }),
    ...(stack && trace !== undefined && { stack: trace }),
  };
}
