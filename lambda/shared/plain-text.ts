/** Control characters, and halves of characters: under `u` a whole surrogate pair is one character that is neither. */
const UNPLAIN = /[\p{Cc}\p{Cs}]/u;
const UNPLAIN_EACH = /[\p{Cc}\p{Cs}]/gu;

/** What is allowed of any text that comes from outside. */
export const PLAIN = 'must not have control characters or halves of characters';

/**
 * Whether a text is stored as it is. PostgreSQL refuses U+0000 (manual, 8.3, "the character with code zero cannot be stored";
 * SQLSTATE 22021), and half of a surrogate pair has no UTF-8: it would arrive there as U+FFFD, another text than the item's.
 */
export function isPlain(text: string): boolean {
  return !UNPLAIN.test(text);
}

/** The text as far as every store takes it: U+FFFD stands for each character that is not plain. */
export function plain(text: string): string {
  return text.replace(UNPLAIN_EACH, '\uFFFD');
}

/**
 * Parses JSON and names the keys whose texts are not plain: every text, so that no form can forget one.
 *
 * @throws SyntaxError
 */
export function parsePlainJson(body: string): { readonly value: unknown; readonly unplain: readonly string[] } {
  const value: unknown = JSON.parse(body);
  const unplain: string[] = [];
  // In rows and not by recursion: a body may be nested thousands deep.
  const looked: (readonly [string, unknown])[] = [['body', value]];
  for (const [key, inner] of looked) {
    if (typeof inner === 'string' && !isPlain(inner)) unplain.push(key || 'body');
    if (typeof inner === 'object' && inner !== null) for (const entry of Object.entries(inner)) looked.push(entry);
  }
  return { value, unplain };
}
