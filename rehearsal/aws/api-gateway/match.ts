import type { PathNode, Route } from './routes';

/** A route that a request fits, with the values of its path's variables. */
export interface Match {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * Finds the method of a path; a literal segment goes before a variable, and a slash at the end changes nothing.
 *
 * @returns undefined for an unknown path as for a known one with another method: API Gateway answers both alike.
 */
export function match(root: PathNode, method: string, path: string): Match | undefined {
  let node = root;
  let parameters: Record<string, string> | null = null;
  let from = 1;
  while (from < path.length) {
    const slash = path.indexOf('/', from);
    const segment = path.slice(from, slash < 0 ? path.length : slash);
    from = slash < 0 ? path.length : slash + 1;
    const literal = node.below.get(segment);
    if (literal !== undefined) node = literal;
    else if (node.variable !== undefined && segment !== '') {
      parameters ??= {};
      parameters[node.variable.name] = decoded(segment);
      ({ node } = node.variable);
    } else return undefined;
  }
  const route = node.methods.get(method) ?? node.methods.get('ANY');
  return route && { route, pathParameters: parameters };
}

/** What is no valid percent-encoding stays as it is. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
