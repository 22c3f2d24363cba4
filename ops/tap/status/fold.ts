/** A screen's width, in columns: what is longer goes on in the next line. */
export const WIDTH = 110;

/** Colours take no column (ECMA-48, "SGR"). */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

/** Where the text of a row begins, after its name. */
const ROW_INDENT = 13;

/**
 * Breaks a line so that it fits the screen: after a comma, semicolon or colon, so that a figure stays with its unit, and between
 * words only where there is none. A word that is wider stays whole. What goes on is indented.
 */
export function fold(line: string, width = WIDTH): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const indent = ' '.repeat(line.startsWith('  ') ? ROW_INDENT : 2);
  // The row's name and its padding belong to what comes first.
  const [head = ''] = /^\s*\S+\s+/.exec(line) ?? [];
  const parts = line
    .slice(head.length)
    .split(/(?<=[,;:]) /)
    .flatMap((part) => (indent.length + widthOf(part) > width ? part.split(' ') : [part]));
  const lines: string[] = [];
  let current = head + (parts[0] ?? '');
  for (const part of parts.slice(1)) {
    if (widthOf(current) + 1 + widthOf(part) <= width) {
      current += ` ${part}`;
      continue;
    }
    lines.push(current);
    current = indent + part;
  }
  return [...lines, current];
}

function widthOf(text: string): number {
  return text.replace(COLOURS, '').length;
}
