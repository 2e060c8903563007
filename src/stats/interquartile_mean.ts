import { mean } from "./describe.ts";
import { requireFinite } from "./require.ts";

/**
 * Interquartile mean: the mean after dropping the lowest and the highest floor(n / 4) values, which is what scipy's
 * trim_mean(0.25) computes. With fewer than four values nothing is dropped. Throws an AssayError for an empty or
 * non-finite list.
 */
export function interquartileMean(values: readonly number[]): number {
  requireFinite("take the interquartile mean of", "the sample", values, 1);
  const cut = Math.floor(values.length / 4);
  const sorted = [...values].sort((a, b) => a - b);
  return mean(sorted.slice(cut, sorted.length - cut));
}
