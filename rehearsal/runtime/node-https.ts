import { EventEmitter } from 'node:events';
import type { Container } from './container';
import type { Outside } from './ports';

/** The part of `http.RequestOptions` that our handlers use. */
interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly signal?: AbortSignal;
  readonly agent?: Agent | false;
}

/** Keeps connections by host until it is destroyed. */
class Agent {
  readonly kept = new Set<string>();

  destroy(): void {
    this.kept.clear();
  }
}

class Socket extends EventEmitter {
  constructor(readonly connecting: boolean) {
    super();
  }
}

class IncomingMessage extends EventEmitter {
  constructor(readonly statusCode: number) {
    super();
  }

  setEncoding(): void {
    // Bodies are text already.
  }
}

/** One request: the events of `http.ClientRequest` that our client listens to, in Node's order. */
class ClientRequest extends EventEmitter {
  private over = false;
  private readonly socket: Socket;
  private readonly kept: Set<string> | undefined;

  constructor(
    private readonly url: URL,
    private readonly options: RequestOptions,
    private readonly owner: Container,
    private readonly outside: Outside,
  ) {
    super();
    this.kept = options.agent === false ? undefined : options.agent?.kept;
    this.socket = new Socket(!(this.kept?.has(url.host) ?? false));
    options.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  private readonly onAbort = (): void => {
    this.destroy(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }));
  };

  end(payload?: string): void {
    if (!this.owner.mayLeave()) return;
    const { url, options, socket, owner } = this;
    // Node tells of the socket in a later turn, when the caller listens.
    owner.timer(0, () => this.emit('socket', socket));
    const connection = {
      kept: !socket.connecting,
      connected: () =>
        owner.resume(() => {
          if (this.over) return;
          this.kept?.add(url.host);
          socket.emit(url.protocol === 'https:' ? 'secureConnect' : 'connect');
        }),
    };
    const request = { url, method: options.method ?? 'GET', ...(payload !== undefined && { body: payload }) };
    this.outside.web(owner, request, connection, (result) => {
      owner.hear(() => {
        if (this.over) return;
        if (result.kind === 'failed') {
          this.destroy(Object.assign(new Error(`${result.code} ${url.host}`), { code: result.code }));
          return;
        }
        this.finish();
        const response = new IncomingMessage(result.answer.status);
        this.emit('response', response);
        response.emit('data', result.answer.body);
        response.emit('end');
      });
    });
  }

  destroy(error?: Error): void {
    if (this.over) return;
    this.finish();
    this.kept?.delete(this.url.host);
    this.socket.emit('close');
    if (error) this.emit('error', error);
  }

  private finish(): void {
    this.over = true;
    this.options.signal?.removeEventListener('abort', this.onAbort);
  }
}

/** `node:http` and `node:https` for code in an execution environment. */
export function simulatedHttp(owner: () => Container, outside: Outside): object {
  const request = (url: string, options: RequestOptions = {}, heard?: (response: IncomingMessage) => void) => {
    const asked = new ClientRequest(new URL(url), options, owner(), outside);
    if (heard) asked.on('response', heard);
    return asked;
  };
  return { Agent, request, default: { Agent, request } };
}
