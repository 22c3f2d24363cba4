import { z } from 'zod';

/** The master user of the database. */
export interface DatabaseCredentials {
  readonly username: string;
  readonly password: string;
}

/** What the text of a secret holds, or what is wrong with it, in words that never repeat any of it. */
export type CredentialsReading =
  | { readonly ok: true; readonly credentials: DatabaseCredentials }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Aurora guide, "Settings for Aurora DB clusters": for Aurora PostgreSQL a name of 1 to 63 characters, a password of 8 to 99
 * printable ASCII characters without `/`, `"`, `@` and spaces. The API reference (CreateDBCluster) has the same characters and,
 * for all engines together, shorter limits. An underscore is what RDS takes in the name beside letters and digits.
 */
const USERNAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
const PASSWORD_LENGTH = { least: 8, most: 99 };
const PASSWORD_CHARACTERS = /^[!#-.0-?A-~]*$/;

/**
 * "Can't be a reserved word for the chosen database engine" (CreateDBCluster): what PostgreSQL reserves outright (PostgreSQL
 * documentation, appendix "SQL Key Words"), the two names that CREATE ROLE refuses, RDS's own role, and `admin`, of which RDS
 * says "cannot be used as it is a reserved word used by the engine" without a page that lists it.
 */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create ' +
    'current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc ' +
    'distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral ' +
    'leading limit localtime localtimestamp not null offset on only or order placing primary references returning select ' +
    'session_user some symmetric system_user table then to trailing true union unique user using variadic when where ' +
    'window with public none rdsadmin admin'
  ).split(' '),
);

/** Names of roles that PostgreSQL keeps for itself (CREATE ROLE). */
const POSTGRESQL_PREFIX = 'pg_';

const form = z.object({
  username: z
    .string('username is missing')
    .regex(USERNAME, 'username must be 1 to 63 letters, digits and underscores and begin with a letter')
    .refine((name) => !isReserved(name), 'username is a word that PostgreSQL or RDS reserves'),
  password: z
    .string('password is missing')
    .min(PASSWORD_LENGTH.least, `password is shorter than ${PASSWORD_LENGTH.least} characters`)
    .max(PASSWORD_LENGTH.most, `password is longer than ${PASSWORD_LENGTH.most} characters`)
    .regex(
      PASSWORD_CHARACTERS,
      'password has a character that RDS refuses: printable ASCII only, without / " @ and spaces',
    ),
});

function isReserved(name: string): boolean {
  const lower = name.toLowerCase();
  return RESERVED.has(lower) || lower.startsWith(POSTGRESQL_PREFIX);
}

/** Reads a secret's text as CreateDBCluster will, so that RDS has nothing left to refuse. Pure. */
export function readCredentials(text: string | undefined): CredentialsReading {
  if (text === undefined) return { ok: false, problems: ['the secret holds bytes and no text'] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problems: ['the secret is not JSON text'] };
  }
  const parsed = form.safeParse(value);
  if (parsed.success) return { ok: true, credentials: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? 'the secret is not a JSON object with username and password' : message,
  );
  return { ok: false, problems };
}
