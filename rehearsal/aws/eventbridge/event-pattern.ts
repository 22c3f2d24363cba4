import { NotModelledError } from '../service';
import { isObject } from './event';
import type { Json, JsonObject } from './event';

/** Does an event match? */
export type EventMatcher = (event: JsonObject) => boolean;

/** Does a field's value match, one element of a list at a time? `undefined`: the field is not there. */
type Test = (value: Json | undefined) => boolean;

/**
 * Compiles an event pattern: every field of the pattern has to be in the event, in the same place, with one of the values that
 * are listed; a list in the event matches when one of its elements does (EventBridge guide, "Event patterns", "Arrays in event
 * patterns", "Comparison operators").
 *
 * @throws NotModelledError for cidr, $or, and filters within others except anything-but of prefix and suffix.
 */
export function compilePattern(text: string): EventMatcher {
  const pattern: Json = JSON.parse(text) as Json;
  if (!isObject(pattern)) throw new SyntaxError(`an event pattern is an object: ${text}`);
  return ofObject(pattern);
}

function ofObject(pattern: JsonObject): EventMatcher {
  const fields = Object.entries(pattern).map(([name, wanted]) => [name, ofField(name, wanted)] as const);
  return (event) => fields.every(([name, matches]) => matches(event[name]));
}

function ofField(name: string, wanted: Json): Test {
  if (name.startsWith('$')) throw new NotModelledError(`events: ${name} in an event pattern is not modelled`);
  if (Array.isArray(wanted)) {
    const tests = wanted.map((one: Json) => ofValue(one));
    return (value) => tests.some((test) => (Array.isArray(value) ? value.some((one: Json) => test(one)) : test(value)));
  }
  if (!isObject(wanted)) throw new SyntaxError(`the values of ${name} in an event pattern have to be a list`);
  const below = ofObject(wanted);
  // Absent on the way is absent at the end: `exists: false` is true there.
  return (value) => (isObject(value) ? below(value) : value === undefined && below({}));
}

function ofValue(wanted: Json): Test {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [filter, ...more] = Object.entries(wanted);
  if (!filter || more.length > 0) throw new SyntaxError(`a filter has one key: ${JSON.stringify(wanted)}`);
  return ofFilter(...filter);
}

function ofFilter(filter: string, operand: Json): Test {
  switch (filter) {
    case 'prefix':
      return ofText(filter, operand, (value, prefix) => value.startsWith(prefix));
    case 'suffix':
      return ofText(filter, operand, (value, suffix) => value.endsWith(suffix));
    case 'equals-ignore-case':
      return ofText(filter, operand, (value, other) => value.toLowerCase() === other.toLowerCase());
    case 'wildcard':
      return ofWildcard(operand);
    case 'exists':
      // Of leaves only: a field that holds an object does not exist.
      return (value) => (value !== undefined && !isObject(value)) === operand;
    case 'numeric':
      return ofNumbers(operand);
    case 'anything-but':
      return ofAnythingBut(operand);
    default:
      return unknownFilter(filter, operand);
  }
}

function ofText(filter: string, operand: Json, test: (value: string, operand: string) => boolean): Test {
  if (typeof operand !== 'string') return unknownFilter(filter, operand);
  return (value) => typeof value === 'string' && test(value, operand);
}

/** `*` stands for any number of characters. */
function ofWildcard(operand: Json): Test {
  if (typeof operand !== 'string' || operand.includes('\\')) return unknownFilter('wildcard', operand);
  const parts = operand.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`, 's');
  return (value) => typeof value === 'string' && whole.test(value);
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 5]`: all of them hold. */
function ofNumbers(operand: Json): Test {
  const list: readonly Json[] = Array.isArray(operand) ? operand : [];
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const [sign, bound] = [list[index], list[index + 1]];
    const compare = typeof sign === 'string' ? COMPARISONS[sign] : undefined;
    if (!compare || typeof bound !== 'number') return unknownFilter('numeric', operand);
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

/** The field has to be there, with another value than all of these. */
function ofAnythingBut(operand: Json): Test {
  const excluded = (Array.isArray(operand) ? operand : [operand]).map((one: Json): Test => {
    if (!isObject(one)) return (value) => value === one;
    if (Object.keys(one).some((key) => key !== 'prefix' && key !== 'suffix')) return unknownFilter('anything-but', one);
    return ofValue(one);
  });
  return (value) => value !== undefined && !excluded.some((test) => test(value));
}

function unknownFilter(filter: string, operand: Json): never {
  throw new NotModelledError(`events: the filter ${filter} of ${JSON.stringify(operand)} is not modelled`);
}
