/** How many single-character edits turn one word into the other (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The candidate that begins with the word, else the one that takes the fewest edits, case aside; of equals, the first. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const distance = (candidate: string) =>
    typed !== '' && candidate.toLowerCase().startsWith(typed) ? 0 : editDistance(typed, candidate.toLowerCase());
  const distances = candidates.map(distance);
  return candidates[distances.indexOf(Math.min(...distances))];
}
