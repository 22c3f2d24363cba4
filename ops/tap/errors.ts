import { EXIT, type ExitCode } from './exit-codes';

/** An end of a command that is told in its own words, with its exit code; never with a stack. */
export class TapError extends Error {
  override readonly name = 'TapError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** The command line is wrong. */
export function usageError(message: string): TapError {
  return new TapError(EXIT.usage, message);
}

/** Something said no, and nothing was changed. */
export function refusal(message: string): TapError {
  return new TapError(EXIT.refused, message);
}

/** What an error looks like, whichever realm or library made it. */
interface Thrown {
  readonly name: string;
  readonly message: string;
}

/** Names of AWS's errors by what an operator does about them (AWS SDK for JavaScript v3, "Common errors" of each service). */
const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'TokenRefreshRequired',
  'UnauthorizedSSOTokenError',
]);
const UNKNOWN_KEY = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'AuthFailure',
  'InvalidAccessKeyId',
]);
const MISSING = new Set(['CredentialsProviderError', 'TokenProviderError']);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError']);
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'SlowDown',
]);
const SILENT = new Set(['TimeoutError', 'DeadlineError', 'AbortError']);
const NETWORK = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|EPIPE|ETIMEDOUT)\b/;

/** Whose credentials a verb needs; who is denied is told where those come from. */
export type Credentials = 'operator' | 'administrator';

const WHERE_FROM: Readonly<Record<Credentials, string>> = {
  operator: "take the operator's role (output operatorRoleArn)",
  administrator: "take the credentials of whoever deploys and destroys the stack, not the operator's role",
};

/** Why something could not be asked, and what to do about it. */
export interface Explained {
  readonly kind: 'credentials' | 'denied' | 'throttled' | 'silent' | 'other';
  /** One line. */
  readonly says: string;
}

/**
 * Puts an error of AWS, of the network or of our own calls into one line that says what to do. Looks through the causes, since
 * our own errors wrap what happened below.
 *
 * @param needed whose credentials the verb needs.
 */
export function explain(error: unknown, needed: Credentials = 'operator'): Explained {
  const chain = causesOf(error);
  const find = (names: ReadonlySet<string>): Thrown | undefined => chain.find(({ name }) => names.has(name));
  if (find(EXPIRED)) {
    return says(
      'credentials',
      'the AWS credentials have expired: log in again (aws sso login), or take the role again',
    );
  }
  if (find(UNKNOWN_KEY)) {
    return says('credentials', 'AWS does not accept these credentials: look at AWS_PROFILE, and log in again');
  }
  if (find(MISSING)) {
    return says('credentials', 'there are no AWS credentials: set AWS_PROFILE, or log in (aws sso login)');
  }
  const denied = find(DENIED);
  if (denied) {
    return says('denied', `not allowed: ${oneLine(denied.message)}; ${WHERE_FROM[needed]}`);
  }
  if (find(THROTTLED))
    return says('throttled', 'AWS answers "too many requests", also after several attempts: wait a minute');
  const silent = find(SILENT) ?? chain.find(({ message }) => NETWORK.test(message));
  if (silent) return says('silent', silence(silent.message));
  const last = chain.at(0);
  return says('other', last ? `${last.name}: ${oneLine(last.message)}` : oneLine(String(error)));
}

/** Any error as one line of a sentence: our own in their words, others as `explain` puts them. */
export function lineOf(error: unknown): string {
  return error instanceof TapError ? oneLine(error.message) : explain(error).says;
}

/** The end of a command that could not ask what it must know. */
export function unreachable(what: string, error: unknown, needed: Credentials = 'operator'): TapError {
  return new TapError(EXIT.unreachable, `${what}: ${explain(error, needed).says}`, { cause: error });
}

const DEEPEST = 10;

function causesOf(error: unknown): readonly Thrown[] {
  const chain: Thrown[] = [];
  let at = error;
  while (typeof at === 'object' && at !== null && 'message' in at && chain.length < DEEPEST) {
    chain.push({ name: 'name' in at ? String(at.name) : 'Error', message: String(at.message) });
    at = 'cause' in at ? at.cause : undefined;
  }
  return chain;
}

/** Which kind of silence it is: a region that is lost does not even connect. */
function silence(message: string): string {
  const network = NETWORK.exec(message)?.[0];
  if (network !== undefined && network !== 'ETIMEDOUT') return `no answer (${network})`;
  return /connection/i.test(message) ? 'no answer (no connection)' : 'no answer in time';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function says(kind: Explained['kind'], text: string): Explained {
  return { kind, says: text };
}

/** The same of a line that `describeError` has made: a failed read of ours is such a line and no error. */
export function explainLine(line: string): Explained {
  const [, name = 'Error', message = line] = /^(\w+): (.*)$/s.exec(line) ?? [];
  return explain({ name, message });
}
