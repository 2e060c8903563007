/**
 * Linear probe to convergence: multinomial logistic regression with an L2 penalty, minimised by L-BFGS in f64 on the host.
 * No learning rate or epoch to choose; the penalty is chosen on a part of the training set, never on the test set.
 */
import { permutation } from "../base/random.ts";
import type { Features } from "./features.ts";
import { accuracyOf, type KnnTask, type Labelled } from "./knn.ts";
import { lbfgs, type LbfgsOptions, type Minimum, type Smooth } from "./lbfgs.ts";
import { largestOfRows, requireProbeTask } from "./linear.ts";
import { scaleBoth, type Scaling } from "./scaling.ts";

/** Penalties tried: powers of ten from 1e-6 to 1. */
export const PENALTIES: readonly number[] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

/** The rule by which `logisticProbe` chooses its penalty, for reports. */
export const PENALTY_RULE =
  "largest accuracy on a fifth of the training set, drawn by the seed, of a fit to the rest; of equals the largest penalty";

export interface LogisticOptions extends LbfgsOptions {
  /** Default "standardise". */
  readonly scaling?: Scaling;
  /** Penalties to choose from; one alone is used without a choice. Default `PENALTIES`. */
  readonly penalties?: readonly number[];
  /** Of the held-out part. Default 0. */
  readonly seed?: number;
}

export interface LogisticResult {
  /** Accuracy on the test set. */
  readonly accuracy: number;
  readonly predictions: Uint32Array<ArrayBuffer>;
  readonly penalty: number;
  /** Accuracy on the held-out part for each penalty; empty where there was no choice. */
  readonly heldOut: readonly { readonly penalty: number; readonly accuracy: number }[];
  /** Mean cross-entropy plus penalty over the training set at the end. */
  readonly loss: number;
  /** Largest element of the gradient at the end. */
  readonly gradient: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Fits the probe to all training rows with the chosen penalty and tests it. Errors: as `linearProbe`. */
export function logisticProbe(task: KnnTask, options: LogisticOptions = {}): LogisticResult {
  requireProbeTask(task);
  const { scaling = "standardise", penalties = PENALTIES, seed = 0 } = options;
  const { train, test, classes } = task;
  const heldOut = penalties.length > 1 ? choose(train, classes, penalties, seed, scaling, options) : [];
  const penalty = heldOut.length > 0
    ? heldOut.reduce((a, b) =>
      b.accuracy > a.accuracy || (b.accuracy === a.accuracy && b.penalty > a.penalty) ? b : a
    )
      .penalty
    : penalties[0]!;
  const [known, asked] = scaleBoth(train.features, test.features, scaling);
  const fit = fitLogistic({ features: known, labels: train.labels }, classes, penalty, options);
  const predictions = largestOfRows(logits(fit.x, asked, classes), classes);
  const { value: loss, gradient, iterations, converged } = fit;
  return {
    accuracy: accuracyOf(predictions, test.labels),
    predictions,
    penalty,
    heldOut,
    ...{ loss, gradient, iterations, converged },
  };
}

/**
 * Minimises mean cross-entropy + penalty / 2 |W|^2. Weights (width, classes), then biases (classes), which are not
 * penalised.
 */
export function fitLogistic(
  train: Labelled,
  classes: number,
  penalty: number,
  options: LbfgsOptions = {},
): Minimum {
  const start = new Float64Array((train.features.width + 1) * classes);
  return lbfgs(logisticLoss(train, classes, penalty), start, options);
}

/** The objective of `fitLogistic` and its gradient. */
export function logisticLoss({ features, labels }: Labelled, classes: number, penalty: number): Smooth {
  const { values, rows, width } = features;
  const offset = width * classes;
  return (x, gradient) => {
    gradient.fill(0);
    const scores = logits(x, features, classes);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const p = scores.subarray(row * classes, (row + 1) * classes);
      let largest = -Infinity, sum = 0;
      for (const v of p) largest = Math.max(largest, v);
      for (let c = 0; c < classes; c++) sum += Math.exp(p[c]! - largest);
      const total = largest + Math.log(sum);
      loss += (total - p[labels[row]!]!) / rows;
      for (let c = 0; c < classes; c++) p[c] = Math.exp(p[c]! - total) / rows;
      p[labels[row]!]! -= 1 / rows;
      for (let d = 0; d < width; d++) {
        const v = values[row * width + d]!;
        for (let c = 0; c < classes; c++) gradient[d * classes + c]! += v * p[c]!;
      }
      for (let c = 0; c < classes; c++) gradient[offset + c]! += p[c]!;
    }
    for (let i = 0; i < offset; i++) {
      loss += penalty / 2 * x[i]! ** 2;
      gradient[i]! += penalty * x[i]!;
    }
    return loss;
  };
}

/** (rows, classes) of weights and biases laid out as in `fitLogistic`. */
function logits(x: Float64Array, { values, rows, width }: Features, classes: number): Float64Array {
  const out = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const y = out.subarray(row * classes, (row + 1) * classes);
    y.set(x.subarray(width * classes));
    for (let d = 0; d < width; d++) {
      const v = values[row * width + d]!;
      for (let c = 0; c < classes; c++) y[c]! += v * x[d * classes + c]!;
    }
  }
  return out;
}

function choose(
  train: Labelled,
  classes: number,
  penalties: readonly number[],
  seed: number,
  scaling: Scaling,
  options: LbfgsOptions,
): { penalty: number; accuracy: number }[] {
  const order = permutation(train.labels.length, seed, 0);
  const count = Math.max(1, Math.floor(order.length / 5));
  if (count === order.length) return [];
  const held = pick(train, order.subarray(0, count)), rest = pick(train, order.subarray(count));
  const [known, asked] = scaleBoth(rest.features, held.features, scaling);
  return penalties.map((penalty) => {
    const { x } = fitLogistic({ features: known, labels: rest.labels }, classes, penalty, options);
    const predictions = largestOfRows(logits(x, asked, classes), classes);
    return { penalty, accuracy: accuracyOf(predictions, held.labels) };
  });
}

function pick({ features, labels }: Labelled, rows: Uint32Array): Labelled {
  const { values, width } = features;
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => out.set(values.subarray(row * width, (row + 1) * width), i * width));
  return {
    features: { values: out, rows: rows.length, width },
    labels: Uint32Array.from(rows, (row) => labels[row]!),
  };
}
