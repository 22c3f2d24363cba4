/** What CloudWatch says of an alarm. */
type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

/** A composite alarm's rule, read. */
export type Rule =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Rule[] }
  | { readonly kind: 'not'; readonly of: Rule }
  | { readonly kind: 'is'; readonly alarm: string; readonly state: AlarmState }
  | { readonly kind: 'constant'; readonly value: boolean };

/** A rule that CloudWatch would refuse, or that nobody here has needed yet. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

/** Operators and functions, names in quotes or bare (with the letters of ARNs), parentheses. */
const TOKEN = /\s*("[^"]*"|[\w:/.*-]+|[()])/y;
const STATES: Readonly<Record<string, AlarmState>> = {
  ALARM: 'ALARM',
  OK: 'OK',
  INSUFFICIENT_DATA: 'INSUFFICIENT_DATA',
};

/**
 * Reads an AlarmRule: ALARM, OK and INSUFFICIENT_DATA of a name or ARN, AND before OR, NOT, TRUE, FALSE, parentheses
 * (CloudWatch guide, "Creating a composite alarm"). AT_LEAST is refused: no rule of ours has it.
 *
 * @throws RuleError naming what was found where.
 */
export function parseRule(text: string): Rule {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (): string => {
    const token = tokens[at];
    if (token === undefined) throw new RuleError(`the rule ends too early: ${text}`);
    at += 1;
    return token;
  };
  const expect = (wanted: string): void => {
    const token = take();
    if (token !== wanted) throw new RuleError(`expected ${wanted} and found ${token}: ${text}`);
  };
  const chain = (operator: 'AND' | 'OR', next: () => Rule): Rule => {
    const parts = [next()];
    while (peek() === operator) {
      take();
      parts.push(next());
    }
    const [first, ...more] = parts;
    return first && more.length === 0 ? first : { kind: operator === 'AND' ? 'all' : 'any', of: parts };
  };
  const any = (): Rule => chain('OR', all);
  const all = (): Rule => chain('AND', single);
  const single = (): Rule => {
    const token = take();
    if (token === 'NOT') return { kind: 'not', of: single() };
    if (token === 'TRUE' || token === 'FALSE') return { kind: 'constant', value: token === 'TRUE' };
    if (token === '(') {
      const inner = any();
      expect(')');
      return inner;
    }
    const state = STATES[token];
    if (state === undefined) throw new RuleError(`there is no function ${token}: ${text}`);
    expect('(');
    const alarm = take().replaceAll('"', '');
    expect(')');
    return { kind: 'is', alarm, state };
  };
  const rule = any();
  const rest = peek();
  if (rest !== undefined) throw new RuleError(`found ${rest} behind the end of the rule: ${text}`);
  return rule;
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(source)?.[1];
    if (token === undefined) throw new RuleError(`cannot read the rule from character ${from}: ${text}`);
    tokens.push(token);
  }
  return tokens;
}

/** Does the rule hold, given the states of its alarms? A composite is in ALARM exactly then. */
export function holds(rule: Rule, stateOf: (alarm: string) => AlarmState): boolean {
  switch (rule.kind) {
    case 'all':
      return rule.of.every((part) => holds(part, stateOf));
    case 'any':
      return rule.of.some((part) => holds(part, stateOf));
    case 'not':
      return !holds(rule.of, stateOf);
    case 'is':
      return stateOf(rule.alarm) === rule.state;
    case 'constant':
      return rule.value;
  }
}

/** The alarms that a rule asks about, once each. */
export function alarmsOf(rule: Rule): readonly string[] {
  switch (rule.kind) {
    case 'all':
    case 'any':
      return [...new Set(rule.of.flatMap(alarmsOf))];
    case 'not':
      return alarmsOf(rule.of);
    case 'is':
      return [rule.alarm];
    case 'constant':
      return [];
  }
}
