/** The family that every error of our own handlers belongs to: `name` says the kind, `cause` keeps what happened below. */
export class PlatformError extends Error {
  override readonly name: string = 'PlatformError';

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** Something did not answer in its time; what it did meanwhile is unknown. */
export class DeadlineError extends PlatformError {
  override readonly name = 'DeadlineError';
}

/** PostgreSQL cannot be reached, refuses the credentials, or broke the connection; nothing was acknowledged. */
export class DatabaseUnavailableError extends PlatformError {
  override readonly name = 'DatabaseUnavailableError';
}

/** The database secret cannot be read or does not hold {username, password}. */
export class CredentialsError extends PlatformError {
  override readonly name = 'CredentialsError';
}

/** A stored item or an event does not have the form that its writer promised. */
export class MalformedError extends PlatformError {
  override readonly name = 'MalformedError';
}

/** An object too large for the prefix it was meant for. */
export class ObjectTooLargeError extends PlatformError {
  override readonly name = 'ObjectTooLargeError';
}

/** A migration's history does not match the one that the database recorded. */
export class MigrationHistoryError extends PlatformError {
  override readonly name = 'MigrationHistoryError';
}

/** What an error's class may be called: a word, so that nothing else can pass for one. */
const KIND = /^[A-Za-z]\w{0,63}$/;

/**
 * The kind of an error, for anybody to read: never its message, in which a host's name, a secret's, an account or a role may
 * stand.
 */
export function kindOf(error: unknown): string {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  return KIND.test(name) ? name : 'Error';
}

/**
 * One line for a log or for somebody of ours, never for the public: the kind of an error and its message, whatever was thrown. Asks for the parts, not for
 * the class: an error of another realm is one too.
 */
export function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  return `${'name' in error ? String(error.name) : 'Error'}: ${String(error.message)}`;
}
