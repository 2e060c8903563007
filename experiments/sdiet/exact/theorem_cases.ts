/** Drawings of sources on which the statements about linear DIET are compared, and the distances that state them. */
import { Matrix } from "ml-matrix";
import { PhiloxStream } from "../../../src/base/random.ts";
import * as m from "./linear_algebra.ts";
import * as theorem from "./linear_theorem.ts";

/** Sources and dimensions of every case. */
export const N = 12, D = 8;

/** One drawing of sources, a width, and everything the statements compare. */
export function caseOf(seed: number, rank: number) {
  const sources = theorem.drawSources(N, D, 5, 0.7, seed);
  const moments = theorem.momentsOf(sources);
  const minima = theorem.minimaOf(moments, rank);
  const stream = new PhiloxStream([seed, 10 + rank]);
  const rotation = m.polar(m.gaussian(rank, rank, stream));
  const mixing = m.gaussian(rank, rank, stream).add(Matrix.eye(rank, rank, 2));
  return {
    seed,
    rank,
    sources,
    moments,
    minima,
    rotation,
    mixing,
    spectralGram: m.gram(minima.spectral),
    someEncoder: m.gaussian(rank, D, stream),
    someHead: m.gaussian(N, rank, stream),
  };
}

export type Case = ReturnType<typeof caseOf>;

export const worst = (cases: readonly Case[], error: (c: Case) => number): number =>
  Math.max(...cases.map(error));
export const nearest = (cases: readonly Case[], error: (c: Case) => number): number =>
  Math.min(...cases.map(error));

/** |n A^T A - W_sc^T W_sc|, relative. */
export const firstStatement = (c: Case, a: Matrix) =>
  m.relativeDistance(Matrix.mul(m.gram(a), N), c.spectralGram);
/** |n W^T W - W_sc^T W_sc|, relative. */
export const secondStatement = (c: Case, w: Matrix) =>
  m.relativeDistance(Matrix.mul(m.gram(w), N), c.spectralGram);

/** The encoder of the DIET minimiser whose head is U_m times `factor`. */
export function encoderFor(c: Case, factor: Matrix): Matrix {
  const reduced = c.minima.left.transpose().mmul(c.minima.diet); // U_m^T A, (rank x d)
  const square = m.gram(factor);
  return m.product(m.symmetricPower(square, -1), factor.transpose(), reduced);
}

/** DIET's squared error at (head, W / sqrt(n)) above its minimum, for the encoder W of the spectral loss. */
export function excess(c: Case, head: Matrix): number {
  const a = head.mmul(c.minima.spectral).mul(N ** -0.5);
  return theorem.dietLoss(a, c.moments) - theorem.dietLoss(c.minima.diet, c.moments);
}
