/** Columns of the terminal that a report is laid out for. */
export const WIDTH = 100;

/** What colours mean; without colour every one is the text itself. */
export interface Ink {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly mark: (text: string) => string;
}

const plain = (text: string): string => text;
const ansi =
  (code: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`;

/** @param colour only where somebody looks at a terminal. */
export function inkOf(colour: boolean): Ink {
  return colour
    ? { good: ansi(32), bad: ansi(31), strong: ansi(1), faint: ansi(2), mark: ansi(36) }
    : { good: plain, bad: plain, strong: plain, faint: plain, mark: plain };
}

/** One line without anything that would move the cursor or colour what follows. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}

/** Breaks a text into lines; a word that is longer than a line stays whole, so that it can be copied. */
export function wrap(text: string, indent = '', width = WIDTH): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, indent + line];
}

/** A text that leaves a hanging indent: its first line begins with a bullet. */
export function item(bullet: string, text: string, indent = '  '): readonly string[] {
  const hanging = indent + ' '.repeat(bullet.length + 1);
  const [first = '', ...rest] = wrap(text, hanging);
  return [`${indent}${bullet} ${first.trimStart()}`, ...rest];
}

/** How a column is laid out. */
export type Align = 'left' | 'right';

/** Aligned columns, two blanks apart, without blanks at the end of a line. */
export function table(
  rows: readonly (readonly string[])[],
  aligns: readonly Align[],
  indent = '  ',
): readonly string[] {
  const widths = aligns.map((_, column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    (
      indent +
      aligns
        .map((align, column) => {
          const cell = row[column] ?? '';
          const width = widths[column] ?? 0;
          return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
    ).trimEnd(),
  );
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar in eighths of a column; what is not nothing is at least a sliver. @param share of the width, 0 to 1. */
export function bar(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(Math.min(1, share) * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** A stretch of an axis in whole columns, `..███..`; a moment is a point. Shares of the axis, 0 to 1. */
export function stretch(from: number, to: number, width: number): string {
  const clamp = (share: number): number => Math.min(1, Math.max(0, share));
  const start = Math.min(width - 1, Math.floor(clamp(from) * width));
  const end = Math.max(start + 1, Math.round(clamp(to) * width));
  return ' '.repeat(start) + (to > from ? '█'.repeat(end - start) : '◆');
}
