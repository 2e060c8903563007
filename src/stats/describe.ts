import { failure } from "../base/error.ts";
import { requireFinite } from "./require.ts";

/** Mean and sample standard deviation (ddof 1) of `n` values. `sd` is 0 when n is 1 and unknown to every test. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
}

/** A sample as its values, or as the three numbers that a paper prints instead of them. */
export type Sample = readonly number[] | Summary;

/**
 * Arithmetic mean of one or more finite values. The values are summed in ascending order and corrected once by the
 * mean residual, so the result does not depend on their order. Throws an AssayError for an empty or non-finite list.
 */
export function mean(values: readonly number[]): number {
  requireFinite("take the mean of", "the sample", values, 1);
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (sorted[0] === sorted[n - 1]) return sorted[0]!;
  let sum = 0;
  for (const v of sorted) sum += v;
  const first = sum / n;
  let residual = 0;
  for (const v of sorted) residual += v - first;
  return first + residual / n;
}

/** Sample standard deviation (ddof 1) of two or more finite values; exactly 0 when they are all equal. */
export function sampleSd(values: readonly number[]): number {
  requireFinite("take the sample standard deviation of", "the sample", values, 2);
  return Math.sqrt(sumOfSquares(values) / (values.length - 1));
}

/** Population standard deviation (ddof 0) of one or more finite values; exactly 0 when they are all equal. */
export function populationSd(values: readonly number[]): number {
  requireFinite("take the population standard deviation of", "the sample", values, 1);
  return Math.sqrt(sumOfSquares(values) / values.length);
}

/** Sum of squared deviations from the mean, added in ascending order of the values. */
function sumOfSquares(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const v of Float64Array.from(values).sort()) sum += (v - centre) ** 2;
  return sum;
}

/**
 * The summary of a sample with at least `minimum` values, computed from the values or checked as given. Throws an
 * AssayError naming `operation` and `object` when there are too few values, or when one of them is not finite.
 */
export function toSummary(operation: string, object: string, sample: Sample, minimum = 2): Summary {
  if ("mean" in sample) {
    requireFinite(operation, object, [sample.n, sample.mean, sample.sd], 3);
    if (!Number.isSafeInteger(sample.n) || sample.n < minimum || sample.sd < 0) {
      throw failure({
        operation,
        object,
        required: `n must be an integer of at least ${minimum} and sd must not be negative`,
        found: `n ${sample.n} and sd ${sample.sd}`,
        wayOut: "give the number of runs and their sample standard deviation",
      });
    }
    return sample;
  }
  requireFinite(operation, object, sample, minimum);
  return { n: sample.length, mean: mean(sample), sd: sample.length === 1 ? 0 : sampleSd(sample) };
}
