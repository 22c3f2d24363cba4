import fc from 'fast-check';
import { inWords, secondsOfLoss } from '../../../lambda/shared/time-words';

test.each([
  [0, '0 s'],
  [1, '0 s'],
  [380, '0.4 s'],
  [4_000, '4 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [14_200, '14 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [150_000, '2 min 30 s'],
  [3_599_700, '1 h'],
  [3_900_000, '1 h 5 min'],
  [-5, '0 s'],
])('%d ms is %s', (ms, words) => {
  expect(inWords(ms)).toBe(words);
});

test.each([
  [0, '0 s'],
  [1, '0.1 s'],
  [380, '0.4 s'],
  [9_901, '10 s'],
  [90_958, '91 s'],
  [Infinity, 'any time'],
])('a loss of %d ms is %s', (ms, words) => {
  expect(secondsOfLoss(ms)).toBe(words);
});

test('whoever accepts the loss that they read accepts enough', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400_000 }), (ms) => {
      expect(Number(secondsOfLoss(ms).replace(' s', '')) * 1_000).toBeGreaterThanOrEqual(ms - 1e-6);
    }),
  );
});
