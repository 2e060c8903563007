import { requireCount, requireOpenUnit } from "./require.ts";
import { rangeQuantile } from "./studentized_range.ts";

/**
 * Nemenyi's critical difference: two of `k` methods compared on `n` data sets differ at level alpha when their mean ranks
 * differ by at least q sqrt(k (k + 1) / (6 n)), where q is the studentized range quantile over sqrt 2 (Demsar, 2006).
 */
export function nemenyiCriticalDifference(k: number, n: number, alpha: number): number {
  requireCount("compute Nemenyi's critical difference for", "the number of data sets", n, 1);
  requireOpenUnit("compute Nemenyi's critical difference at", "alpha", alpha);
  return (rangeQuantile(1 - alpha, k) / Math.SQRT2) * Math.sqrt((k * (k + 1)) / (6 * n));
}
