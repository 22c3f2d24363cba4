import { spawn } from 'node:child_process';

/** How a program ended. */
export type Ending = 'succeeded' | 'failed' | 'timed-out' | 'not-found';

/** What is known of a program that has ended. */
export interface Outcome {
  readonly ending: Ending;
  /** `exit code 1`, or what else happened, for a sentence. */
  readonly how: string;
  /** The last 64 KiB of what it wrote, both streams. */
  readonly tail: string;
}

/** What is run, and for how long at most, in milliseconds. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Goes to its standard input. */
  readonly input?: string;
}

/** Other programs: pulumi, aws, gh, our own commands. */
export interface Shell {
  /** Runs it with its output in our log as it comes. Does not throw: how it ended is in the answer. */
  show(command: Command): Promise<Outcome>;
  /** Runs it and returns its standard output. @throws CommandError saying what ran, how it ended and what it wrote. */
  read(command: Command): Promise<string>;
}

/** A program did not do what was asked. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const TAIL = 64 * 1024;
/** After the polite signal: Pulumi finishes what it has begun and saves its state. */
const PATIENCE_MS = 60_000;

interface Ended extends Outcome {
  readonly stdout: string;
}

/** The real one. */
export const shell: Shell = {
  show: (command) => run(command, true),
  async read(command) {
    const { ending, how, stdout, tail } = await run(command, false);
    if (ending === 'succeeded') return stdout;
    throw new CommandError(`"${lineOf(command)}": ${how}${tail.trim() === '' ? '' : `\n${tail.trim()}`}`);
  },
};

/** The command as somebody would type it. */
export function lineOf({ program, args }: Pick<Command, 'program' | 'args'>): string {
  return [program, ...args].join(' ');
}

function run({ program, args, timeoutMs, input }: Command, shown: boolean): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: process.env });
    let [stdout, tail, timedOut] = ['', '', false];
    const keep = (text: string): void => {
      tail = (tail + text).slice(-TAIL);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (shown) process.stdout.write(text);
      else stdout += text;
      keep(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (shown) process.stderr.write(text);
      keep(text);
    });
    const kill = setTimeout(() => child.kill('SIGKILL'), timeoutMs + PATIENCE_MS);
    const stop = setTimeout(() => {
      timedOut = true;
      child.kill('SIGINT');
    }, timeoutMs);
    const end = (ending: Ending, how: string): void => {
      clearTimeout(kill);
      clearTimeout(stop);
      resolve({ ending, how, tail, stdout });
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') end('not-found', `${program} is not on the PATH`);
      else end('failed', error.message);
    });
    child.on('close', (code, signal) => {
      if (timedOut) end('timed-out', `did not end within ${timeoutMs / 1000} s and was stopped`);
      else if (code === 0) end('succeeded', 'exit code 0');
      else end('failed', code === null ? `was ended by ${signal ?? 'a signal'}` : `exit code ${code}`);
    });
    // A program that reads nothing closes its end first; how it ended says the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
