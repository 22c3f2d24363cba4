import fc from 'fast-check';
import { jsonCopy } from '../../../rehearsal/wire/json-copy';

// Events and answers of functions cross as JSON. The copy that the rehearsal makes of them must be what JSON makes of them.

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const anything = fc.anything({
  withDate: true,
  withSparseArray: true,
  withBoxedValues: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withTypedArray: true,
  stringUnit: 'binary',
});

test('is what JSON makes of a value, whatever the value is', () => {
  fc.assert(
    fc.property(anything, (given) => {
      const value = { given };
      expect(jsonCopy(value)).toEqual(throughJson(value));
      expect(JSON.stringify(jsonCopy(value))).toBe(JSON.stringify(value));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['negative zero', { a: -0 }],
  ['no number', { a: [NaN, Infinity] }],
  ['members that are not there', { a: undefined, b: [undefined, () => 1], c: Symbol('c') }],
  ['a member called __proto__', Object.defineProperty({ b: 2 }, '__proto__', { value: { a: 1 }, enumerable: true })],
  ['what says itself what it is', { a: { toJSON: () => ({ b: 1 }) }, c: [new Date(0)] }],
])('%s', (_, value) => {
  expect(JSON.stringify(jsonCopy(value))).toBe(JSON.stringify(value));
  expect(jsonCopy(value)).toEqual(throughJson(value));
});

test('shares nothing with the value: a handler that changes its event changes nobody else’s', () => {
  const value = { a: [{ b: 1 }] };
  const copy = jsonCopy(value) as typeof value;
  const [first] = copy.a;
  if (first) first.b = 2;
  expect(value).toEqual({ a: [{ b: 1 }] });
});

test('what JSON refuses is refused', () => {
  expect(() => jsonCopy({ a: 1n })).toThrow(TypeError);
});
