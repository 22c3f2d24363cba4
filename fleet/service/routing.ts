import { RequestRefusedError, NotFoundError } from './errors';
import { siteKey } from './site';

/** What a request asks for. */
export type Route =
  | { readonly kind: 'health' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'createSession' }
  | { readonly kind: 'readSession'; readonly sessionId: string }
  | { readonly kind: 'endSession'; readonly sessionId: string }
  | { readonly kind: 'readOrder'; readonly orderId: string }
  | { readonly kind: 'site'; readonly key: string };

const ID = /^[0-9A-Za-z][0-9A-Za-z-]{0,63}$/;

/**
 * Decides what a request asks for from its method and path alone.
 *
 * @throws NotFoundError for a path that cannot exist, RequestRefusedError (405) for a method that the path does not take.
 */
export function route(method: string, target: string): Route {
  const path = target.split(/[?#]/, 1)[0] ?? '';
  const [, head, id, ...rest] = path.split('/');
  if (path === '/health') return only(method, ['GET', 'HEAD'], { kind: 'health' });
  if (path === '/health/live') return only(method, ['GET', 'HEAD'], { kind: 'alive' });
  if (path === '/sessions') return only(method, ['POST'], { kind: 'createSession' });
  if (head === 'sessions' || head === 'orders') {
    if (id === undefined || !ID.test(id) || rest.length > 0) throw new NotFoundError(`The path ${path}`);
    if (head === 'orders') return only(method, ['GET', 'HEAD'], { kind: 'readOrder', orderId: id });
    const kind = method === 'DELETE' ? 'endSession' : 'readSession';
    return only(method, ['GET', 'HEAD', 'DELETE'], { kind, sessionId: id });
  }
  const key = siteKey(path);
  if (key === undefined) throw new NotFoundError(`The path ${path}`);
  return only(method, ['GET', 'HEAD'], { kind: 'site', key });
}

function only<R extends Route>(method: string, allowed: readonly string[], found: R): R {
  if (allowed.includes(method)) return found;
  throw new RequestRefusedError(
    405,
    'METHOD_NOT_ALLOWED',
    `${method} is not allowed here; allowed: ${allowed.join(', ')}`,
  );
}
