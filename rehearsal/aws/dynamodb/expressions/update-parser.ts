import { NotModelledError } from '../../service';
import type { Compiled, Path, SetAction, SetOperand, Update, ValueRef } from './ast';
import { Tokens } from './tokens';

/**
 * Reads an update expression (DynamoDB developer guide, "Using update expressions"): SET, REMOVE and ADD, each once, in any order.
 *
 * @throws InvalidRequestError as DynamoDB refuses it; NotModelledError for DELETE, which no handler sends.
 */
export function parseUpdate(text: string): Compiled<Update> {
  const tokens = new Tokens('UpdateExpression', text);
  const set: SetAction[] = [];
  const remove: Path[] = [];
  const add: { path: Path; value: ValueRef }[] = [];
  const seen = new Set<string>();
  do {
    const clause = tokens.take().text.toUpperCase();
    if (seen.has(clause)) tokens.refuse(`The "${clause}" section can only be used once in an update expression;`);
    seen.add(clause);
    if (clause === 'SET') set.push(...tokens.list(() => assignment(tokens)));
    else if (clause === 'REMOVE') remove.push(...tokens.list(() => tokens.path()));
    else if (clause === 'ADD') add.push(...tokens.list(() => ({ path: tokens.path(), value: tokens.ref() })));
    else if (clause === 'DELETE') throw new NotModelledError('dynamodb UpdateItem: DELETE is not modelled');
    else tokens.refuse(`Syntax error; token: "${clause}"`);
  } while (tokens.next.kind !== 'end');
  return { name: 'UpdateExpression', body: { set, remove, add }, aliases: [...tokens.aliases], refs: [...tokens.refs] };
}

function assignment(tokens: Tokens): SetAction {
  const path = tokens.path();
  tokens.expect('=');
  const left = setOperand(tokens);
  for (const operator of ['+', '-'] as const) {
    if (tokens.skip(operator)) return { path, left, plus: { operator, right: setOperand(tokens) } };
  }
  return { path, left };
}

function setOperand(tokens: Tokens): SetOperand {
  if (tokens.skipFunction('if_not_exists')) {
    const path = tokens.path();
    tokens.expect(',');
    const otherwise = setOperand(tokens);
    tokens.expect(')');
    return { kind: 'if_not_exists', path, otherwise };
  }
  if (tokens.skipFunction('list_append')) {
    const first = setOperand(tokens);
    tokens.expect(',');
    const second = setOperand(tokens);
    tokens.expect(')');
    return { kind: 'list_append', first, second };
  }
  return tokens.pathOrRef();
}
