import { z } from 'zod';

import { printable } from './printable';

/** The headings under which `docs/configuration.md` lists the keys, in this order. */
export const KEY_GROUPS = [
  'Names and tags',
  'Regions',
  'Network',
  'DNS',
  'Database',
  'Application fleet',
  'Workloads',
  'People',
  'Detection',
  'Failover',
  'Housekeeping',
] as const;

/** Everything about a key that is not its check: what Pulumi.yaml, the documentation and the messages say of it. */
export interface KeyFacts {
  readonly group: (typeof KEY_GROUPS)[number];
  readonly description: string;
  /** Pulumi's project schema knows these four and no map: tags are therefore an array of `Key=Value`. */
  readonly type: 'string' | 'integer' | 'boolean' | 'array';
  /** An empty string is a value that the operator has to give. Where that is allowed, the check allows it. */
  readonly default: string | number | boolean | readonly string[];
  /** The second half of "Allowed: ...", in the operator's words. */
  readonly allowed: string;
  /** A value that is right, for the command in the message; of an array, its first item. */
  readonly example: string;
  /** The value may hold a secret by mistake, so that no message repeats it. */
  readonly neverShown?: true;
}

/** One thing that is wrong with a text, as Zod reports it. */
export interface Issue {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** Everything that is wrong with a text. */
export interface Issues {
  readonly issues: readonly Issue[];
}

/**
 * Turns a key's text into its value, or says what is wrong. Every check is a Zod schema, of whose types this is all that
 * is used: written out, the types of fifty schemas cost the compiler more than the rest of lib/ does.
 */
export interface Check<T> {
  safeParse(
    text: string,
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: Issues };
}

/** A configuration key: the check of its text, and the facts about it. */
export interface Declared<T> extends KeyFacts {
  readonly check: Check<T>;
}

/** Declares a configuration key. */
export function declare<T>(check: Check<T>, about: KeyFacts): Declared<T> {
  return { ...about, check };
}

/** A value as Pulumi hands it to the program: text, for an array its JSON. */
export function asText(value: KeyFacts['default']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A whole number in plain digits: no exponent, no fraction, no blank, no leading zero. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^(0|[1-9]\d*)$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

/** One of a few whole numbers. */
export function oneNumberOf<const N extends number>(numbers: readonly N[]) {
  return z.string().transform((text, context): N => {
    const found = numbers.find((number) => String(number) === text);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });
}

/** `true` or `false`, and no other spelling. */
export function trueOrFalse() {
  return z.enum(['true', 'false']).transform((text) => text === 'true');
}

/** What ends the fault of a list: a right value in the item's place, one item less, or a new list. */
export type ListRemedy = 'set item' | 'remove item' | 'new list';

/** A fault of a list, in the operator's words. */
export function listIssue(message: string, item: number, remedy: ListRemedy) {
  const code = 'custom' as const;
  return { code, message, path: [item], params: { remedy } };
}

/** A JSON array of strings, each of which passes the item's check, none of them twice. */
export function listOf(item: Check<string>) {
  return z.string().transform((text, context): readonly string[] => {
    const parsed = z.array(z.string()).safeParse(parsedJson(text));
    if (!parsed.success) {
      context.addIssue(listIssue('which is not a JSON array of strings', 0, 'new list'));
      return z.NEVER;
    }
    for (const [index, value] of parsed.data.entries()) {
      const name = `item ${index} ("${printable(value)}")`;
      const checked = item.safeParse(value);
      if (!checked.success) {
        context.addIssue(listIssue(`${name} ${problemsOf(checked.error) || 'is not allowed'}`, index, 'set item'));
      } else if (parsed.data.indexOf(value) < index) {
        context.addIssue(listIssue(`${name} is there twice`, index, 'remove item'));
      }
    }
    return parsed.data;
  });
}

/** What a check has to say beyond "not allowed"; Zod's own wordings are dropped, because `allowed` says it better. */
export function problemsOf({ issues }: Issues): string {
  return issues
    .filter((issue) => issue.code === 'custom' && issue.message !== DEFAULT_MESSAGE)
    .map((issue) => issue.message)
    .join('; ');
}

const DEFAULT_MESSAGE = 'Invalid input';

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
