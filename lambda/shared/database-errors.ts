import { CredentialsError, DatabaseUnavailableError, DeadlineError, describeError } from './errors';

/** SQLSTATEs of a refused password or user (class 28). */
const AUTHENTICATION = /^28/;

/** SQLSTATEs after which the connection is of no use: connection (08), too many connections, shutdown, our own time limits. */
const BROKEN = /^(08|28|53300|57P0|25P03|25P04|25006)/;

/** SQLSTATEs of the server's time limits: statement_timeout, lock_timeout, idle in transaction, transaction_timeout. */
const OUT_OF_TIME = /^(57014|55P03|25P03|25P04)$/;

/**
 * SQLSTATEs by which the server refuses a row for what is in it, today and every other day (PostgreSQL manual, appendix A): data
 * exceptions (22), a null or a value that a column does not take (23502, 23514), more than an index holds (54000).
 */
const REFUSED_CONTENT = /^(22...|23502|23514|54000)$/;

/** The parts of an error that tell where it came from; errors of sockets need not be instances of this realm's Error. */
function partsOf(error: unknown): { readonly code: string; readonly message: string; readonly fromServer: boolean } {
  const found = typeof error === 'object' && error !== null ? error : {};
  return {
    code: 'code' in found && typeof found.code === 'string' ? found.code : '',
    message: 'message' in found && typeof found.message === 'string' ? found.message : '',
    fromServer: 'severity' in found,
  };
}

/** The five characters that PostgreSQL gives an error; undefined for everything that did not come from the server. */
export function sqlState(error: unknown): string | undefined {
  const { code, fromServer } = partsOf(error);
  return fromServer ? code : undefined;
}

/** Whether the server refused the user or the password. */
export function isAuthenticationFailure(error: unknown): boolean {
  return AUTHENTICATION.test(sqlState(error) ?? '');
}

/** Whether a host has no name: that of the writer, in a region that follows. */
export function isNameUnknown(error: unknown): boolean {
  return partsOf(error).code === 'ENOTFOUND';
}

/** Whether the server refused what was to be written for its content: it will refuse it every time. */
export function isRefusedContent(error: unknown): boolean {
  return REFUSED_CONTENT.test(sqlState(error) ?? '');
}

/**
 * Whether the connection must be given up. A read-only server (25006) counts: the connection leads to an instance that lost
 * the writer's role, and only a new one follows the cluster endpoint.
 */
export function isBroken(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined ? isFromConnection(error) : BROKEN.test(state);
}

/** Says in our words what a failure of the database means; errors that the work itself threw pass unchanged. */
export function toDatabaseError(error: unknown): unknown {
  const state = sqlState(error);
  if (state !== undefined && OUT_OF_TIME.test(state)) {
    return new DeadlineError(`the database gave up after the time limit (${state})`, { cause: error });
  }
  if (state === '25006') return new DatabaseUnavailableError('the database is read-only here', { cause: error });
  if (state === '42P01') return new DatabaseUnavailableError('the database has no schema yet', { cause: error });
  if (error instanceof CredentialsError || (!(error instanceof DeadlineError) && isBroken(error))) {
    return new DatabaseUnavailableError(`the database cannot be reached: ${describeError(error)}`, { cause: error });
  }
  return error;
}

/** What Node calls failures of sockets, names and certificates. */
const CONNECTION_CODE = /^(E[A-Z_]+|ERR_(TLS|SSL)\w*|UNABLE_TO_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)$/;

/** What pg says about its own connection, where it gives no code. */
const CONNECTION_MESSAGE =
  /connection (terminated|error|ended|timeout)|timeout expired|client (was closed|has encountered)|does not support SSL/i;

function isFromConnection(error: unknown): boolean {
  if (error instanceof DeadlineError) return true;
  const { code, message } = partsOf(error);
  return CONNECTION_CODE.test(code) || CONNECTION_MESSAGE.test(message);
}
