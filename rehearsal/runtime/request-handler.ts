import type { WireRequest, WireResponse } from '../wire/wire';
import type { Container } from './container';
import type { Outside } from './ports';

/** The options that our handlers give their clients (lambda/shared/aws.ts), in milliseconds. */
export interface RequestHandlerOptions {
  readonly connectionTimeout?: number;
  readonly requestTimeout?: number;
  readonly throwOnRequestTimeout?: boolean;
}

interface HandlerOptions {
  readonly abortSignal?: AbortSignal;
}

/** As `@smithy/node-http-handler` names its time-outs: the SDK's retries go by name and code. */
function timedOut(message: string, code?: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError', ...(code !== undefined && { code }) });
}

/**
 * Stands where the SDK has its HTTP handler, with the same time-outs: everything above it (serialisation, retries with
 * back-off, deserialisation) is the real client's.
 */
export class SimulatedRequestHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  /** Hosts with a connection that was kept. */
  private readonly kept = new Set<string>();

  constructor(
    private readonly owner: Container,
    private readonly outside: Outside,
    private readonly options: RequestHandlerOptions = {},
  ) {}

  handle(request: WireRequest, { abortSignal }: HandlerOptions = {}): Promise<{ readonly response: WireResponse }> {
    return new Promise((resolve, reject) => {
      const { owner, options } = this;
      if (!owner.mayLeave()) return;
      if (abortSignal?.aborted === true) {
        reject(aborted());
        return;
      }
      const kept = this.kept.has(request.hostname);
      let settled = false;
      const settle = (work: () => void): void => {
        if (settled) return;
        settled = true;
        connecting?.cancel();
        answering.cancel();
        abortSignal?.removeEventListener('abort', onAbort);
        work();
      };
      const fail = (error: Error): void =>
        settle(() => {
          this.kept.delete(request.hostname);
          reject(error);
        });
      const onAbort = (): void => fail(aborted());
      const connecting = kept
        ? undefined
        : owner.timer(options.connectionTimeout ?? NEVER_MS, () =>
            fail(timedOut(`Socket timed out without establishing a connection within ${options.connectionTimeout} ms`)),
          );
      const answering = owner.timer(options.requestTimeout ?? NEVER_MS, () =>
        fail(
          timedOut(`a request has exceeded the configured ${options.requestTimeout} ms requestTimeout.`, 'ETIMEDOUT'),
        ),
      );
      abortSignal?.addEventListener('abort', onAbort, { once: true });
      const connected = (): void => {
        connecting?.cancel();
        if (!settled) this.kept.add(request.hostname);
      };
      this.outside.call(owner, request, { kept, connected }, (result) => {
        owner.hear(() => {
          if (result === 'refused') fail(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
          else settle(() => resolve({ response: result }));
        });
      });
    });
  }

  updateHttpClientConfig(): void {
    // The SDK sets options of connections here; ours has none.
  }

  httpHandlerConfigs(): object {
    return {};
  }
}

/** Longer than any run: no time-out is none. */
const NEVER_MS = 86_400_000;

function aborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
