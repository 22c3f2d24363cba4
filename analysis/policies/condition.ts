import { compileArn, compilePattern } from './pattern';

/** The values of one key in a request: undefined when the request does not carry it. */
export type ContextValues = readonly string[] | undefined;

/** One operator with one key and its values. All conditions of a statement must hold. */
export interface Condition {
  /** `StringEquals`, with its prefix and suffix. */
  readonly operator: string;
  /** As the policy spells it. */
  readonly key: string;
  /** In small letters: names of keys are compared without case. */
  readonly name: string;
  readonly values: readonly string[];
  /** @throws Error when a key has several values and the operator is no set operator: AWS leaves open what happens. */
  holds(asked: ContextValues): boolean;
}

type Test = (asked: string) => boolean;

/** A condition that cannot be read: an operator, a value or a variable that nobody has modelled. */
export class ConditionError extends Error {
  override name = 'ConditionError';
}

const OPERATORS: Readonly<Record<string, (wanted: string) => Test>> = {
  StringEquals: (wanted) => (asked) => asked === wanted,
  StringEqualsIgnoreCase: (wanted) => (asked) => asked.toLowerCase() === wanted.toLowerCase(),
  StringLike: (wanted) => {
    const pattern = compilePattern(wanted);
    return (asked) => pattern.matches(asked);
  },
  ArnEquals: compileArn,
  ArnLike: compileArn,
  NumericEquals: (wanted) => numeric(wanted, (asked, limit) => asked === limit),
  NumericLessThan: (wanted) => numeric(wanted, (asked, limit) => asked < limit),
  NumericLessThanEquals: (wanted) => numeric(wanted, (asked, limit) => asked <= limit),
  NumericGreaterThan: (wanted) => numeric(wanted, (asked, limit) => asked > limit),
  NumericGreaterThanEquals: (wanted) => numeric(wanted, (asked, limit) => asked >= limit),
  Bool: (wanted) => {
    const truth = boolean('Bool', wanted);
    return (asked) => (asked.toLowerCase() === 'true') === truth;
  },
};

/** Negated operators and what they negate: they also hold when the request does not carry the key. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

const FORM = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/**
 * Compiles one condition (IAM user guide, "IAM JSON policy elements: Condition operators", and "Set operators for multivalued
 * context keys").
 *
 * @throws ConditionError naming the operator or the value; dates, addresses and binaries are among the operators not modelled.
 */
export function compileCondition(operator: string, key: string, values: readonly string[]): Condition {
  const variable = values.find((value) => value.includes('${'));
  if (variable !== undefined) throw new ConditionError(`policy variables are not modelled: ${variable}`);
  const [, set, base = '', ifExists] = FORM.exec(operator) ?? [];
  const described = { operator, key, name: key.toLowerCase(), values };
  if (base === 'Null') {
    if (set !== undefined || ifExists !== undefined)
      throw new ConditionError(`the operator ${operator} does not exist`);
    const absent = values.map((value) => boolean('Null', value));
    return { ...described, holds: (asked) => absent.includes(isAbsent(asked)) };
  }
  const negated = base in NEGATED;
  const make = OPERATORS[NEGATED[base] ?? base];
  if (make === undefined) throw new ConditionError(`the condition operator ${operator} is not modelled`);
  const tests = values.map((value) => make(value));
  const meets: Test = (asked) => tests.some((test) => test(asked)) !== negated;
  const ofSet = setOf(set, operator, key);
  // Only the plain operators take a missing key for a match when they are negated.
  const whenAbsent = ifExists !== undefined || set === 'ForAllValues' || (negated && set === undefined);
  return { ...described, holds: (asked) => (isAbsent(asked) ? whenAbsent : ofSet(asked, meets)) };
}

/** A key without values, or with an empty one, is none: what `ForAllValues` and `Null` say of an empty data set. */
function isAbsent(asked: ContextValues): asked is undefined {
  return asked === undefined || asked.every((value) => value === '');
}

function setOf(
  set: string | undefined,
  operator: string,
  key: string,
): (asked: readonly string[], meets: Test) => boolean {
  if (set === 'ForAllValues') return (asked, meets) => asked.every(meets);
  if (set === 'ForAnyValue') return (asked, meets) => asked.some(meets);
  return (asked, meets) => {
    const [only, ...more] = asked;
    if (only === undefined) return false;
    if (more.length > 0) throw new ConditionError(`${key} has several values, and ${operator} is no set operator`);
    return meets(only);
  };
}

function numeric(wanted: string, compare: (asked: number, limit: number) => boolean): Test {
  const limit = Number(wanted);
  if (wanted === '' || !Number.isFinite(limit)) throw new ConditionError(`${wanted} is not a number`);
  return (asked) => asked !== '' && compare(Number(asked), limit);
}

function boolean(operator: string, wanted: string): boolean {
  if (wanted === 'true') return true;
  if (wanted === 'false') return false;
  throw new ConditionError(`${operator} takes true or false, not ${wanted}`);
}
