import * as fc from 'fast-check';
import { NotModelledError } from '../../../rehearsal/aws/service';
import { canonicalNumber, compareNumbers } from '../../../rehearsal/aws/dynamodb/decimal';
import { compileCondition } from '../../../rehearsal/aws/dynamodb/expressions/compile';
import { check, holds } from '../../../rehearsal/aws/dynamodb/expressions/evaluate';
import { readScope } from '../../../rehearsal/aws/dynamodb/expressions/scope';
import { compareUtf8 } from '../../../rehearsal/aws/dynamodb/value';
import type { AttributeValue, Item } from '../../../rehearsal/aws/dynamodb/value';

function evaluate(text: string, item: Item, values: Item = {}, names: Readonly<Record<string, string>> = {}): boolean {
  const condition = compileCondition('ConditionExpression', text);
  const scope = readScope(
    {
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    },
    [condition],
  );
  check(condition, scope);
  return holds(condition.body, item, scope);
}

describe('conditions (DynamoDB developer guide, "Condition and filter expressions, operators, and functions")', () => {
  const item: Item = {
    pk: { S: 'order#1' },
    n: { N: '10' },
    flag: { BOOL: true },
    nothing: { NULL: true },
    list: { L: [{ S: 'x' }, { M: { deep: { N: '7' } } }] },
    doc: { M: { part: { S: 'in' } } },
    tags: { SS: ['a', 'b'] },
    picture: { B: 'AQID' },
  };

  test.each<[string, boolean, Item]>([
    ['attribute_exists(pk)', true, {}],
    ['attribute_exists(nothing)', true, {}],
    ['attribute_not_exists(absent)', true, {}],
    ['attribute_type(n, :t)', true, { ':t': { S: 'N' } }],
    ['attribute_type(#l, :t)', false, { ':t': { S: 'M' } }],
    ['begins_with(pk, :p)', true, { ':p': { S: 'order#' } }],
    ['contains(tags, :a)', true, { ':a': { S: 'a' } }],
    ['contains(pk, :a)', true, { ':a': { S: 'der' } }],
    ['contains(#l, :a)', true, { ':a': { S: 'x' } }],
    ['size(pk) = :n', true, { ':n': { N: '7' } }],
    ['size(picture) = :n', true, { ':n': { N: '3' } }],
    ['size(tags) > :n', true, { ':n': { N: '1' } }],
    ['n BETWEEN :a AND :b AND pk = :pk', true, { ':a': { N: '10' }, ':b': { N: '11' }, ':pk': { S: 'order#1' } }],
    ['n IN (:a, :b)', true, { ':a': { N: '9' }, ':b': { N: '10.0' } }],
    ['#l[1].deep = :n', true, { ':n': { N: '7' } }],
    ['doc.part = :v', true, { ':v': { S: 'in' } }],
    ['not flag = :v', false, { ':v': { BOOL: true } }],
  ])('%s is %s', (text, expected, values) => {
    expect(evaluate(text, item, values, text.includes('#l') ? { '#l': 'list' } : {})).toBe(expected);
  });

  test('a comparison with what is not there is false, except that it is different', () => {
    const values = { ':v': { N: '1' } };
    for (const comparator of ['=', '<', '<=', '>', '>=']) {
      expect(evaluate(`absent ${comparator} :v`, item, values)).toBe(false);
    }
    expect(evaluate('absent <> :v', item, values)).toBe(true);
    expect(evaluate('NOT absent = :v', item, values)).toBe(true);
  });

  test('values of two types are never equal and have no order: a number is not its text', () => {
    expect(evaluate('n = :v', item, { ':v': { S: '10' } })).toBe(false);
    expect(evaluate('n <= :v', item, { ':v': { S: '10' } })).toBe(false);
    expect(evaluate('n <> :v', item, { ':v': { S: '10' } })).toBe(true);
  });

  test.each(['begins_with(n, :x)', 'size(n) = :x', 'size(umlaut) = :x'])(
    '%s, of which the guide does not say what it is, ends the run',
    (text) => {
      const values = { ':x': { S: 'x' } };
      expect(() => evaluate(text, { ...item, umlaut: { S: 'ä' } }, values)).toThrow(NotModelledError);
      expect(evaluate(text, {}, values)).toBe(false);
    },
  );

  test('NOT binds before AND, AND before OR', () => {
    const values = { ':t': { BOOL: true }, ':f': { BOOL: false } };
    expect(evaluate('flag = :t OR flag = :f AND flag = :f', item, values)).toBe(true);
    expect(evaluate('flag = :f AND flag = :f OR flag = :t', item, values)).toBe(true);
    expect(evaluate('(flag = :t OR flag = :f) AND flag = :f', item, values)).toBe(false);
    expect(evaluate('NOT flag = :f AND flag = :t', item, values)).toBe(true);
  });

  test('BETWEEN with its bounds the wrong way round is refused before an item is looked at', () => {
    expect(() => evaluate('n BETWEEN :a AND :b', {}, { ':a': { N: '2' }, ':b': { N: '1' } })).toThrow(
      'Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    );
  });

  test.each<[string, string, Item, string]>([
    [
      'bounds of BETWEEN of two types',
      'n BETWEEN :a AND :b',
      { ':a': { N: '2' }, ':b': { S: '3' } },
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {S:3}',
    ],
    [
      'an order of booleans',
      'flag < :a',
      { ':a': { BOOL: true } },
      'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
    ],
    [
      'a number as a prefix',
      'begins_with(pk, :a)',
      { ':a': { N: '1' } },
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    ['an empty condition', ' ', {}, 'The expression can not be empty;'],
    ['a function that there is not', 'there(pk)', {}, 'Syntax error; token: "("'],
    ['a character that no expression has', 'pk = "x"', {}, 'Syntax error; token: """'],
  ])('%s is refused before an item is looked at', (_why, text, values, message) => {
    expect(() => evaluate(text, {}, values)).toThrow(`Invalid ConditionExpression: ${message}`);
  });
});

/** An independent way to say what a condition means: on plain values, with BigInt and bytes. */
type Plain = { readonly n: bigint } | { readonly s: string } | { readonly b: boolean } | undefined;

const toWire = (plain: Exclude<Plain, undefined>): AttributeValue => {
  if ('n' in plain) return { N: plain.n.toString() };
  return 's' in plain ? { S: plain.s } : { BOOL: plain.b };
};

function oracle(comparator: string, left: Plain, right: Plain): boolean {
  const same =
    left !== undefined &&
    right !== undefined &&
    (('n' in left && 'n' in right && left.n === right.n) ||
      ('s' in left && 's' in right && Buffer.from(left.s).equals(Buffer.from(right.s))) ||
      ('b' in left && 'b' in right && left.b === right.b));
  if (comparator === '=') return same;
  if (comparator === '<>') return !same;
  let order: number | undefined;
  if (left && right && 'n' in left && 'n' in right) order = left.n < right.n ? -1 : left.n > right.n ? 1 : 0;
  if (left && right && 's' in left && 's' in right) order = Buffer.compare(Buffer.from(left.s), Buffer.from(right.s));
  if (order === undefined) return false;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[comparator] ?? false;
}

const plain: fc.Arbitrary<Exclude<Plain, undefined>> = fc.oneof(
  fc.record({ n: fc.oneof(fc.bigInt(-20n, 20n), fc.bigInt(-(10n ** 37n), 10n ** 37n)) }),
  fc.record({ s: fc.string({ unit: 'grapheme', maxLength: 4 }) }),
  fc.record({ b: fc.boolean() }),
);

describe('properties', () => {
  test('every comparison of attributes agrees with an independent oracle', () => {
    const comparators = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');
    fc.assert(
      fc.property(comparators, fc.option(plain, { nil: undefined }), plain, (comparator, left, right) => {
        const item: Item = { ...(left && { x: toWire(left) }), y: toWire(right) };
        expect(evaluate(`x ${comparator} y`, item)).toBe(oracle(comparator, left, right));
      }),
      { numRuns: 2_000 },
    );
  });

  type Tree = string | readonly ['NOT', Tree] | readonly ['AND' | 'OR', Tree, Tree];
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('a', 'b', 'c'),
      fc.tuple(fc.constant('NOT' as const), tie('tree')),
      fc.tuple(fc.constantFrom('AND' as const, 'OR' as const), tie('tree'), tie('tree')),
    ),
  }));
  const written = (one: Tree): string => {
    if (typeof one === 'string') return `attribute_exists(${one})`;
    return one.length === 2 ? `NOT (${written(one[1])})` : `(${written(one[1])}) ${one[0]} (${written(one[2])})`;
  };
  const truth = (one: Tree, item: Item): boolean => {
    if (typeof one === 'string') return one in item;
    if (one.length === 2) return !truth(one[1], item);
    const [left, right] = [truth(one[1], item), truth(one[2], item)];
    return one[0] === 'AND' ? left && right : left || right;
  };

  test('AND, OR, NOT and parentheses agree with logic', () => {
    fc.assert(
      fc.property(tree, fc.subarray(['a', 'b', 'c']), (one, present) => {
        const item = Object.fromEntries(present.map((name): [string, AttributeValue] => [name, { S: 'x' }]));
        expect(evaluate(written(one), item)).toBe(truth(one, item));
      }),
    );
  });

  test('numbers are compared exactly, however many of their 38 digits differ', () => {
    const decimal = fc.record({
      units: fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
      places: fc.integer({ min: 0, max: 40 }),
    });
    const text = ({ units, places }: { units: bigint; places: number }): string => `${units}e-${places}`;
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const [left, right] = [one.units * 10n ** BigInt(other.places), other.units * 10n ** BigInt(one.places)];
        const order = compareNumbers(canonicalNumber(text(one)), canonicalNumber(text(other)));
        expect(Math.sign(order)).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
      { numRuns: 1_000 },
    );
  });

  test('numbers beyond what a double can tell apart are told apart', () => {
    expect(compareNumbers('9007199254740993', '9007199254740992')).toBeGreaterThan(0);
    expect(compareNumbers('0.1234567890123456', '0.1234567890123457')).toBeLessThan(0);
  });

  test('a number has one spelling, which is spelt like itself', () => {
    expect(['1.50', '+1.5', '150e-2', '0.15E1', '01.5'].map(canonicalNumber)).toEqual(Array(5).fill('1.5'));
    expect(['-0', '0.00', '1e3', '.5', '-00012.340'].map(canonicalNumber)).toEqual(['0', '0', '1000', '0.5', '-12.34']);
    expect(() => canonicalNumber('1e126')).toThrow('Number overflow');
    expect(() => canonicalNumber('1e-131')).toThrow('Number underflow');
  });

  test('strings are in the order of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        expect(Math.sign(compareUtf8(one, other))).toBe(
          Math.sign(Buffer.compare(Buffer.from(one), Buffer.from(other))),
        );
      }),
    );
    expect(compareUtf8('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
  });
});
