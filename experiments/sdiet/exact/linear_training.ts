/**
 * A linear encoder W (m x d) with a head H (n x m) trained on every view of every source in f64: squared error to one-hot
 * index labels, cross-entropy, or cross-entropy on L2-normalised embeddings; and the spectral contrastive loss.
 */
import { Matrix } from "ml-matrix";
import { PhiloxStream } from "../../../src/base/random.ts";
import { dietLoss, type Moments, positives, type Sources, spectralLoss } from "./linear_theorem.ts";
import { lbfgs, type Smooth } from "../../../src/eval/lbfgs.ts";

export type IndexLoss = "mse" | "cross-entropy" | "normalised cross-entropy";

export interface IndexOptions {
  /** Default 0. */
  readonly smoothing?: number;
  /** Divides the outputs. Default 1. */
  readonly temperature?: number;
}

/** Parameters in one vector: W row-major, then H row-major. */
export function unpack(x: Float64Array, n: number, d: number, rank: number): { w: Matrix; head: Matrix } {
  return {
    w: Matrix.from1DArray(rank, d, x.subarray(0, rank * d)),
    head: Matrix.from1DArray(n, rank, x.subarray(rank * d)),
  };
}

/** Small normal starting values for `count` parameters. */
export function startingPoint(count: number, deviation: number, seed: number): Float64Array {
  const stream = new PhiloxStream([seed, 3]);
  return Float64Array.from({ length: count }, () => deviation * stream.normal());
}

/** Mean loss over all views of all sources, each source its own class, with its gradient by (W, H). */
export function indexObjective(
  loss: IndexLoss,
  sources: Sources,
  rank: number,
  { smoothing = 0, temperature = 1 }: IndexOptions = {},
): Smooth {
  const n = sources.length, d = sources[0]!.columns;
  const views = sources.reduce((s, x) => s + x.rows, 0);
  const images = sources.map((x) => x.to2DArray());
  const normalised = loss === "normalised cross-entropy";
  return (parameters, gradient) => {
    const w = parameters.subarray(0, rank * d), head = parameters.subarray(rank * d);
    gradient.fill(0);
    const byW = gradient.subarray(0, rank * d), byHead = gradient.subarray(rank * d);
    const z = new Float64Array(rank), byZ = new Float64Array(rank), out = new Float64Array(n);
    let value = 0;
    images.forEach((rows, label) => {
      for (const x of rows) {
        let length = 0;
        for (let c = 0; c < rank; c++) {
          let sum = 0;
          for (let j = 0; j < d; j++) sum += w[c * d + j]! * x[j]!;
          z[c] = sum;
          length += sum * sum;
        }
        length = Math.sqrt(length);
        if (normalised) { for (let c = 0; c < rank; c++) z[c]! /= length; }
        for (let k = 0; k < n; k++) {
          let sum = 0;
          for (let c = 0; c < rank; c++) sum += head[k * rank + c]! * z[c]!;
          out[k] = sum / temperature;
        }
        value += lossOf(loss, out, label, smoothing) / views; // leaves the derivative by the outputs in `out`
        byZ.fill(0);
        for (let k = 0; k < n; k++) {
          const g = out[k]! / (views * temperature);
          for (let c = 0; c < rank; c++) {
            byZ[c]! += g * head[k * rank + c]!;
            byHead[k * rank + c]! += g * z[c]!;
          }
        }
        if (normalised) {
          let along = 0;
          for (let c = 0; c < rank; c++) along += byZ[c]! * z[c]!;
          for (let c = 0; c < rank; c++) byZ[c] = (byZ[c]! - along * z[c]!) / length;
        }
        for (let c = 0; c < rank; c++) {
          for (let j = 0; j < d; j++) byW[c * d + j]! += byZ[c]! * x[j]!;
        }
      }
    });
    return value;
  };
}

/** Value of the loss of one view; `out` goes in as outputs and comes back as the loss's derivative by them. */
function lossOf(loss: IndexLoss, out: Float64Array, label: number, smoothing: number): number {
  let value = 0;
  if (loss === "mse") {
    for (let k = 0; k < out.length; k++) {
      const off = out[k]! - (k === label ? 1 : 0);
      value += off * off;
      out[k] = 2 * off;
    }
    return value;
  }
  let top = -Infinity, mass = 0;
  for (const o of out) top = Math.max(top, o);
  for (const o of out) mass += Math.exp(o - top);
  const normaliser = top + Math.log(mass);
  for (let k = 0; k < out.length; k++) {
    const target = smoothing / out.length + (k === label ? 1 - smoothing : 0);
    const logP = out[k]! - normaliser;
    value -= target * logP;
    out[k] = Math.exp(logP) - target;
  }
  return value;
}

/** DIET's squared error of (W, H) with its gradient, from the moments: the `mse` of `indexObjective` at a fraction of its cost. */
export function dietObjective(moments: Moments, rank: number): Smooth {
  const { means, second } = moments;
  const n = means.rows;
  return (parameters, gradient) => {
    const { w, head } = unpack(parameters, n, second.rows, rank);
    const a = head.mmul(w);
    const byA = a.mmul(second).sub(Matrix.mul(means, 1 / n)).mul(2); // (n x d)
    gradient.set(head.transpose().mmul(byA).to1DArray());
    gradient.set(byA.mmul(w.transpose()).to1DArray(), w.rows * w.columns);
    return dietLoss(a, moments);
  };
}

/** The spectral contrastive loss of W with its gradient, from the moments. */
export function spectralObjective(moments: Moments, rank: number): Smooth {
  const { second } = moments;
  const plus = positives(moments);
  return (parameters, gradient) => {
    const w = Matrix.from1DArray(rank, second.rows, parameters);
    const wc = w.mmul(second);
    const inner = wc.mmul(w.transpose());
    gradient.set(inner.mmul(wc).sub(w.mmul(plus)).mul(4).to1DArray());
    return spectralLoss(w, moments);
  };
}

/** Where L-BFGS ends from `start`: no element of the gradient above `tolerance`, or rounding hides any further descent. */
export function minimum(objective: Smooth, start: Float64Array, tolerance: number): Float64Array {
  return lbfgs(objective, start, { tolerance, iterations: 2000, memory: 20 }).x;
}

/** The encoder (rank x d) that L-BFGS finds for the spectral contrastive loss from `start`. */
export function spectralMinimum(
  moments: Moments,
  rank: number,
  start: Float64Array,
  tolerance: number,
): Matrix {
  return Matrix.from1DArray(
    rank,
    moments.second.rows,
    minimum(spectralObjective(moments, rank), start, tolerance),
  );
}

/** Gradient descent with momentum 0.9 at a constant rate. */
export function descend(
  objective: Smooth,
  start: Float64Array,
  { rate, steps }: { readonly rate: number; readonly steps: number },
): Float64Array {
  const x = start.slice();
  const gradient = new Float64Array(x.length), velocity = new Float64Array(x.length);
  for (let step = 0; step < steps; step++) {
    objective(x, gradient);
    gradient.forEach((g, i) => {
      velocity[i] = 0.9 * velocity[i]! + g;
      x[i]! -= rate * velocity[i]!;
    });
  }
  return x;
}
