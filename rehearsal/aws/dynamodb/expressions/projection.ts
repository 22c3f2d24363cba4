import { NotModelledError } from '../../service';
import type { AttributeValue, Item } from '../value';
import type { Compiled, Path } from './ast';
import { topName } from './scope';
import type { Scope } from './scope';
import { Tokens } from './tokens';

/**
 * Reads a projection expression.
 *
 * @throws InvalidRequestError as DynamoDB refuses it; NotModelledError for a path into a document.
 */
export function parseProjection(text: string): Compiled<readonly Path[]> {
  const tokens = new Tokens('ProjectionExpression', text);
  const body = tokens.list(() => tokens.path());
  tokens.end();
  if (body.some(({ steps }) => steps.length > 1)) {
    throw new NotModelledError('dynamodb: a projection into a document is not modelled');
  }
  return { name: 'ProjectionExpression', body, aliases: [...tokens.aliases], refs: [] };
}

export function project(paths: readonly Path[], item: Item, scope: Scope): Item {
  return pick(
    item,
    paths.map((path) => topName(path, scope)),
  );
}

/** The attributes of these names, of those that are there. */
export function pick(item: Item, names: readonly string[]): Item {
  const picked: Record<string, AttributeValue> = {};
  for (const name of names) {
    const value = item[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
