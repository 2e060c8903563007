import { failure } from "../base/error.ts";
import { mean } from "./describe.ts";
import { chisquareUpperTail, fUpperTail } from "./distributions.ts";
import { midranks } from "./ranks.ts";
import { requireCount, requireFinite } from "./require.ts";

/** Friedman's test over `n` data sets (blocks) and `k` methods. */
export interface FriedmanResult {
  readonly n: number;
  readonly k: number;
  /** Mean rank of each method; rank 1 is the best. */
  readonly meanRanks: readonly number[];
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

/**
 * Friedman's rank test on `table[dataset][method]`, with the usual correction for ties within a data set. `best` says
 * which value gets rank 1. Throws an AssayError for fewer than two data sets or methods, a ragged or non-finite table, or
 * a table in which every row is one tie.
 */
export function friedman(
  table: readonly (readonly number[])[],
  best: "highest" | "lowest" = "highest",
): FriedmanResult {
  const operation = "run Friedman's test on";
  requireCount(operation, "the number of data sets", table.length, 2);
  const k = table[0]!.length;
  requireCount(operation, "the number of methods", k, 2);
  const rankRows = table.map((row, i) => {
    requireFinite(operation, `row ${i + 1}`, row, k);
    if (row.length !== k) {
      throw failure({
        operation,
        object: `row ${i + 1}`,
        required: `every row must have ${k} values, one per method`,
        found: `${row.length}`,
        wayOut: "leave out methods that were not run on every data set",
      });
    }
    return midranks(best === "highest" ? row.map((v) => -v) : row);
  });
  const n = table.length;
  const ties = rankRows.reduce((s, r) => s + r.tieSizes.reduce((t, size) => t + size ** 3 - size, 0), 0);
  const correction = 1 - ties / (n * (k ** 3 - k));
  if (correction <= 0) {
    throw failure({
      operation,
      object: "the table",
      required: "some row must tell two methods apart",
      found: "only ties",
      wayOut: "use values with more digits",
    });
  }
  const meanRanks = Array.from({ length: k }, (_, j) => mean(rankRows.map((r) => r.ranks[j]!)));
  return fromRanks(meanRanks, n, correction);
}

/**
 * Friedman's test recomputed from the mean ranks a paper prints over `n` data sets. Ties within a data set cannot be seen
 * there, so no correction is made and the statistic is a lower bound. Throws an AssayError when the ranks do not
 * average to (k + 1) / 2 within `tolerance` (the printed rounding step).
 */
export function friedmanFromRanks(
  meanRanks: readonly number[],
  n: number,
  tolerance: number,
): FriedmanResult {
  const operation = "recompute Friedman's test from";
  requireFinite(operation, "the mean ranks", meanRanks, 2);
  requireCount(operation, "the number of data sets", n, 2);
  const expected = (meanRanks.length + 1) / 2;
  const found = mean(meanRanks);
  if (!(Math.abs(found - expected) <= tolerance)) {
    throw failure({
      operation,
      object: "the mean ranks",
      required: `they must average to ${expected} within ${tolerance}`,
      found: `${found}`,
      wayOut: "check that every method of the comparison is listed",
    });
  }
  return fromRanks(meanRanks, n, 1);
}

function fromRanks(meanRanks: readonly number[], n: number, correction: number): FriedmanResult {
  const k = meanRanks.length;
  // Deviations from (k + 1) / 2 instead of the textbook difference of two large sums: the same number, no cancellation.
  const spread = meanRanks.reduce((s, r) => s + (r - (k + 1) / 2) ** 2, 0);
  const statistic = (12 * n * spread) / (k * (k + 1)) / correction;
  return { n, k, meanRanks, statistic, df: k - 1, p: chisquareUpperTail(statistic, k - 1) };
}

/** Iman and Davenport's F form of Friedman's statistic. */
export interface ImanDavenportResult {
  readonly statistic: number;
  readonly df: readonly [number, number];
  readonly p: number;
}

/**
 * F = (n - 1) chi2 / (n (k - 1) - chi2) on (k - 1, (k - 1)(n - 1)) degrees of freedom, less conservative than chi2 itself.
 * When all data sets rank the methods alike the statistic is Infinity and p is 0: the limit of the formula, not an
 * exact probability.
 */
export function imanDavenport(f: Pick<FriedmanResult, "n" | "k" | "statistic">): ImanDavenportResult {
  const largest = f.n * (f.k - 1);
  // Perfect agreement up to rounding; the ranks are multiples of 1/(2n), so nothing else comes this close.
  const room = largest - f.statistic;
  const statistic = room <= 1e-9 * largest ? Infinity : ((f.n - 1) * f.statistic) / room;
  const df = [f.k - 1, (f.k - 1) * (f.n - 1)] as const;
  return { statistic, df, p: fUpperTail(statistic, df[0], df[1]) };
}
