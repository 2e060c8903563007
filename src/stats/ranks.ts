/** Midranks (1-based, ties share their average) of finite values, with the size of every group of equal values. */
export interface Ranks {
  readonly ranks: readonly number[];
  readonly tieSizes: readonly number[];
}

/** Ranks in ascending order: the smallest value gets rank 1. */
export function midranks(values: readonly number[]): Ranks {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  const tieSizes: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    tieSizes.push(end - start);
    start = end;
  }
  return { ranks, tieSizes };
}
