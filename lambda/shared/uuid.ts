import * as z from 'zod/mini';

const ALLOWED = 'must be a UUID';

/** A UUID in any case; kept in lower case, because it is a key. */
export const uuid = z.pipe(
  z.string(ALLOWED).check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, ALLOWED)),
  z.transform((value) => value.toLowerCase()),
);
