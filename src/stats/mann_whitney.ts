import { failure } from "../base/error.ts";
import { midranks } from "./ranks.ts";
import { requireFinite } from "./require.ts";

/** Exact Mann-Whitney test. */
export interface MannWhitneyResult {
  /** Pairs (a, b) with a > b, ties counted as one half. */
  readonly u: number;
  /** u / (n_a n_b): the probability that a value of a exceeds one of b, ties counted as one half. */
  readonly superiority: number;
  /** Two-sided: twice the smaller tail, at most 1. */
  readonly p: number;
  readonly pLess: number;
  readonly pGreater: number;
  /** The smallest two-sided p these sizes and ties can give at all; above alpha the test cannot reject. */
  readonly smallestP: number;
  readonly tied: boolean;
}

// Above this the table of counts costs seconds, and the normal approximation is what one would want anyway.
const MAX_TOTAL = 200;

/**
 * Mann-Whitney U test with its exact permutation distribution. With ties the distribution is taken over the midranks
 * that were observed (every assignment of them to the two samples is equally likely under the null hypothesis), not
 * over untied ranks. Throws an AssayError for an empty or non-finite sample or more than 200 values in all.
 */
export function mannWhitneyExact(a: readonly number[], b: readonly number[]): MannWhitneyResult {
  const operation = "run an exact Mann-Whitney test on";
  requireFinite(operation, "the first sample", a, 1);
  requireFinite(operation, "the second sample", b, 1);
  const total = a.length + b.length;
  if (total > MAX_TOTAL) {
    throw failure({
      operation,
      object: "two samples",
      required: `together they may hold at most ${MAX_TOTAL} values`,
      found: `${total}`,
      wayOut: "use Welch's test or the bootstrap on samples this large",
    });
  }
  const { ranks, tieSizes } = midranks([...a, ...b]);
  // Twice the midranks are integers, so rank sums index an array.
  const doubled = ranks.map((r) => 2 * r);
  const counts = subsetSums(doubled, a.length);
  const observed = doubled.slice(0, a.length).reduce((s, r) => s + r, 0);
  let below = 0, above = 0, all = 0, lowest = -1, highest = 0;
  counts.forEach((count, sum) => {
    if (count === 0) return;
    all += count;
    if (sum <= observed) below += count;
    if (sum >= observed) above += count;
    if (lowest < 0) lowest = sum;
    highest = sum;
  });
  const pLess = below / all;
  const pGreater = above / all;
  const u = observed / 2 - (a.length * (a.length + 1)) / 2;
  return {
    u,
    superiority: u / (a.length * b.length),
    p: Math.min(1, 2 * Math.min(pLess, pGreater)),
    pLess,
    pGreater,
    smallestP: Math.min(1, (2 * Math.min(counts[lowest]!, counts[highest]!)) / all),
    tied: tieSizes.some((size) => size > 1),
  };
}

/** counts[s] = number of `size`-element subsets of the positions whose `weights` sum to s. */
function subsetSums(weights: readonly number[], size: number): Float64Array {
  const largest = [...weights].sort((x, y) => y - x).slice(0, size).reduce((s, w) => s + w, 0);
  const table = Array.from({ length: size + 1 }, () => new Float64Array(largest + 1));
  table[0]![0] = 1;
  weights.forEach((w, seen) => {
    for (let k = Math.min(size, seen + 1); k >= 1; k--) {
      const from = table[k - 1]!;
      const to = table[k]!;
      for (let s = largest; s >= w; s--) to[s]! += from[s - w]!;
    }
  });
  return table[size]!;
}
