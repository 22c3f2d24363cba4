import { createHash } from 'node:crypto';

/** One method of the API, as it is written in its documentation. */
export interface RouteSpec {
  readonly method: 'GET' | 'POST';
  /** Starts with a slash; `{name}` stands for one path segment. */
  readonly path: string;
}

/** One path of the API's resource tree. */
export interface PathSpec {
  readonly path: string;
  /** The path above, `/` for those directly under the root. */
  readonly parentPath: string;
  readonly part: string;
}

/** Every path that the routes need, parents before children, each once. */
export function pathsOf(routes: readonly RouteSpec[]): readonly PathSpec[] {
  const paths = new Map<string, PathSpec>();
  for (const { path } of routes) {
    const parts = path.split('/').filter(Boolean);
    parts.forEach((part, i) => {
      const own = `/${parts.slice(0, i + 1).join('/')}`;
      paths.set(own, { path: own, parentPath: `/${parts.slice(0, i).join('/')}`, part });
    });
  }
  return [...paths.values()];
}

/** A path as part of a logical name: `/orders/{orderId}` is `orders-orderId`. */
export function pathName(path: string): string {
  return path.replace(/[{}]/g, '').split('/').filter(Boolean).join('-');
}

/** A route as a permission names it: API Gateway puts a wildcard where the path has a variable. */
export function permissionPath({ method, path }: RouteSpec): string {
  return `${method}${path.replace(/\{[^}]+\}/g, '*')}`;
}

/**
 * What a deployment of the API is a picture of, as one stable word: it changes exactly when the description changes, not
 * with the time or the order in which the routes are listed.
 */
export function fingerprint(description: readonly Readonly<Record<string, string>>[]): string {
  const lines = description.map((entry) => JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}
