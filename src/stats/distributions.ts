import betaCdf from "@stdlib/stats-base-dists-beta-cdf";
import stdNormalCdf from "@stdlib/stats-base-dists-normal-cdf";
import stdNormalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import stdTCdf from "@stdlib/stats-base-dists-t-cdf";
import stdTQuantile from "@stdlib/stats-base-dists-t-quantile";

// The distribution functions every test here uses. Upper tails are computed as tails, never as 1 - cdf, so that a
// p-value of 1e-30 stays 1e-30. The library's quantiles are good to 1e-9 or so and worse far out; Newton steps against the
// cdf, which is good to about 1e-14, remove that error.
const NEWTON_STEPS = 3;

/** P(T <= t) for Student's t with `df` > 0 degrees of freedom (not necessarily an integer). */
export function tCdf(t: number, df: number): number {
  // Near 0 the library subtracts two numbers that almost cancel; there the beta integral from the centre is exact.
  if (Math.abs(t) < 1) return 0.5 + Math.sign(t) * 0.5 * betaCdf((t * t) / (df + t * t), 0.5, df / 2);
  return stdTCdf(t, df);
}

/** P(T > t) for Student's t. */
export function tUpperTail(t: number, df: number): number {
  return tCdf(-t, df);
}

/** The t with P(T <= t) = p, for 0 < p < 1 and df > 0. */
export function tQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  // The lower tail keeps its relative precision, so both halves are solved there.
  const tail = p < 0.5 ? p : 1 - p;
  const constant = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  let t = stdTQuantile(tail, df);
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const logDensity = constant - ((df + 1) / 2) * Math.log1p((t * t) / df);
    t -= (tCdf(t, df) - tail) / Math.exp(logDensity);
  }
  return p < 0.5 ? t : -t;
}

/** P(Z <= z) for the standard normal. */
export function normalCdf(z: number): number {
  return stdNormalCdf(z, 0, 1);
}

/** The z with P(Z <= z) = p, for 0 < p < 1; -Infinity at 0 and Infinity at 1. */
export function normalQuantile(p: number): number {
  const tail = p < 0.5 ? p : 1 - p;
  let z = stdNormalQuantile(tail, 0, 1);
  if (!Number.isFinite(z)) return p < 0.5 ? z : -z;
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    z -= (stdNormalCdf(z, 0, 1) - tail) / density;
  }
  return p < 0.5 ? z : -z;
}

/** P(F > f) for Fisher's F with (d1, d2) degrees of freedom; 1 for f <= 0 and 0 for f = Infinity. */
export function fUpperTail(f: number, d1: number, d2: number): number {
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  return betaCdf(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);
}

/**
 * P(X > x) for chi-square with an integer `df` >= 1, by the finite recurrence
 * Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a + 1) with y = x / 2, started at Q(1/2, y) = 2 P(Z > sqrt x) or Q(1, y) = e^-y.
 */
export function chisquareUpperTail(x: number, df: number): number {
  if (x <= 0) return 1;
  const y = x / 2;
  let a = df % 2 === 0 ? 1 : 0.5;
  let tail = a === 1 ? Math.exp(-y) : 2 * stdNormalCdf(-Math.sqrt(x), 0, 1);
  for (; a < df / 2; a++) tail += Math.exp(a * Math.log(y) - y - logGamma(a + 1));
  return Math.min(1, tail);
}

/** ln Gamma(x) for x > 0: Stirling's series after shifting the argument above 10 (relative error below 1e-14). */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) {
    shift += Math.log(z);
    z += 1;
  }
  const r = 1 / (z * z);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188))))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
