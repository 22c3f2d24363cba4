import type { Comparator, Compiled, Condition, ExpressionName } from './ast';
import { Tokens } from './tokens';

const COMPARATORS: readonly Comparator[] = ['=', '<>', '<', '<=', '>', '>='];

/** DynamoDB API reference, Condition: "The list can contain up to 100 values". */
const MOST_IN_LIST = 100;

/**
 * Reads a condition, filter or key condition (DynamoDB developer guide, "Condition and filter expressions, operators, and
 * functions"): NOT before AND before OR, keywords in any case, functions as written.
 *
 * @throws InvalidRequestError as DynamoDB refuses it, up to what it quotes from the text.
 */
export function parseCondition(name: ExpressionName, text: string): Compiled<Condition> {
  const tokens = new Tokens(name, text);
  const body = disjunction(tokens);
  tokens.end();
  return { name, body, aliases: [...tokens.aliases], refs: [...tokens.refs] };
}

function disjunction(tokens: Tokens): Condition {
  const parts = [conjunction(tokens)];
  while (tokens.skipKeyword('OR')) parts.push(conjunction(tokens));
  return joined('or', parts);
}

function conjunction(tokens: Tokens): Condition {
  const parts = [negation(tokens)];
  while (tokens.skipKeyword('AND')) parts.push(negation(tokens));
  return joined('and', parts);
}

function joined(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  const [first] = parts;
  return first && parts.length === 1 ? first : { kind, parts };
}

function negation(tokens: Tokens): Condition {
  return tokens.skipKeyword('NOT') ? { kind: 'not', part: negation(tokens) } : single(tokens);
}

function single(tokens: Tokens): Condition {
  if (tokens.skip('(')) {
    const inner = disjunction(tokens);
    tokens.expect(')');
    return inner;
  }
  return call(tokens) ?? comparison(tokens);
}

function call(tokens: Tokens): Condition | undefined {
  const condition = opened(tokens);
  if (condition) tokens.expect(')');
  return condition;
}

function opened(tokens: Tokens): Condition | undefined {
  if (tokens.skipFunction('attribute_exists')) return { kind: 'exists', path: tokens.path() };
  if (tokens.skipFunction('attribute_not_exists')) return { kind: 'absent', path: tokens.path() };
  if (tokens.skipFunction('attribute_type')) return { kind: 'type', path: first(tokens), type: tokens.ref() };
  if (tokens.skipFunction('begins_with')) return { kind: 'begins', path: first(tokens), prefix: tokens.operand() };
  if (tokens.skipFunction('contains')) return { kind: 'contains', path: first(tokens), what: tokens.operand() };
  return undefined;
}

function first(tokens: Tokens): ReturnType<Tokens['path']> {
  const path = tokens.path();
  tokens.expect(',');
  return path;
}

function comparison(tokens: Tokens): Condition {
  const left = tokens.operand();
  if (tokens.skipKeyword('BETWEEN')) {
    const lower = tokens.operand();
    if (!tokens.skipKeyword('AND')) tokens.unexpected();
    return { kind: 'between', operand: left, lower, upper: tokens.operand() };
  }
  if (tokens.skipKeyword('IN')) {
    tokens.expect('(');
    const list = tokens.list(() => tokens.operand());
    tokens.expect(')');
    if (list.length > MOST_IN_LIST) {
      tokens.refuse('Number of operands for operator or function exceeds the limit; operator or function: IN');
    }
    return { kind: 'in', operand: left, list };
  }
  const comparator = COMPARATORS.find((symbol) => tokens.skip(symbol)) ?? tokens.unexpected();
  return { kind: 'compare', comparator, left, right: tokens.operand() };
}
