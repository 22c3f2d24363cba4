import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { json } from './application';
import type { Answer, Application } from './application';
import { RequestRefusedError, ServiceError } from './errors';
import { errorFields } from './log';
import type { Log } from './ports';

/** The largest request body, in bytes. */
export const BODY_LIMIT = 64 * 1024;
/** How long requests that are under way may take after SIGTERM, in milliseconds; below the unit's TimeoutStopSec. */
export const DRAIN_MS = 25_000;

/** What a browser is told with every answer. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** What the listener needs beside the application. */
export interface ServerPorts {
  readonly log: Log;
  now(): number;
  newId(): string;
}

/** Turns requests into answers; every failure becomes an answer, and every answer that is no health check a log line. */
export function listener(application: Application, ports: ServerPorts): RequestListener {
  return (request, response) => {
    const started = ports.now();
    const requestId = idOf(request) ?? ports.newId();
    const { method = '', url: target = '/' } = request;
    application
      .answer({ method, target, body: () => readBody(request) })
      .catch((error: unknown) => failure(error, requestId, ports.log))
      .then((answer) => {
        send(request, response, requestId, answer);
        if (answer.status === 200 && target.startsWith('/health')) return;
        const fields = { requestId, method, path: target.split('?', 1)[0], status: answer.status };
        ports.log.write('info', 'request', { ...fields, durationMs: ports.now() - started });
      })
      .catch((error: unknown) => {
        ports.log.write('error', 'an answer could not be sent', { requestId, ...errorFields(error, true) });
        response.destroy();
      });
  };
}

/** Settings that a server behind a load balancer needs. */
export function tune(server: Server): Server {
  // Longer than the load balancer's idle time-out of 30 s: whoever closes first must not be the side that answers (502).
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  return server;
}

/** Stops taking connections, lets requests that are under way end, and cuts off what still runs after 25 s. */
export async function drain(server: Server, log: Log, limitMs = DRAIN_MS): Promise<void> {
  log.write('info', 'draining');
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => {
    log.write('warn', 'requests were cut off', { limitMs });
    server.closeAllConnections();
  }, limitMs);
  // A connection that was busy when the server closed stays open when its answer is out: it is idle then.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  await closed;
  clearTimeout(cut);
  clearInterval(sweep);
  log.write('info', 'drained');
}

function failure(error: unknown, requestId: string, log: Log): Answer {
  const known = error instanceof ServiceError;
  const { status, code, message } = known
    ? error
    : { status: 500, code: 'INTERNAL', message: 'The service failed; the request id tells operators where' };
  if (status >= 500) log.write('error', 'a request failed', { requestId, ...errorFields(error, !known) });
  return json(status, { code, message, requestId });
}

function send(request: IncomingMessage, response: ServerResponse, requestId: string, answer: Answer): void {
  // A body that nobody read would be taken for the next request on this connection.
  const unread = !request.complete;
  if (unread) request.resume();
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    'x-request-id': requestId,
    ...(answer.body !== undefined && { 'content-length': String(Buffer.byteLength(answer.body)) }),
    ...(unread && { connection: 'close' }),
    ...answer.headers,
  });
  response.end(answer.body);
}

/** The load balancer's trace id, when it looks like one. */
function idOf(request: IncomingMessage): string | undefined {
  const header = request.headers['x-amzn-trace-id'];
  return typeof header === 'string' && /^[\w=;:-]{1,128}$/.test(header) ? header : undefined;
}

/** Not `for await`: leaving that loop early destroys the connection before the refusal is sent. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
      else reject(new RequestRefusedError(413, 'BODY_TOO_LARGE', `the body has more than ${BODY_LIMIT} bytes`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', (cause) =>
      reject(new RequestRefusedError(400, 'BODY_BROKEN_OFF', 'the body broke off', { cause })),
    );
    request.on('close', () => {
      if (!request.complete) reject(new RequestRefusedError(400, 'BODY_BROKEN_OFF', 'the body broke off'));
    });
  });
}
