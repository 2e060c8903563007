/** Edits (insert, delete, replace one character) that turn `a` into `b`: Levenshtein's distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * The known name that a reader most likely meant by `found`, or undefined when none is within half of its length
 * (at least one edit; two swapped letters are two edits). Case does not count.
 */
export function nearest(found: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(found.length / 2));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    const d = distance(found.toLowerCase(), name.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [name, d];
  }
  return best;
}
