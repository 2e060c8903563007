/**
 * Linear encoders f(x) = W x on n sources with augmentation distributions: DIET's squared error ||W_H W x - e_i||^2 and the
 * spectral contrastive loss -2 E[f(x) f(x+)] + E[(f(x) f(x'))^2], both as expectations written out and as matrix formulas,
 * and their global minima by singular value decomposition. x and x+ are independent draws from one source (possibly the
 * same augmentation), x and x' from independent sources (possibly the same one).
 */
import { Matrix } from "ml-matrix";
import { PhiloxStream } from "../../../src/base/random.ts";
import * as m from "./linear_algebra.ts";

/** All augmentations of each source, equally likely: a matrix (augmentations x d) per source. */
export type Sources = readonly Matrix[];

/** n sources in R^d with `augmentations` views each, around means whose deviation falls from coordinate to coordinate. */
export function drawSources(
  n: number,
  d: number,
  augmentations: number,
  noise: number,
  seed: number,
): Sources {
  const stream = new PhiloxStream([seed, 2]);
  return Array.from({ length: n }, () => {
    const mean = m.build(1, d, (_, j) => 2 * 0.75 ** j * stream.normal());
    return m.build(augmentations, d, (_, j) => mean.get(0, j) + noise * stream.normal());
  });
}

/** All that the two losses depend on. */
export interface Moments {
  /** Mean of each source, (n x d). */
  readonly means: Matrix;
  /** C = E[x x^T], (d x d). */
  readonly second: Matrix;
}

export function momentsOf(sources: Sources): Moments {
  const n = sources.length, d = sources[0]!.columns;
  const means = m.build(n, d, (i, j) => {
    const x = sources[i]!;
    let sum = 0;
    for (let a = 0; a < x.rows; a++) sum += x.get(a, j);
    return sum / x.rows;
  });
  const second = sources.map((x) => Matrix.mul(m.gram(x), 1 / (x.rows * n))).reduce((a, b) =>
    Matrix.add(a, b)
  );
  return { means, second };
}

/** S+ = (1/n) Xb^T Xb. */
export const positives = ({ means }: Moments): Matrix => Matrix.mul(m.gram(means), 1 / means.rows);

/** Spectral contrastive loss of W from the moments. */
export function spectralLoss(w: Matrix, moments: Moments): number {
  const inner = m.product(w, moments.second, w.transpose());
  return -2 * m.product(w, positives(moments), w.transpose()).trace() + inner.mmul(inner).trace();
}

/** The same as || C^1/2 W^T W C^1/2 - C^-1/2 S+ C^-1/2 ||^2 less its constant. */
export function spectralLossAsDistance(w: Matrix, moments: Moments): number {
  const root = m.symmetricPower(moments.second, 0.5);
  const inverse = m.symmetricPower(moments.second, -0.5);
  const target = m.product(inverse, positives(moments), inverse);
  const distance = Matrix.sub(m.product(root, m.gram(w), root), target).norm();
  return distance ** 2 - target.norm() ** 2;
}

/** The same by summing over all pairs of views. `sameViews: false` leaves out x+ = x and i = i', as a batch estimate does. */
export function spectralLossBySums(w: Matrix, sources: Sources, sameViews = true): number {
  const f = sources.map((x) => x.mmul(w.transpose()));
  let attract = 0, pairs = 0, repel = 0, others = 0;
  f.forEach((fi, i) => {
    f.forEach((fj, j) => {
      for (let a = 0; a < fi.rows; a++) {
        for (let b = 0; b < fj.rows; b++) {
          const inner = dot(fi.getRow(a), fj.getRow(b));
          if (i === j && (sameViews || a !== b)) {
            attract += inner;
            pairs++;
          }
          if (sameViews || i !== j) {
            repel += inner * inner;
            others++;
          }
        }
      }
    });
  });
  return -2 * attract / pairs + repel / others;
}

/** DIET's squared error of A = W_H W, (n x d), from the moments. */
export function dietLoss(a: Matrix, { means, second }: Moments): number {
  const n = means.rows;
  return m.product(a, second, a.transpose()).trace() - (2 / n) * a.mmul(means.transpose()).trace() + 1;
}

/** The same as || A C^1/2 - (1/n) Xb C^-1/2 ||^2 plus its constant. */
export function dietLossAsDistance(a: Matrix, { means, second }: Moments): number {
  const target = Matrix.mul(means.mmul(m.symmetricPower(second, -0.5)), 1 / means.rows);
  const distance = Matrix.sub(a.mmul(m.symmetricPower(second, 0.5)), target).norm();
  return distance ** 2 + 1 - target.norm() ** 2;
}

/** The same by summing over all views. */
export function dietLossBySums(a: Matrix, sources: Sources): number {
  let sum = 0;
  sources.forEach((x, i) => {
    const outputs = x.mmul(a.transpose());
    for (let v = 0; v < x.rows; v++) {
      for (let k = 0; k < a.rows; k++) sum += (outputs.get(v, k) - (k === i ? 1 : 0)) ** 2 / x.rows;
    }
  });
  return sum / sources.length;
}

/** Global minima for embeddings of width `rank`, each loss by a decomposition of its own. */
export interface Minima {
  /** A spectral minimiser, (rank x d), from the eigenvectors of C^-1/2 S+ C^-1/2; any rotation from the left is another. */
  readonly spectral: Matrix;
  /** The product W_H W of every DIET minimiser, (n x d): the best rank-m approximation of (1/n) Xb C^-1/2, times C^-1/2. */
  readonly diet: Matrix;
  /** Its left singular vectors, (n x rank). */
  readonly left: Matrix;
  /** Ratio of the last singular value kept to the first left out: above 1 where the minima are unique. */
  readonly gap: number;
}

export function minimaOf(moments: Moments, rank: number): Minima {
  const { means, second } = moments;
  const inverse = m.symmetricPower(second, -0.5);
  const { values, vectors } = m.symmetricEigen(m.product(inverse, positives(moments), inverse));
  const roots = values.slice(0, rank).map((x) => Math.sqrt(Math.max(0, x)));
  const { u, s, v } = m.svd(Matrix.mul(means.mmul(inverse), 1 / means.rows));
  const left = m.firstColumns(u, rank);
  return {
    spectral: m.product(Matrix.diag(roots), m.firstColumns(vectors, rank).transpose(), inverse),
    diet: m.product(left, Matrix.diag(s.slice(0, rank)), m.firstColumns(v, rank).transpose(), inverse),
    left,
    gap: s[rank - 1]! / (s[rank] ?? 0),
  };
}

/** The head that is best for an encoder under DIET's squared error: (1/n) Xb W^T (W C W^T)^-1, (n x rank). */
export function bestHead(w: Matrix, { means, second }: Moments): Matrix {
  const features = m.product(w, second, w.transpose());
  return Matrix.mul(m.product(means, w.transpose(), m.symmetricPower(features, -1)), 1 / means.rows);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
