/** Edit distance between two words: insert, delete, replace and swapping two neighbours each count 1. */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? older[j - 2]! + 1
        : Infinity;
      row.push(Math.min(replaced, swapped, previous[j]! + 1, row[j - 1]! + 1));
    }
    older = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** The known word closest to `word`, if at most half of its letters differ; a prefix counts as close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known.map((k) => ({
    k,
    d: k.startsWith(word) && word !== "" ? 0.5 : editDistance(word, k),
  }));
  scored.sort((a, b) => a.d - b.d);
  const best = scored[0];
  return best !== undefined && best.d <= Math.max(1, Math.floor(best.k.length / 2)) ? best.k : undefined;
}
