import fc from 'fast-check';
import { canonicalDecimal, decimalUnits } from '../../../lambda/shared/decimal';
import { matchPath } from '../../../lambda/shared/http';
import { latestResult, receivedMinute, resultSortKey } from '../../../lambda/shared/order-items';
import { replicatedKey, RTC_LIMIT_BYTES, validateReplicatedKey } from '../../../lambda/shared/replicated-objects';
import { sampledHeader } from '../../../lambda/shared/tracing';

describe('decimals are exact', () => {
  test.each([
    ['101.25', 10_125_000_000n],
    ['0.00000001', 1n],
    ['-2', -200_000_000n],
    ['-0.5', -50_000_000n],
    ['1e5', undefined],
    ['1.123456789', undefined],
    ['1234567890123', undefined],
    ['', undefined],
  ])('"%s" has %s units', (text, units) => expect(decimalUnits(text)).toBe(units));

  test.each([
    ['0100.500', '100.5'],
    ['5.00000000', '5'],
    ['-0', '0'],
    ['0.10', '0.1'],
  ])('"%s" is written "%s"', (text, canonical) => expect(canonicalDecimal(text)).toBe(canonical));

  test('one value has one spelling, and the spelling keeps the value', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), (units) => {
        const digits = (units < 0n ? -units : units).toString().padStart(9, '0');
        const text = `${units < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
        expect(decimalUnits(canonicalDecimal(text))).toBe(units);
        expect(canonicalDecimal(canonicalDecimal(text))).toBe(canonicalDecimal(text));
      }),
    );
  });
});

describe('keys of items', () => {
  test('a result is keyed by epoch and region, so that no region overwrites another', () => {
    expect(resultSortKey(7, 'eu-central-2')).toBe('RESULT#0000000007#eu-central-2');
  });

  test('results sort by their epoch as texts do', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        expect(resultSortKey(one, 'a') < resultSortKey(other, 'a')).toBe(one < other);
      }),
    );
  });

  test('an order is listed under the minute that it was received in', () => {
    expect(receivedMinute('2026-11-24T03:51:59.999Z')).toBe('2026-11-24T03:51');
  });

  test('the result of the highest epoch counts, in whatever order they are read', () => {
    const results = [1, 9, 10].map((epoch) => ({ sk: resultSortKey(epoch, 'a'), epoch }));
    expect(latestResult(results)?.epoch).toBe(10);
    expect(latestResult([...results].reverse())?.epoch).toBe(10);
    expect(latestResult([])).toBeUndefined();
  });
});

describe('replicated objects', () => {
  test.each([
    [0, 'rtc/a'],
    [134_217_727, 'rtc/a'],
    [134_217_728, 'bulk/a'],
  ])('of %d bytes stand under %s, because the timed rule is for objects below 128 MB', (size, key) => {
    expect(replicatedKey('a', size)).toBe(key);
  });

  test('a large object is refused under the timed prefix, naming key and size', () => {
    expect(() => validateReplicatedKey('rtc/report', RTC_LIMIT_BYTES)).toThrow(
      'rtc/report has 134217728 bytes; rtc/ takes less than 134217728',
    );
  });
});

test.each([
  ['/orders/{orderId}', '/orders/abc', { orderId: 'abc' }],
  ['/orders/{orderId}', '/orders/a%20b/', { orderId: 'a b' }],
  ['/orders/{orderId}', '/orders/%zz', { orderId: '%zz' }],
  ['/orders/{orderId}', '/orders/', undefined],
  ['/orders', '/orders/abc', undefined],
  ['/health/deep', '/health/shallow', undefined],
])('the route %s reads %s as %j', (pattern, path, parameters) => {
  expect(matchPath(pattern, path)).toEqual(parameters);
});

test.each([
  [
    'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    { root: '1-5759e988-bd862e3fe1be46a994272793', parent: '53995c3f42cd8ad8' },
  ],
  ['Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0', undefined],
  [undefined, undefined],
])('the trace header %s is traced as %j', (header, trace) => {
  expect(sampledHeader(header)).toEqual(trace);
});
