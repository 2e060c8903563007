import { incompleteBeta, logGamma, lowerGamma, upperGamma } from "./special.ts";

// The distribution functions every test here uses. Upper tails are computed as tails, never as 1 - cdf, so that a
// p-value of 1e-30 stays 1e-30.

/** P(T <= t) for Student's t with `df` > 0 degrees of freedom (not necessarily an integer). */
export function tCdf(t: number, df: number): number {
  const square = t * t;
  const x = df / (df + square), y = square / (df + square);
  // Near 0 the beta integral runs from the centre, so that a small t is not lost.
  if (Math.abs(t) < 1) return 0.5 + Math.sign(t) * 0.5 * incompleteBeta(y, x, 0.5, df / 2);
  const tail = 0.5 * (square === Infinity ? 0 : incompleteBeta(x, y, df / 2, 0.5));
  return t < 0 ? tail : 1 - tail;
}

/** P(T > t) for Student's t. */
export function tUpperTail(t: number, df: number): number {
  return tCdf(-t, df);
}

/** The t with P(T <= t) = p, for 0 < p < 1 and df > 0; |t| up to 1e150, whose square is still a number. */
export function tQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  // The lower tail keeps its relative precision, so both halves are solved there.
  const tail = p < 0.5 ? p : 1 - p;
  const constant = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  // The cdf is convex below 0 and the normal quantile lies above this one: Newton's steps fall until rounding ends them.
  let t = normalQuantile(tail);
  for (;;) {
    const logDensity = constant - ((df + 1) / 2) * Math.log1p((t * t) / df);
    // In logarithms, because far out the density is no longer a number; below the quantile there is no step.
    const next = t - Math.exp(Math.log(tCdf(t, df) - tail) - logDensity);
    if (!(next < t)) break;
    t = next;
  }
  return p < 0.5 ? t : -t;
}

/** P(Z <= z) for the standard normal. */
export function normalCdf(z: number): number {
  const y = 0.5 * z * z;
  if (Math.abs(z) < 1) return 0.5 + Math.sign(z) * 0.5 * lowerGamma(0.5, y);
  const tail = y === Infinity ? 0 : 0.5 * upperGamma(0.5, y);
  return z < 0 ? tail : 1 - tail;
}

/** The z with P(Z <= z) = p, for 0 < p < 1; -Infinity at 0 and Infinity at 1. */
export function normalQuantile(p: number): number {
  if (p === 0.5) return 0;
  const tail = p < 0.5 ? p : 1 - p;
  if (tail === 0) return p < 0.5 ? -Infinity : Infinity;
  // P(Z <= z) <= e^(-z^2 / 2) / 2 puts this start below the quantile, and the logarithm of the cdf is concave: Newton's
  // steps rise until rounding ends them.
  let z = -Math.sqrt(-2 * Math.log(2 * tail));
  for (;;) {
    const below = normalCdf(z);
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    const next = z - Math.log(below / tail) * below / density;
    if (!(next > z)) break;
    z = next;
  }
  return p < 0.5 ? z : -z;
}

/** P(F > f) for Fisher's F with (d1, d2) degrees of freedom; 1 for f <= 0 and 0 for f = Infinity. */
export function fUpperTail(f: number, d1: number, d2: number): number {
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  const sum = d2 + d1 * f;
  return incompleteBeta(d2 / sum, d1 * f / sum, d2 / 2, d1 / 2);
}

/** P(X > x) for chi-square with `df` > 0 degrees of freedom. */
export function chisquareUpperTail(x: number, df: number): number {
  return x <= 0 ? 1 : upperGamma(df / 2, x / 2);
}

/** P(X <= k) for X binomial with `n` trials of probability `p`, k from 0 to n. */
export function binomialCdf(k: number, n: number, p: number): number {
  return k >= n ? 1 : incompleteBeta(1 - p, p, n - k, k + 1);
}
