import { type Sample, toSummary } from "./describe.ts";
import { tQuantile, tUpperTail } from "./distributions.ts";
import { requireNonNegative, requireOpenUnit, zeroVariance } from "./require.ts";
import { type Contrast, welchContrast } from "./welch.ts";

/** Two one-sided tests (Schuirmann, 1987) of |difference| < margin. */
export interface TostResult extends Contrast {
  /** p-value of the test against difference <= -margin. */
  readonly pLower: number;
  /** p-value of the test against difference >= margin. */
  readonly pUpper: number;
  /** The larger of the two: equivalence is shown when it is at most alpha. */
  readonly p: number;
  /** The 1 - 2 alpha interval of the difference; equivalence is the same as this interval lying inside ±margin. */
  readonly lower: number;
  readonly upper: number;
  readonly equivalent: boolean;
}

/** What both forms of the test share. `alpha` is the level of each one-sided test, 0.05 unless told. */
export interface TostOptions {
  readonly alpha?: number;
  /**
   * Half the rounding step of the reference. The test must then hold for every number that would have been printed as
   * the reference, so the margin shrinks by this much.
   */
  readonly referenceHalfStep?: number;
}

/**
 * Is the mean of the sample's population within `margin` of `reference`? The sample is two or more values or a summary.
 * Throws an AssayError for fewer than two values, no variation, a negative margin or an alpha outside (0, 1).
 */
export function tostOneSample(
  sample: Sample,
  reference: number,
  margin: number,
  options: TostOptions = {},
): TostResult {
  const operation = "run two one-sided tests on";
  const { n, mean, sd } = toSummary(operation, "the sample", sample);
  if (sd === 0) throw zeroVariance(operation, "a constant sample");
  return tostContrast({ difference: mean - reference, se: sd / Math.sqrt(n), df: n - 1 }, margin, options);
}

/**
 * Are the means of the two samples' populations within `margin` of one another (Welch form, unequal variances)?
 * Throws an AssayError for fewer than two values in a sample, or when neither varies.
 */
export function tostTwoSample(a: Sample, b: Sample, margin: number, options: TostOptions = {}): TostResult {
  const operation = "run two one-sided tests on";
  const sa = toSummary(operation, "the first sample", a);
  const sb = toSummary(operation, "the second sample", b);
  if (sa.sd === 0 && sb.sd === 0) throw zeroVariance(operation, "two constant samples");
  return tostContrast(welchContrast(sa, sb), margin, options);
}

/** The two tests for a difference whose standard error and degrees of freedom are known; se must be positive. */
export function tostContrast(c: Contrast, margin: number, options: TostOptions = {}): TostResult {
  const alpha = options.alpha ?? 0.05;
  const halfStep = options.referenceHalfStep ?? 0;
  requireOpenUnit("run two one-sided tests at", "alpha", alpha);
  requireNonNegative("run two one-sided tests with", "the margin", margin);
  requireNonNegative("run two one-sided tests with", "half the rounding step", halfStep);
  const inner = margin - halfStep;
  const pLower = tUpperTail((c.difference + inner) / c.se, c.df);
  const pUpper = tUpperTail((inner - c.difference) / c.se, c.df);
  const reach = tQuantile(1 - alpha, c.df) * c.se;
  const p = Math.max(pLower, pUpper);
  return {
    ...c,
    pLower,
    pUpper,
    p,
    lower: c.difference - reach,
    upper: c.difference + reach,
    equivalent: p <= alpha,
  };
}
