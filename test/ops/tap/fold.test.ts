import fc from 'fast-check';
import { fold } from '../../../ops/tap/status/fold';

test('what fits stays as it is', () => {
  expect(fold('  alarms     none is red')).toEqual(['  alarms     none is red']);
});

test('a row goes on under its own text', () => {
  expect(fold('  alarms     3 red: one-alarm, two-alarm', 30)).toEqual([
    '  alarms     3 red: one-alarm,',
    '             two-alarm',
  ]);
});

test('a figure stays with its unit while there is a comma to break after', () => {
  expect(fold('  alarms     red: one-alarm (13 min 2 s), two-alarm (1 s)', 44)).toEqual([
    '  alarms     red: one-alarm (13 min 2 s),',
    '             two-alarm (1 s)',
  ]);
});

test('colours take no column, and a title goes on with an indent', () => {
  const red = '\u001b[31mnot known\u001b[0m';
  expect(fold(`  lag        ${red}: why`, 27)).toEqual([`  lag        ${red}: why`]);
  expect(fold('eu-central-1 (primary) does not answer', 25)).toEqual(['eu-central-1 (primary)', '  does not answer']);
});

test('no line is wider unless it is one word, and no word is lost or moved', () => {
  const words = fc.array(fc.stringMatching(/^[a-z,;]{1,40}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 110 }), (text, width) => {
      const line = `  ${'row'.padEnd(10)} ${text.join(' ')}`;
      const folded = fold(line, width);
      expect(folded.join(' ').replaceAll(/\s+/g, ' ')).toBe(line.replaceAll(/\s+/g, ' '));
      for (const part of folded)
        expect(
          part.length <= width ||
            !part
              .trim()
              .replace(/^row\s+/, '')
              .includes(' '),
        ).toBe(true);
    }),
  );
});
