import { type Sample, type Summary, toSummary } from "./describe.ts";
import { tCdf } from "./distributions.ts";
import { zeroVariance } from "./require.ts";

/** The difference of two means with its standard error and Welch-Satterthwaite degrees of freedom. */
export interface Contrast {
  readonly difference: number;
  readonly se: number;
  readonly df: number;
}

/** Welch's t test: `p` is two-sided, `pLess` and `pGreater` are for mean(a) below or above mean(b). */
export interface WelchResult extends Contrast {
  readonly t: number;
  readonly p: number;
  readonly pLess: number;
  readonly pGreater: number;
}

/** mean(a) - mean(b) and its error without assuming equal variances; the variances must not both be 0. */
export function welchContrast(a: Summary, b: Summary): Contrast {
  const va = (a.sd * a.sd) / a.n;
  const vb = (b.sd * b.sd) / b.n;
  // Ratios instead of squared variances: tiny spreads must not underflow to 0/0.
  const total = va + vb;
  const share = va / total;
  const df = 1 / ((share * share) / (a.n - 1) + ((1 - share) * (1 - share)) / (b.n - 1));
  return { difference: a.mean - b.mean, se: Math.sqrt(total), df };
}

/**
 * Welch's unequal-variance t test of mean(a) = mean(b), each sample given as two or more values or as its summary.
 * Throws an AssayError for fewer than two values, or when neither sample varies.
 */
export function welch(a: Sample, b: Sample): WelchResult {
  const operation = "run Welch's t test on";
  const sa = toSummary(operation, "the first sample", a);
  const sb = toSummary(operation, "the second sample", b);
  if (sa.sd === 0 && sb.sd === 0) throw zeroVariance(operation, "two constant samples");
  const contrast = welchContrast(sa, sb);
  const t = contrast.difference / contrast.se;
  const pLess = tCdf(t, contrast.df);
  const pGreater = tCdf(-t, contrast.df);
  return { ...contrast, t, p: Math.min(1, 2 * Math.min(pLess, pGreater)), pLess, pGreater };
}
