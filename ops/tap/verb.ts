import type { Command } from 'commander';
import { z } from 'zod';
import type { Context } from './context';
import { usageError } from './errors';
import type { ExitCode } from './exit-codes';

/** One command line, and what it is for. */
export type Example = readonly [command: string, what: string];

/** One thing that an operator can do: `npx tap <name>`. A new one is a file in verbs/ and a line in verbs/registry.ts. */
export interface Verb {
  readonly name: string;
  /** One line, in the list of all verbs. */
  readonly summary: string;
  /** What it does, what it touches, when to use it. */
  readonly description: string;
  readonly examples: readonly Example[];
  /** Declares its own options and arguments; `--stack`, `--json` and `--help` are everybody's. */
  readonly declare: (command: Command) => unknown;
  /**
   * Does it. The command line is checked before anything is asked of AWS.
   *
   * @param given options by their names, arguments as `arguments`.
   * @throws TapError for an end that has an exit code of its own.
   */
  readonly run: (context: Context, given: unknown) => Promise<ExitCode>;
}

/** A verb as its file writes it: with the form of its options. */
export interface VerbParts<S extends z.ZodType> extends Omit<Verb, 'run'> {
  readonly form: S;
  readonly run: (context: Context, given: z.output<S>) => Promise<ExitCode>;
}

/** Puts a verb together: what was given is read by its form, and a wrong value is named with what is allowed. */
export function defineVerb<S extends z.ZodType>({ form, run, ...rest }: VerbParts<S>): Verb {
  return {
    ...rest,
    run: async (context, given) => {
      const parsed = form.safeParse(given);
      if (!parsed.success) {
        throw usageError(parsed.error.issues.map((issue) => wrong(issue, given)).join('\n'));
      }
      return run(context, parsed.data);
    },
  };
}

function wrong({ path: [name = ''], message }: z.core.$ZodIssue, given: unknown): string {
  const value: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined;
  const option = String(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${option} ${typeof value === 'string' ? value : JSON.stringify(value)} is not allowed: ${message}`;
}

/** The loss that a person accepts: whole seconds, or any. */
export const acceptLossForm = z
  .string()
  .regex(/^(\d{1,6}|unknown)$/, 'a whole number of seconds, or unknown')
  .transform((text): number | 'unknown' => (text === 'unknown' ? 'unknown' : Number(text)))
  .optional();

/** Who it is done by, for the journal and the report. */
export const whoForm = z.string().min(1, 'a name').max(128, 'a name of at most 128 characters').optional();

export const flagForm = z.boolean().default(false);
