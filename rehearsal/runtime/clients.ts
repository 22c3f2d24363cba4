import { SimulatedRequestHandler } from './request-handler';
import type { RequestHandlerOptions } from './request-handler';
import type { Container } from './container';
import type { Outside } from './ports';

type Class = new (configuration: object) => object;

/**
 * The packages with the two places where they meet the network replaced: the request handler of every AWS client, and the
 * socket of node-postgres. The clients are the real ones, made with the handlers' own options.
 */
export function withSimulatedClients(
  libraries: Readonly<Record<string, unknown>>,
  owner: () => Container,
  outside: Outside,
  { signed }: { readonly signed: boolean },
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(libraries).map(([name, exports]) => {
      if (!isRecord(exports)) return [name, exports];
      if (name.startsWith('@aws-sdk/client-')) return [name, withRequestHandler(exports, owner, outside, signed)];
      if (name === 'pg') return [name, withSocket(exports, owner, outside)];
      return [name, exports];
    }),
  );
}

function withRequestHandler(
  exports: Readonly<Record<string, unknown>>,
  owner: () => Container,
  outside: Outside,
  signed: boolean,
): Readonly<Record<string, unknown>> {
  const client = Object.keys(exports).find((key) => key.endsWith('Client') && !key.startsWith('__'));
  const Real = client === undefined ? undefined : exports[client];
  if (client === undefined || !isClass(Real)) throw new Error('a package of the SDK exports no client');
  class Simulated extends Real {
    constructor(configuration: { readonly requestHandler?: RequestHandlerOptions }) {
      super({
        ...configuration,
        requestHandler: new SimulatedRequestHandler(owner(), outside, configuration.requestHandler),
        // An option of the SDK: the chain of middleware is put together once per command and not per call.
        cacheMiddleware: true,
        // Without any, the SDK prepares what it would log and hands it to a logger that does nothing.
        logger: SILENT,
        // The simulated IAM knows the caller by its environment. The signature is half of a call's cost and proves nothing
        // here; the conformance test of the runtime runs signed.
        ...(!signed && { signer: UNSIGNED }),
      });
    }
  }
  const get = (target: Readonly<Record<string, unknown>>, key: string | symbol): unknown =>
    key === client ? Simulated : Reflect.get(target, key);
  return new Proxy<Readonly<Record<string, unknown>>>(exports, { get });
}

const nothing = (): void => undefined;
const SILENT = { trace: nothing, debug: nothing, warn: nothing, error: nothing };

const UNSIGNED = { sign: <T>(request: T): Promise<T> => Promise.resolve(request) };

function withSocket(
  exports: Readonly<Record<string, unknown>>,
  owner: () => Container,
  outside: Outside,
): Readonly<Record<string, unknown>> {
  const { Client: Real } = exports;
  if (!isClass(Real)) throw new Error('pg exports no Client');
  class Client extends Real {
    constructor(configuration: object) {
      // Certificates are Node's business; whether the name and the chain are right is tested against a real server.
      super({ ...configuration, ssl: false, stream: () => outside.socket(owner()) });
    }
  }
  return { ...exports, Client };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isClass(value: unknown): value is Class {
  return typeof value === 'function';
}
