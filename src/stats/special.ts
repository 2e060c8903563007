/**
 * The special functions behind the distributions: logarithm of Gamma, regularised incomplete beta and gamma. Both tails of
 * the incomplete functions keep their relative precision.
 */

const EPSILON = Number.EPSILON;
/** Stands for 0 in a continued fraction, where a division by it follows. */
const TINY = 1e-300;

/** ln Gamma(x) for x > 0 (absolute error of a few times 1e-15, or relative 1e-15 where it is large). */
export function logGamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < 10; z++) product *= z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + stirlingSeries(z) - Math.log(product);
}

/** Terms of Stirling's series for z >= 10: ln Gamma(z) - ((z - 1/2) ln z - z + ln(2 pi) / 2). */
function stirlingSeries(z: number): number {
  const r = 1 / (z * z);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360)))))) / z;
}

/** What Stirling's formula lacks of ln Gamma(z), for any z > 0. */
function stirlingError(z: number): number {
  if (z >= 10) return stirlingSeries(z);
  return logGamma(z) - ((z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI));
}

/**
 * The regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1, where `y` is 1 - x; the caller gives
 * both, so that neither is rounded away. Continued fraction DLMF 8.17.22 on the side of the mean where it converges fast.
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, x, b, a);
  const fraction = continuedFraction((n) => {
    if (n === 0) return [1, 1];
    const m = n >> 1;
    const d = n % 2 === 0
      ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [d, 1];
  });
  return betaDensity(x, y, a, b) / a * fraction;
}

/**
 * x^a y^b / B(a, b) by Loader's deviance form ("Fast and Accurate Computation of Binomial Probabilities", 2000): with large
 * a the logarithms of Gamma would cancel to few digits.
 */
function betaDensity(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const over = b * x - a * y; // n (x - a / n)
  const logRatio = (relative: number, ratio: number) =>
    Math.abs(relative) < 0.5 ? Math.log1p(relative) : Math.log(ratio);
  const deviance = a * logRatio(over / a, x * n / a) + b * logRatio(-over / b, y * n / b);
  const correction = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return Math.sqrt(a / n * b / (2 * Math.PI)) * Math.exp(deviance + correction);
}

/** The regularised upper incomplete gamma function Q(a, x) = Gamma(a, x) / Gamma(a) for a > 0 and x >= 0. */
export function upperGamma(a: number, x: number): number {
  if (x < a + 1) return 1 - lowerGamma(a, x);
  // DLMF 8.9.2, contracted to its even part.
  const fraction = continuedFraction((n) => n === 0 ? [1, x + 1 - a] : [-n * (n - a), x + 2 * n + 1 - a]);
  return gammaDensity(a, x) * fraction;
}

/** The regularised lower incomplete gamma function P(a, x) = 1 - Q(a, x), by its series of positive terms (DLMF 8.11.4). */
export function lowerGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= a + 1) return 1 - upperGamma(a, x);
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return gammaDensity(a, x) * sum;
}

/** x^a e^-x / Gamma(a). */
function gammaDensity(a: number, x: number): number {
  return Math.exp(a * Math.log(x) - x - logGamma(a));
}

/**
 * The continued fraction a0 / (b0 + a1 / (b1 + ...)) from the pairs [a_n, b_n], by the modified Lentz algorithm (Thompson &
 * Barnett, J. Comput. Phys. 64, 1986), until a further term changes no digit.
 */
function continuedFraction(pair: (n: number) => readonly [number, number]): number {
  const safe = (v: number) => Math.abs(v) < TINY ? TINY : v;
  const [a0, b0] = pair(0);
  let c = 1 / TINY;
  let d = 1 / safe(b0);
  let value = a0 * d;
  for (let n = 1; n < 100_000; n++) {
    const [a, b] = pair(n);
    d = 1 / safe(b + a * d);
    c = safe(b + a / c);
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) <= 2 * EPSILON) break;
  }
  return value;
}
