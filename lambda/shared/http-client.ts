import http from 'node:http';
import https from 'node:https';
import { within } from './deadline';
import { DeadlineError } from './errors';
import { inWords } from './time-words';

/** A request to another region's API or our own; a body is sent as JSON. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: unknown;
}

/** What came back, whatever its status. */
export interface IncomingAnswer {
  readonly status: number;
  readonly body: string;
}

/** How long to wait, in milliseconds. */
export interface HttpPatience {
  /** For a new connection, name look-up and TLS included. */
  readonly connectMs: number;
  /** For the whole exchange, its connection included. */
  readonly answerMs: number;
}

/** A client outside the platform, as a caller has one. */
export interface HttpClient {
  /**
   * Sends one request, once.
   *
   * @param limitMs less than the client's patience, if less is left.
   * @throws DeadlineError when the time is over; Node's errors of sockets, names and certificates.
   */
  send(request: OutgoingRequest, limitMs?: number): Promise<IncomingAnswer>;
  /** Ends every connection. A connection must not be kept over a pause: the other side may be gone without a word. */
  close(): void;
}

/** Answers of ours are small; a longer one is no answer of ours. */
const LONGEST_BODY = 65_536;

/** HTTPS, or HTTP to an emulator; connections are kept until `close`, and one that fails is replaced by the next request. */
export function createHttpClient(patience: HttpPatience): HttpClient {
  const secure = new https.Agent({ keepAlive: true });
  const plain = new http.Agent({ keepAlive: true });
  return {
    send(request, limitMs = patience.answerMs) {
      const limit = Math.min(limitMs, patience.answerMs);
      return within(limit, `${request.method} ${request.url}`, (signal) => {
        const overTls = request.url.startsWith('https:');
        const open = overTls
          ? (options: http.RequestOptions) => https.request(request.url, { ...options, agent: secure })
          : (options: http.RequestOptions) => http.request(request.url, { ...options, agent: plain });
        return exchange(open, request, patience.connectMs, overTls ? 'secureConnect' : 'connect', signal);
      });
    },
    close() {
      secure.destroy();
      plain.destroy();
    },
  };
}

function exchange(
  open: (options: http.RequestOptions) => http.ClientRequest,
  { method, url, body }: OutgoingRequest,
  connectMs: number,
  connected: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<IncomingAnswer> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept: 'application/json',
      ...(payload !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
      }),
    };
    const request = open({ method, headers, signal });
    request.on('error', reject);
    request.on('socket', (socket) => {
      // One that was kept is connected already.
      if (!socket.connecting) return;
      const timer = setTimeout(
        () => request.destroy(new DeadlineError(`no connection to ${url} within ${inWords(connectMs)}`)),
        connectMs,
      );
      const settled = () => clearTimeout(timer);
      socket.once(connected, settled).once('close', settled);
    });
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > LONGEST_BODY) request.destroy(new Error(`the answer of ${url} is too long`));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.end(payload);
  });
}
