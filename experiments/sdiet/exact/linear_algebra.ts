/** What ml-matrix lacks: matrices from a formula, powers of symmetric matrices, angles between row spaces. */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import { AssayError } from "../../../src/base/error.ts";
import type { PhiloxStream } from "../../../src/base/random.ts";

/** A matrix from its entries. */
export function build(rows: number, columns: number, entry: (i: number, j: number) => number): Matrix {
  const matrix = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix.set(i, j, entry(i, j));
  }
  return matrix;
}

/** Independent normal entries with the given deviation. */
export function gaussian(rows: number, columns: number, stream: PhiloxStream, deviation = 1): Matrix {
  return build(rows, columns, () => deviation * stream.normal());
}

/** The product of several, from the left. */
export const product = (...all: readonly [Matrix, ...Matrix[]]): Matrix => all.reduce((a, b) => a.mmul(b));

/** a^T a. */
export const gram = (a: Matrix): Matrix => a.transpose().mmul(a);

/** |a - b| / |b| in the Frobenius norm. */
export const relativeDistance = (a: Matrix, b: Matrix): number => Matrix.sub(a, b).norm() / b.norm();

/** The first n columns. */
export const firstColumns = (a: Matrix, n: number): Matrix => a.subMatrix(0, a.rows - 1, 0, n - 1);

/** Eigenvalues of a symmetric matrix, largest first, and their vectors as columns. */
export function symmetricEigen(a: Matrix): { values: number[]; vectors: Matrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(a, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j]! - realEigenvalues[i]!);
  return {
    values: order.map((i) => realEigenvalues[i]!),
    vectors: eigenvectorMatrix.subMatrixColumn(order),
  };
}

/** a = u diag(s) v^T for a matrix of any shape: singular vectors as columns, singular values largest first. */
export function svd(a: Matrix): { u: Matrix; s: number[]; v: Matrix } {
  const found = new SingularValueDecomposition(a, { autoTranspose: true });
  return { u: found.leftSingularVectors, s: found.diagonal, v: found.rightSingularVectors };
}

/** A positive definite matrix to a real power. Throws an AssayError when an eigenvalue is not above 0. */
export function symmetricPower(a: Matrix, power: number): Matrix {
  const { values, vectors } = symmetricEigen(a);
  if (!(values.at(-1)! > 0)) {
    throw new AssayError(
      `Cannot raise a matrix to the power ${power}: it must be positive definite, its smallest eigenvalue is ${
        values.at(-1)
      }; draw more samples or add noise.`,
    );
  }
  return product(vectors, Matrix.diag(values.map((x) => x ** power)), vectors.transpose());
}

/** Angles in radians between the row spaces of two full-rank matrices, largest first, accurate also near 0. */
export function principalAngles(a: Matrix, b: Matrix): number[] {
  const [p, q] = [svd(a), svd(b)].map(({ v, s }) => firstColumns(v, s.length)) as [Matrix, Matrix];
  const inside = p.transpose().mmul(q);
  const outside = Matrix.sub(q, p.mmul(inside));
  const cosines = svd(inside).s;
  const sines = svd(outside).s.reverse(); // smallest sine belongs to the largest cosine
  return cosines.map((c, i) => Math.atan2(sines[i]!, c)).reverse();
}

/** An orthogonal matrix: the polar factor of a square matrix. */
export function polar(a: Matrix): Matrix {
  const { u, v } = svd(a);
  return u.mmul(v.transpose());
}
