import { normalQuantile } from "./distributions.ts";
import { requireCount, requireNonNegative, requireOpenUnit } from "./require.ts";
import { failure } from "../base/error.ts";

/** A proportion with its interval, all in [0, 1]. */
export interface ProportionInterval {
  readonly proportion: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Wilson's score interval for `successes` out of `n` independent trials, without continuity correction. It is defined
 * at 0 and at n successes, where it is one-sided. Throws an AssayError unless 0 <= successes <= n and n >= 1.
 */
export function wilson(successes: number, n: number, level: number): ProportionInterval {
  const operation = "compute a Wilson interval from";
  requireCount(operation, "the number of trials", n, 1);
  requireCount(operation, "the number of successes", successes, 0);
  requireOpenUnit("compute a Wilson interval at", "the level", level);
  if (successes > n) {
    throw failure({
      operation,
      object: "the number of successes",
      required: `it must not exceed the ${n} trials`,
      found: `${successes}`,
      wayOut: "check which count is which",
    });
  }
  const z = normalQuantile(0.5 + level / 2);
  const p = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return {
    proportion: p,
    lower: successes === 0 ? 0 : centre - half,
    upper: successes === n ? 1 : centre + half,
  };
}

/**
 * Standard error of a proportion in [0, 1] measured on `n` test items: the part of an accuracy's uncertainty that more
 * seeds cannot remove, because another test set of the same size would give another number.
 */
export function binomialSe(proportion: number, n: number): number {
  const operation = "compute a binomial standard error from";
  requireCount(operation, "the number of test items", n, 1);
  requireNonNegative(operation, "the proportion", proportion);
  if (proportion > 1) {
    throw failure({
      operation,
      object: "the proportion",
      required: "it must lie in [0, 1]",
      found: `${proportion}`,
      wayOut: "divide a percentage by 100",
    });
  }
  return Math.sqrt((proportion * (1 - proportion)) / n);
}
