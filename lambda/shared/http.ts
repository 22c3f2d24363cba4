import * as z from 'zod/mini';
import { MalformedError } from './errors';
import { droppedBy } from './json-text';
import { parsePlainJson, PLAIN } from './plain-text';
import type { Telemetry } from './telemetry';

/** The part of an API Gateway REST proxy event that our handlers read. */
const proxyEvent = z.object({
  httpMethod: z.string(),
  path: z.string(),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.optional(z.object({ requestId: z.optional(z.string()) })),
});

/** What API Gateway turns into an HTTP answer. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that was routed: the values of the route's parameters, and the body as text. */
export interface HttpRequest {
  readonly requestId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One route; a segment in braces is a parameter: `/orders/{orderId}`. */
export interface Route {
  readonly method: string;
  readonly path: string;
  handle(request: HttpRequest): Promise<HttpResponse>;
}

/** One wrong field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/**
 * The longest body that is read, in bytes: many times the longest order or payment. Lambda takes 6 MB, and an answer that names
 * everything that is wrong with so much would be longer than it gives back, which API Gateway makes a 502.
 */
export const LONGEST_BODY_BYTES = 65_536;

/** How many errors an answer names, and how long each part of one may be, in characters. */
const MOST_ERRORS = 20;
const LONGEST_FIELD = 64;
const LONGEST_MESSAGE = 200;

/** A JSON answer that nobody on the way may keep. */
export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** 400, naming each wrong field; of many the first ones, and how many there are beyond. */
export function badRequest(errors: readonly FieldError[]): HttpResponse {
  const told = errors.slice(0, MOST_ERRORS).map(({ field, message }) => ({
    field: shortened(field, LONGEST_FIELD),
    message: shortened(message, LONGEST_MESSAGE),
  }));
  const more = errors.length - told.length;
  if (more > 0) told.push({ field: 'body', message: `and ${more} more errors` });
  return json(400, { message: 'The request is not valid', errors: told });
}

/** A part of it may be what the client sent. */
function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/**
 * Reads a body by its schema; every wrong field at once. Refuses also what `JSON.parse` would change without a word, and a text
 * that no store takes as it is: an order must not become another one on its way.
 */
export function parseBody<S extends z.core.$ZodType>(
  body: string,
  schema: S,
): { readonly ok: true; readonly value: z.output<S> } | { readonly ok: false; readonly errors: readonly FieldError[] } {
  let parsed: ReturnType<typeof parsePlainJson>;
  try {
    parsed = parsePlainJson(body);
  } catch {
    return { ok: false, errors: [{ field: 'body', message: 'must be JSON' }] };
  }
  const { value, unplain } = parsed;
  const result = z.safeParse(schema, value);
  const { repeated, rounded } = droppedBy(body);
  const others = result.success ? [] : result.error.issues.flatMap(fieldErrors);
  const errors = [
    ...repeated.map((field) => ({ field, message: 'is there more than once' })),
    ...rounded.map((field) => ({ field, message: 'has more digits than a JSON number keeps: send it as text' })),
    ...unplain.map((field) => ({ field, message: PLAIN })),
    ...others.filter(({ field }) => !unplain.includes(field)),
  ];
  return result.success && errors.length === 0 ? { ok: true, value: result.data } : { ok: false, errors };
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ field: key, message: 'is not known' }));
  return [{ field: issue.path.join('.') || 'body', message: issue.message }];
}

/**
 * Dispatches by method and path. An unknown route is 404; whatever a route throws is logged and becomes a 500 that carries
 * the request id and nothing of the cause.
 *
 * @throws MalformedError when the event is not a proxy event: then there is nobody to answer.
 */
export function createRouter(routes: readonly Route[], telemetry: Pick<Telemetry, 'error'>) {
  return async (event: unknown, invocationId: string): Promise<HttpResponse> => {
    const parsed = z.safeParse(proxyEvent, event);
    if (!parsed.success)
      throw new MalformedError('the event is not an API Gateway proxy event', { cause: parsed.error });
    const { httpMethod, path, body, isBase64Encoded, requestContext } = parsed.data;
    const requestId = requestContext?.requestId ?? invocationId;
    for (const route of routes) {
      const parameters = route.method === httpMethod ? matchPath(route.path, path) : undefined;
      if (!parameters) continue;
      const text = readText(body ?? '', isBase64Encoded === true);
      if (!text.ok) return text.refusal;
      try {
        return await route.handle({ requestId, parameters, body: text.value });
      } catch (error) {
        telemetry.error('the request failed', error, { requestId, route: `${route.method} ${route.path}` });
        return json(500, { message: 'Internal error', requestId });
      }
    }
    return json(404, { message: `There is no ${httpMethod} ${path}` });
  };
}

/** The body as text, or why it is not read: it is too long, or its bytes are no UTF-8 and would become other characters. */
function readText(
  body: string,
  isBase64Encoded: boolean,
): { readonly ok: true; readonly value: string } | { readonly ok: false; readonly refusal: HttpResponse } {
  const bytes = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes > LONGEST_BODY_BYTES) {
    const message = `The body has ${bytes} bytes; at most ${LONGEST_BODY_BYTES} are read`;
    return { ok: false, refusal: json(413, { message }) };
  }
  if (!isBase64Encoded) return { ok: true, value: body };
  const decoded = Buffer.from(body, 'base64');
  const value = decoded.toString('utf8');
  return Buffer.from(value, 'utf8').equals(decoded)
    ? { ok: true, value }
    : { ok: false, refusal: badRequest([{ field: 'body', message: 'must be UTF-8' }]) };
}

/** The parameters of a path that fits the pattern; undefined when it does not. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/');
  const found = path.replace(/\/$/, '').split('/');
  if (wanted.length !== found.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = found[index] ?? '';
    if (segment.startsWith('{')) {
      if (value === '') return undefined;
      parameters[segment.slice(1, -1)] = decodeSegment(value);
    } else if (segment !== value) return undefined;
  }
  return parameters;
}

/** A segment that is not valid percent-encoding is taken as it stands: it then names nothing. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
