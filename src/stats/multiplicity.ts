import { failure } from "../base/error.ts";

/**
 * Holm's step-down adjusted p-values, in the order given: rejecting those at most alpha keeps the probability of any
 * false rejection at alpha under every dependence. An empty list gives an empty list.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = ascending("adjust by Holm", pValues);
  const adjusted = new Array<number>(pValues.length);
  let running = 0;
  order.forEach((index, rank) => {
    running = Math.max(running, (order.length - rank) * pValues[index]!);
    adjusted[index] = Math.min(1, running);
  });
  return adjusted;
}

/**
 * Benjamini-Hochberg adjusted p-values, in the order given: rejecting those at most alpha keeps the expected share of
 * false rejections at alpha for independent or positively dependent tests. An empty list gives an empty list.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = ascending("adjust by Benjamini-Hochberg", pValues);
  const m = order.length;
  const adjusted = new Array<number>(m);
  let running = 1;
  for (let rank = m - 1; rank >= 0; rank--) {
    const index = order[rank]!;
    running = Math.min(running, (m / (rank + 1)) * pValues[index]!);
    adjusted[index] = running;
  }
  return adjusted;
}

/** Positions in ascending order of p; throws an AssayError for a value that is no probability. */
function ascending(operation: string, pValues: readonly number[]): number[] {
  pValues.forEach((p, i) => {
    if (!(p >= 0 && p <= 1)) {
      throw failure({
        operation,
        object: `p-value ${i + 1} of ${pValues.length}`,
        required: "it must lie in [0, 1]",
        found: `${p}`,
        wayOut: "leave out rows that have no test",
      });
    }
  });
  return pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
}
