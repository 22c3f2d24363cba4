import * as z from 'zod/mini';
import { MalformedError } from './errors';
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

/** A JSON answer that nobody on the way may keep. */
export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** 400, naming each wrong field. */
export function badRequest(errors: readonly FieldError[]): HttpResponse {
  return json(400, { message: 'The request is not valid', errors });
}

/** Reads a body by its schema; every wrong field at once. */
export function parseBody<S extends z.core.$ZodType>(
  body: string,
  schema: S,
): { readonly ok: true; readonly value: z.output<S> } | { readonly ok: false; readonly errors: readonly FieldError[] } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { ok: false, errors: [{ field: 'body', message: 'must be JSON' }] };
  }
  const result = z.safeParse(schema, value);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, errors: result.error.issues.flatMap(fieldErrors) };
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
      const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '');
      try {
        return await route.handle({ requestId, parameters, body: text });
      } catch (error) {
        telemetry.error('the request failed', error, { requestId, route: `${route.method} ${route.path}` });
        return json(500, { message: 'Internal error', requestId });
      }
    }
    return json(404, { message: `There is no ${httpMethod} ${path}` });
  };
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
