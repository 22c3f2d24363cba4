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
      const requestHandler = new SimulatedRequestHandler(owner(), outside, configuration.requestHandler);
      super({ ...configuration, ...SETTLED, requestHandler, ...(!signed && unsigned()) });
      if (!signed) withoutDecoration(this, client === 'S3Client');
    }
  }
  return { ...exports, [client]: Simulated };
}

const nothing = (): void => undefined;

/** Options of every client that make no difference to what is sent. */
const SETTLED = {
  // An option of the SDK: the chain of middleware is put together once per command and not per call.
  cacheMiddleware: true,
  // Without any, the SDK prepares what it would log and hands it to a logger that does nothing.
  logger: { trace: nothing, debug: nothing, warn: nothing, error: nothing },
};

const SCHEME = 'aws.auth#sigv4';
const IDENTITY = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };

/**
 * The simulated IAM knows the caller by its environment. The signature is half of a call's cost and proves nothing here; nor does
 * looking in files and in the environment, at each client's first call, for what Lambda's environment never says. The conformance
 * test of the runtime runs without all this.
 */
function unsigned(): object {
  return {
    credentials: CREDENTIALS,
    httpAuthSchemes: [{ schemeId: SCHEME, identityProvider: () => CREDENTIALS, signer: UNSIGNED }],
    httpAuthSchemeProvider: () => [{ schemeId: SCHEME }],
    authSchemePreference: [],
    defaultsMode: 'legacy',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    ignoreConfiguredEndpointUrls: true,
    accountIdEndpointMode: 'preferred',
    endpointDiscoveryEnabledProvider: nothingFound,
    userAgentAppId: nothingFound,
    defaultUserAgentProvider: () => Promise.resolve([]),
  };
}

const nothingFound = (): Promise<undefined> => Promise.resolve(undefined);
const UNSIGNED = { sign: <T>(request: T): Promise<T> => Promise.resolve(request) };

/** As the SDK's own providers are marked, so that it takes them as they are. */
const CREDENTIALS = Object.assign(() => Promise.resolve(IDENTITY), {
  memoized: true,
  configBound: true,
  attributed: true,
});

/**
 * Middleware of the SDK that tells who calls, and of which trace, in headers that nothing behind the request handler reads; and
 * the choice of a signature and the signing, where nothing is signed. S3's own signing stands beside the general one and needs it.
 */
const DECORATION = ['getUserAgentMiddleware', 'recursionDetectionMiddleware', 'loggerMiddleware'];
const SIGNING = ['httpAuthSchemeMiddleware', 'httpSigningMiddleware'];

function withoutDecoration(client: object, isS3: boolean): void {
  const stack: unknown = Reflect.get(client, 'middlewareStack');
  if (!isRecord(stack) || typeof stack['remove'] !== 'function')
    throw new Error('a client of the SDK has no middleware');
  for (const name of isS3 ? DECORATION : [...DECORATION, ...SIGNING]) Reflect.apply(stack['remove'], stack, [name]);
}

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
