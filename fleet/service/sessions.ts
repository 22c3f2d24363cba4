import * as z from 'zod/mini';
import { RequestRefusedError } from './errors';
import type { Session } from './ports';

/** How long a session holds, in seconds: 8 h, a trading day. */
export const SESSION_SECONDS = 8 * 60 * 60;

const request = z.strictObject({
  user: z
    .string('must be a text')
    .check(
      z.trim(),
      z.minLength(1, 'must not be empty'),
      z.maxLength(128, 'must have at most 128 characters'),
      z.regex(/^[^\p{Cc}]*$/u, 'must not have control characters'),
    ),
});

/** What a new session is made from. */
export interface SessionFacts {
  readonly sessionId: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The session that a request body asks for.
 *
 * @throws RequestRefusedError (400) naming every wrong field.
 */
export function newSession(body: string, facts: SessionFacts): Session {
  const result = request.safeParse(parseJson(body));
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
    throw new RequestRefusedError(400, 'INVALID_SESSION', lines.join('; '));
  }
  return {
    sessionId: facts.sessionId,
    user: result.data.user,
    createdAt: new Date(facts.now).toISOString(),
    region: facts.region,
    expiresAt: Math.floor(facts.now / 1000) + SESSION_SECONDS,
  };
}

/** Whether a session still holds; DynamoDB deletes an expired item up to days late, so its presence says nothing. */
export function holds(session: Session, now: number): boolean {
  return session.expiresAt * 1000 > now;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new RequestRefusedError(400, 'INVALID_JSON', 'the body is not JSON', { cause });
  }
}
