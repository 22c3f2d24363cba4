import { MalformedError } from '../../../lambda/shared/errors';

/** One page of an answer, and what asks for the one after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** More than any account of ours has of anything; an API whose pages never end is not followed for ever. */
const MOST_PAGES = 50;

/** All of a list. @throws MalformedError when it does not end. */
export async function pages<T>(read: (next: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let next: string | undefined;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const page = await read(next);
    all.push(...page.items);
    next = page.next === '' ? undefined : page.next;
    if (next === undefined) return all;
  }
  throw new MalformedError(`a list has more than ${MOST_PAGES} pages`);
}
