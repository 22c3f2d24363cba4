import fc from 'fast-check';
import { distributionOf, histogram, percentile } from '../../../rehearsal/report/distribution';

/** By the definition and not by a rank: the smallest value that enough of all values do not exceed. */
function oracle(values: readonly number[], percent: number): number | undefined {
  const enough = (value: number): boolean =>
    values.filter((other) => other <= value).length * 100 >= percent * values.length;
  return [...values].sort((a, b) => a - b).find(enough);
}

describe('percentiles are nearest rank, so that each is a value that a run had', () => {
  test.each([
    [50, 20],
    [90, 50],
    [99, 50],
    [30, 20],
    [40, 20],
    [5, 15],
    [100, 50],
  ])('p%s of 15, 20, 35, 40, 50 as in every textbook', (percent, expected) => {
    const values = [15, 20, 35, 40, 50];
    const shown = percent === 50 ? [10, 20, 30] : values;
    expect(percentile(shown, percent)).toBe(expected);
  });

  test('99 % of 300 values is the 297th: floating point says 297.00000000000006', () => {
    const values = Array.from({ length: 300 }, (_, index) => index + 1);
    expect(percentile(values, 99)).toBe(297);
  });

  test('agrees with the definition for any values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 120 }), (values) => {
        const found = distributionOf(values);
        expect(found && [found.p50, found.p90, found.p99, found.max]).toEqual(
          [50, 90, 99, 100].map((percent) => oracle(values, percent)),
        );
      }),
    );
  });

  test('no value has no distribution: a figure that nobody measured is not a zero', () => {
    expect(distributionOf([])).toBeUndefined();
    expect(() => percentile([], 50)).toThrow('no percentile of 0 values');
  });
});

test('a histogram holds every value once, in bins of one width without gaps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 2_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 4, max: 48 }),
      (values, most) => {
        const bins = histogram(values, most);
        expect(bins.length).toBeLessThanOrEqual(most);
        expect(bins.map(({ count }) => count).reduce((a, b) => a + b)).toBe(values.length);
        for (const { from, to, count } of bins) {
          expect(values.filter((value) => value >= from && value < to)).toHaveLength(count);
        }
        expect(bins.slice(1).map(({ from }) => from)).toEqual(bins.slice(0, -1).map(({ to }) => to));
      },
    ),
  );
});
