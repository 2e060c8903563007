/** Finite differences and comparisons of vectors. */

/** Gradient by central differences of fourth order; for a step of 1e-3 good to about 1e-12 on functions of order 1. */
export function differences(
  f: (x: readonly number[]) => number,
  x: readonly number[],
  step = 1e-3,
): number[] {
  return x.map((_, i) => {
    const moved = (by: number) => f(x.map((v, j) => j === i ? v + by * step : v));
    return (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step);
  });
}

/** Largest absolute difference. */
export function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    worst = Math.max(worst, Math.abs(a[i]! - b[i]!)); // NaN, and so unequal lengths, stays
  }
  return worst;
}

/** |a - b| / |b|. */
export function relative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0, norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** Least-squares slope of log y over log x. */
export function logSlope(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)];
  const centre = (a: number[]) => a.reduce((s, b) => s + b, 0) / a.length;
  const [mu, mv] = [centre(u), centre(v)];
  const over = u.reduce((s, a, i) => s + (a - mu) * (v[i]! - mv), 0);
  return over / u.reduce((s, a) => s + (a - mu) ** 2, 0);
}
