import { invalid } from '../invalid-request';
import type { ExpressionName, Operand, Path, Step, ValueRef } from './ast';
import { isReserved } from './reserved-words';

type TokenKind = 'word' | 'alias' | 'ref' | 'number' | 'symbol' | 'end';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const TOKEN = /\s*(?:([A-Za-z]\w*)|(#\w+)|(:\w+)|(\d+)|(<>|<=|>=|[=<>(),.[\]+-]))/y;
const KINDS = ['word', 'alias', 'ref', 'number', 'symbol'] as const;
const END: Token = { kind: 'end', text: '<EOF>' };

/** The tokens of an expression and what all kinds of expressions are made of. */
export class Tokens {
  readonly aliases = new Set<string>();
  readonly refs = new Set<string>();
  private readonly tokens: readonly Token[];
  private at = 0;

  /** @throws InvalidRequestError for an empty text or a character that no expression has. */
  constructor(
    private readonly name: ExpressionName,
    text: string,
  ) {
    if (text.trim() === '') this.refuse('The expression can not be empty;');
    this.tokens = split(text, (token) => this.syntaxError(token));
  }

  get next(): Token {
    return this.tokens[this.at] ?? END;
  }

  take(): Token {
    const token = this.next;
    this.at += 1;
    return token;
  }

  /** Whether the next token is this symbol; taken if so. */
  skip(symbol: string): boolean {
    if (this.next.kind !== 'symbol' || this.next.text !== symbol) return false;
    this.at += 1;
    return true;
  }

  expect(symbol: string): void {
    if (!this.skip(symbol)) this.unexpected();
  }

  /** Whether the next token is this keyword, in any case; taken if so. */
  skipKeyword(keyword: string): boolean {
    if (!this.atKeyword(keyword)) return false;
    this.at += 1;
    return true;
  }

  atKeyword(keyword: string): boolean {
    return this.next.kind === 'word' && this.next.text.toUpperCase() === keyword;
  }

  /** Whether a function of this name begins here; taken with its parenthesis if so. Names of functions have a case. */
  skipFunction(name: string): boolean {
    const after = this.tokens[this.at + 1];
    if (this.next.kind !== 'word' || this.next.text !== name || after?.text !== '(') return false;
    this.at += 2;
    return true;
  }

  path(): Path {
    const steps: [Step, ...Step[]] = [this.attribute()];
    for (;;) {
      if (this.skip('.')) steps.push(this.attribute());
      else if (this.skip('[')) steps.push(this.index());
      else return { kind: 'path', steps };
    }
  }

  ref(): ValueRef {
    if (this.next.kind !== 'ref') this.unexpected();
    const { text } = this.take();
    this.refs.add(text);
    return { kind: 'value', ref: text };
  }

  pathOrRef(): Path | ValueRef {
    return this.next.kind === 'ref' ? this.ref() : this.path();
  }

  operand(): Operand {
    if (!this.skipFunction('size')) return this.pathOrRef();
    const path = this.path();
    this.expect(')');
    return { kind: 'size', path };
  }

  list<T>(one: () => T): T[] {
    const all = [one()];
    while (this.skip(',')) all.push(one());
    return all;
  }

  end(): void {
    if (this.next.kind !== 'end') this.unexpected();
  }

  unexpected(): never {
    return this.syntaxError(this.next.text);
  }

  refuse(why: string): never {
    return invalid(`Invalid ${this.name}: ${why}`);
  }

  private attribute(): Step {
    const { kind, text } = this.next;
    if (kind === 'alias') {
      this.at += 1;
      this.aliases.add(text);
      return { kind: 'alias', alias: text };
    }
    if (kind !== 'word') this.unexpected();
    if (isReserved(text)) this.refuse(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    this.at += 1;
    return { kind: 'name', name: text };
  }

  private index(): Step {
    if (this.next.kind !== 'number') this.unexpected();
    const index = Number(this.take().text);
    this.expect(']');
    return { kind: 'index', index };
  }

  private syntaxError(token: string): never {
    return this.refuse(`Syntax error; token: "${token}"`);
  }
}

function split(text: string, fail: (token: string) => never): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const index = match?.slice(1).findIndex((group: string | undefined) => group !== undefined) ?? -1;
    const kind = KINDS[index];
    if (match === null || kind === undefined) return fail(text.slice(from).trim().slice(0, 1));
    tokens.push({ kind, text: match[index + 1] ?? '' });
  }
  return tokens;
}
