/**
 * Eigenvalues and singular values of small matrices by Jacobi rotations: slow and accurate to rounding, also for small
 * singular values. Sources: Golub and Van Loan, Matrix Computations, 8.5 (two-sided) and 8.6 (one-sided).
 */
import { AssayError } from "../../../src/base/error.ts";
import * as m from "./matrix.ts";
import type { Matrix } from "./matrix.ts";

const SWEEPS = 60;

/** Eigenvalues of a symmetric matrix, largest first, and their vectors as columns. */
export function symmetricEigen(a: Matrix): { values: number[]; vectors: Matrix } {
  const n = a.rows;
  const work = { ...a, data: a.data.slice() };
  const vectors = m.identity(n);
  const limit = 1e-16 * m.frobenius(a); // below what a rotation's own rounding leaves behind
  for (let sweep = 0;; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = m.at(work, p, q);
        off = Math.max(off, Math.abs(apq));
        if (Math.abs(apq) <= limit) continue;
        const { c, s } = rotation(m.at(work, p, p), m.at(work, q, q), apq);
        rotateColumns(work, p, q, c, s);
        rotateRows(work, p, q, c, s);
        work.data[p * n + q] = work.data[q * n + p] = 0;
        rotateColumns(vectors, p, q, c, s);
      }
    }
    if (off <= limit) break;
    if (sweep === SWEEPS) {
      throw new AssayError("Cannot find the eigenvalues: the rotations did not converge.");
    }
  }
  const values = Array.from({ length: n }, (_, i) => m.at(work, i, i));
  const order = values.map((_, i) => i).sort((i, j) => values[j]! - values[i]!);
  return {
    values: order.map((i) => values[i]!),
    vectors: m.build(n, n, (i, j) => m.at(vectors, i, order[j]!)),
  };
}

export interface Svd {
  /** Left vectors as columns, (rows, k), k the smaller dimension. */
  readonly u: Matrix;
  /** Singular values, largest first. */
  readonly s: number[];
  /** Right vectors as columns, (columns, k). */
  readonly v: Matrix;
}

/** a = u diag(s) v^T. Left vectors of a zero singular value are zero. */
export function svd(a: Matrix): Svd {
  if (a.rows < a.columns) {
    const { u, s, v } = svd(m.transpose(a));
    return { u: v, s, v: u };
  }
  const n = a.columns;
  const work = { ...a, data: a.data.slice() };
  const v = m.identity(n);
  for (let sweep = 0;; sweep++) {
    let turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        let pp = 0, qq = 0, pq = 0;
        for (let i = 0; i < a.rows; i++) {
          const [x, y] = [m.at(work, i, p), m.at(work, i, q)];
          pp += x * x;
          qq += y * y;
          pq += x * y;
        }
        if (pq === 0 || Math.abs(pq) <= 1e-16 * Math.sqrt(pp * qq)) continue;
        turned = true;
        const { c, s } = rotation(pp, qq, pq);
        rotateColumns(work, p, q, c, s);
        rotateColumns(v, p, q, c, s);
      }
    }
    if (!turned || sweep === SWEEPS) break;
  }
  const norms = Array.from({ length: n }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < a.rows; i++) sum += m.at(work, i, j) ** 2;
    return Math.sqrt(sum);
  });
  const order = norms.map((_, i) => i).sort((i, j) => norms[j]! - norms[i]!);
  const s = order.map((i) => norms[i]!);
  return {
    u: m.build(a.rows, n, (i, j) => s[j]! > 0 ? m.at(work, i, order[j]!) / s[j]! : 0),
    s,
    v: m.build(n, n, (i, j) => m.at(v, i, order[j]!)),
  };
}

/** A positive definite matrix to a real power. */
export function symmetricPower(a: Matrix, power: number): Matrix {
  const { values, vectors } = symmetricEigen(a);
  if (!(values.at(-1)! > 0)) {
    throw new AssayError(
      `Cannot raise a matrix to the power ${power}: it must be positive definite, its smallest eigenvalue is ${
        values.at(-1)
      }; draw more samples or add noise.`,
    );
  }
  return m.product(vectors, m.diagonal(values.map((x) => x ** power)), m.transpose(vectors));
}

/** Angles in radians between the row spaces of two full-rank matrices, largest first, accurate also near 0. */
export function principalAngles(a: Matrix, b: Matrix): number[] {
  const [p, q] = [svd(a), svd(b)].map(({ v, s }) => m.firstColumns(v, s.length)) as [Matrix, Matrix];
  const inside = m.multiply(m.transpose(p), q);
  const outside = m.add(q, m.multiply(p, inside), -1);
  const cosines = svd(inside).s;
  const sines = svd(outside).s.reverse(); // smallest sine belongs to the largest cosine
  return cosines.map((c, i) => Math.atan2(sines[i]!, c)).reverse();
}

/** An orthogonal matrix: the polar factor of a square matrix. */
export function polar(a: Matrix): Matrix {
  const { u, v } = svd(a);
  return m.multiply(u, m.transpose(v));
}

/** Cosine and sine that make the off-diagonal entry of ((pp, pq), (pq, qq)) vanish. */
function rotation(pp: number, qq: number, pq: number): { c: number; s: number } {
  const tau = (qq - pp) / (2 * pq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  return { c, s: t * c };
}

function rotateColumns(a: Matrix, p: number, q: number, c: number, s: number): void {
  for (let i = 0; i < a.rows; i++) {
    const [x, y] = [m.at(a, i, p), m.at(a, i, q)];
    a.data[i * a.columns + p] = c * x - s * y;
    a.data[i * a.columns + q] = s * x + c * y;
  }
}

function rotateRows(a: Matrix, p: number, q: number, c: number, s: number): void {
  for (let j = 0; j < a.columns; j++) {
    const [x, y] = [m.at(a, p, j), m.at(a, q, j)];
    a.data[p * a.columns + j] = c * x - s * y;
    a.data[q * a.columns + j] = s * x + c * y;
  }
}
