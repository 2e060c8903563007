/**
 * One low-noise and one high-noise feature per class: a view of class k is
 *   x = (1 + low xi_1) u_k + (1 + high xi_2) w_k + background xi_3
 * with standard normal xi, orthonormal directions u_k and w_k. Every source of a class has the same views in
 * distribution. Reconstructed from the public discussion of S-DIET; the paper's exact model was not seen.
 */
import { Matrix } from "ml-matrix";
import { PhiloxStream } from "../../../src/base/random.ts";
import type { Moments, Sources } from "./linear_theorem.ts";
import * as m from "./linear_algebra.ts";

export interface FeatureModel {
  readonly classes: number;
  /** Dimensions, at least two per class. */
  readonly d: number;
  readonly low: number;
  readonly high: number;
  readonly background: number;
}

/** Directions as rows: u_k is row 2k, w_k row 2k + 1. */
export function directionsOf({ d }: FeatureModel, seed: number): Matrix {
  return m.polar(m.gaussian(d, d, new PhiloxStream([seed, 4])));
}

/** Population moments with one source per class. */
export function populationMoments(model: FeatureModel, directions: Matrix): Moments {
  const { classes, d, low, high, background } = model;
  const means = m.build(classes, d, (k, j) => directions.get(2 * k, j) + directions.get(2 * k + 1, j));
  const noise = m.build(d, d, (a, b) => {
    let sum = a === b ? background ** 2 : 0;
    for (let k = 0; k < classes; k++) {
      const [u, w] = [directions.getRow(2 * k), directions.getRow(2 * k + 1)];
      sum += (low ** 2 * u[a]! * u[b]! + high ** 2 * w[a]! * w[b]!) / classes;
    }
    return sum;
  });
  return { means, second: Matrix.mul(m.gram(means), 1 / classes).add(noise) };
}

/** `perClass` sources of each class with `views` drawn views each. */
export function drawFeatures(
  model: FeatureModel,
  directions: Matrix,
  { perClass, views, seed }: { readonly perClass: number; readonly views: number; readonly seed: number },
): Sources {
  const stream = new PhiloxStream([seed, 5]);
  const { classes, d, low, high, background } = model;
  return Array.from({ length: classes * perClass }, (_, i) => {
    const k = i % classes;
    const x = new Matrix(views, d);
    for (let v = 0; v < views; v++) {
      const [a, b] = [1 + low * stream.normal(), 1 + high * stream.normal()];
      for (let j = 0; j < d; j++) {
        const signal = a * directions.get(2 * k, j) + b * directions.get(2 * k + 1, j);
        x.set(v, j, signal + background * stream.normal());
      }
    }
    return x;
  });
}

/**
 * How much more of the low-noise features an encoder keeps: root of sum_k |W u_k|^2 over sum_k |W w_k|^2. Sums, because
 * the mean of ratios is far above 1 already for a random W.
 */
export function featureRatio(w: Matrix, { classes }: FeatureModel, directions: Matrix): number {
  const kept = directions.mmul(w.transpose());
  let low = 0, high = 0;
  for (let k = 0; k < classes; k++) {
    low += Math.hypot(...kept.getRow(2 * k)) ** 2;
    high += Math.hypot(...kept.getRow(2 * k + 1)) ** 2;
  }
  return Math.sqrt(low / high);
}

/** The ratio of the population's minimisers: (high^2 / K + background^2) / (low^2 / K + background^2). */
export function predictedRatio({ classes, low, high, background }: FeatureModel): number {
  return (high ** 2 / classes + background ** 2) / (low ** 2 / classes + background ** 2);
}
