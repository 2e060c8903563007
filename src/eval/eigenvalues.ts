/**
 * Eigenvalues of a symmetric matrix: Householder reflections to tridiagonal form, then bisection with Sturm counts
 * (Golub & Van Loan, Matrix Computations, 8.3.1 and 8.4.1). Absolute error is a small multiple of 1e-16 times the
 * largest eigenvalue and n.
 */

/** Eigenvalues of the symmetric matrix (n, n), row-major, of which the lower triangle is read; largest first. */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  // Elements of at most 1, so that squares neither vanish nor overflow.
  const size = matrix.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  if (size === 0) return new Float64Array(n);
  const { diagonal, off } = tridiagonal(Float64Array.from(matrix, (v) => v / size), n);
  // Gershgorin: every eigenvalue lies within a row sum of a diagonal element.
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < n; i++) {
    const reach = Math.abs(off[i - 1] ?? 0) + Math.abs(off[i] ?? 0);
    low = Math.min(low, diagonal[i]! - reach);
    high = Math.max(high, diagonal[i]! + reach);
  }
  const margin = Number.EPSILON * n * Math.max(Math.abs(low), Math.abs(high));
  low -= margin;
  high += margin;
  const values = new Float64Array(n);
  for (let rank = 0; rank < n; rank++) {
    // The eigenvalue with `rank` larger ones has n - rank - 1 smaller ones.
    let a = low, b = rank > 0 ? Math.max(values[rank - 1]!, low) + margin : high;
    for (let round = 0; round < 200; round++) {
      const middle = (a + b) / 2;
      if (middle <= a || middle >= b || b - a < margin / n) break;
      if (countBelow(diagonal, off, middle) > n - rank - 1) b = middle;
      else a = middle;
    }
    values[rank] = (a + b) / 2;
  }
  return values.map((v) => v * size);
}

/** Number of eigenvalues below x: negative pivots of T - x I. */
function countBelow(diagonal: Float64Array, off: Float64Array, x: number): number {
  let count = 0, pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const e = i > 0 ? off[i - 1]! : 0;
    pivot = diagonal[i]! - x - (i > 0 ? e * e / pivot : 0);
    if (pivot === 0) pivot = 1e-300;
    if (pivot < 0) count++;
  }
  return count;
}

/** Reflects column after column, last row first, so that what remains is the leading block. Overwrites `a`. */
function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; off: Float64Array } {
  const diagonal = new Float64Array(n), off = new Float64Array(Math.max(0, n - 1));
  const p = new Float64Array(n);
  for (let k = n - 1; k > 0; k--) {
    // Row k, columns 0 to k - 1, becomes (0, ..., 0, alpha).
    const v = a.subarray(k * n, k * n + k);
    let largest = 0;
    for (const x of v) largest = Math.max(largest, Math.abs(x));
    diagonal[k] = a[k * n + k]!;
    if (largest === 0) continue;
    let square = 0;
    for (let i = 0; i < k; i++) square += (v[i]! / largest) ** 2;
    const alpha = (v[k - 1]! > 0 ? -1 : 1) * largest * Math.sqrt(square);
    off[k - 1] = alpha;
    v[k - 1]! -= alpha;
    let length = 0;
    for (let i = 0; i < k; i++) length += (v[i]! / largest) ** 2;
    if (length === 0) continue;
    const beta = 2 / length; // of v / largest
    for (let i = 0; i < k; i++) v[i]! /= largest;
    // A <- A - v q^T - q v^T with p = beta A v, q = p - (beta / 2) (p . v) v
    p.fill(0, 0, k);
    for (let i = 0; i < k; i++) {
      const row = i * n, vi = v[i]!;
      let sum = a[row + i]! * vi;
      for (let j = 0; j < i; j++) {
        sum += a[row + j]! * v[j]!;
        p[j]! += a[row + j]! * vi;
      }
      p[i]! += sum;
    }
    let along = 0;
    for (let i = 0; i < k; i++) along += (p[i]! *= beta) * v[i]!;
    for (let i = 0; i < k; i++) p[i]! -= beta / 2 * along * v[i]!;
    for (let i = 0; i < k; i++) {
      const row = i * n, vi = v[i]!, qi = p[i]!;
      for (let j = 0; j <= i; j++) a[row + j]! -= vi * p[j]! + qi * v[j]!;
    }
  }
  diagonal[0] = a[0]!;
  return { diagonal, off };
}
