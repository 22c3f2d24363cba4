import * as z from 'zod/mini';
import { MalformedError } from './errors';

/**
 * Reads what we stored ourselves - a row, an item - by its form.
 *
 * @throws MalformedError naming what was read: then a writer and a reader of ours disagree.
 */
export function parseStored<S extends z.core.$ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new MalformedError(`${what} is malformed`, { cause: parsed.error });
}
