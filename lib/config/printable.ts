/** More of a wrong value helps nobody to find it, in characters. */
const LONGEST = 200;

/** What a terminal obeys, hides or turns around, and blanks that look like the one on the keyboard or like none. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** A text of the operator's as a message can repeat it: on one line, with every character to be seen, and not without end. */
export function printable(text: string): string {
  const shown = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  const seen = shown.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return text.length > LONGEST ? `${seen}… (${text.length} characters)` : seen;
}
