import type { HttpAnswer, InvocationResult } from '../ports';

const answer = (status: number, message: string): HttpAnswer => ({ status, body: JSON.stringify({ message }) });

/** API Gateway guide, "Gateway response types": UNAUTHORIZED and the like are not here, since no method has an authorizer. */
export const GATEWAY_ANSWERS = {
  /** MISSING_AUTHENTICATION_TOKEN: also "if an unsupported API method or resource is called". */
  noRoute: answer(403, 'Missing Authentication Token'),
  /** A host name that is no domain name of the region. */
  noDomain: answer(403, 'Forbidden'),
  /** THROTTLED. */
  throttled: answer(429, 'Too Many Requests'),
  /** INTEGRATION_TIMEOUT. */
  timedOut: answer(504, 'Endpoint request timed out'),
  /** What a function did not answer, or not in the form of a proxy's output. */
  badGateway: answer(502, 'Internal server error'),
} as const;

/**
 * What the caller gets of a function's result (API Gateway guide, "Output format of a Lambda function for proxy integration": "if
 * the function output is of a different format, API Gateway returns a 502 Bad Gateway error response").
 */
export function answerOf(result: InvocationResult): HttpAnswer {
  if (result.kind !== 'returned') return GATEWAY_ANSWERS.badGateway;
  const { payload } = result;
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) return GATEWAY_ANSWERS.badGateway;
  const { statusCode } = payload;
  const body = 'body' in payload ? payload.body : '';
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    return GATEWAY_ANSWERS.badGateway;
  }
  if (body === null || body === undefined) return { status, body: '' };
  if (typeof body !== 'string') return GATEWAY_ANSWERS.badGateway;
  const encoded = 'isBase64Encoded' in payload && payload.isBase64Encoded === true;
  return { status, body: encoded ? Buffer.from(body, 'base64').toString() : body };
}
