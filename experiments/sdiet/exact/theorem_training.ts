/** Linear encoders and heads trained by gradients, and whether they end where the statements about minima say. */
import { Matrix } from "ml-matrix";
import type { Check } from "../../exact/check.ts";
import * as m from "./linear_algebra.ts";
import * as training from "./linear_training.ts";
import { type Case, D, N, secondStatement } from "./theorem_cases.ts";

/** An encoder (rank x d) with its head (n x rank). */
export interface Pair {
  readonly w: Matrix;
  readonly head: Matrix;
}

/** What training found for one case. */
export interface Trained {
  readonly c: Case;
  /** DIET with squared error. */
  readonly mse: Pair;
  /** DIET with cross-entropy. */
  readonly entropy: Pair;
  /** The encoder of the spectral contrastive loss, (rank x d). */
  readonly spectral: Matrix;
}

/** No element of a gradient is larger where training ends. */
const GRADIENT = 1e-10;

/** Encoders and heads found by L-BFGS from small random starts; cross-entropy with label smoothing 0.1. */
export function train(c: Case): Trained {
  const { rank, sources, seed, moments } = c;
  const start = training.startingPoint(rank * (N + D), 0.3, seed);
  const fit = (loss: "mse" | "cross-entropy") => {
    const smoothing = loss === "mse" ? 0 : 0.1;
    const objective = training.indexObjective(loss, sources, rank, { smoothing });
    return training.unpack(training.minimum(objective, start, GRADIENT), N, D, rank);
  };
  const spectral = training.spectralMinimum(moments, rank, start.subarray(0, rank * D), GRADIENT);
  return { c, mse: fit("mse"), entropy: fit("cross-entropy"), spectral };
}

/** A = W_H W, (n x d). */
const product = ({ head, w }: Pair): Matrix => head.mmul(w);

/** Departure of A^T A from W_sc^T W_sc at the scale that fits best. */
export function shapeError({ spectralGram }: Case, a: Matrix): number {
  const g = m.gram(a);
  const by = g.mmul(spectralGram).trace() / g.mmul(g).trace();
  return m.relativeDistance(Matrix.mul(g, by), spectralGram);
}

/** Training by gradients ends at the minima that the closed forms give. */
export function trainedMinima(trained: readonly Trained[]): Check[] {
  return [{
    id: "X8 T1",
    what: "both trained by gradients: n A^T A against W^T W",
    error: Math.max(
      ...trained.map((t) => m.relativeDistance(Matrix.mul(m.gram(product(t.mse)), N), m.gram(t.spectral))),
    ),
    tolerance: 1e-5,
    controls: [{
      what: "n W^T W of the trained encoder, head left out",
      error: Math.min(...trained.map((t) => secondStatement(t.c, t.mse.w))),
    }],
  }, {
    id: "X8 T1",
    what: "trained spectral encoder against its closed form",
    error: Math.max(...trained.map((t) => m.relativeDistance(m.gram(t.spectral), t.c.spectralGram))),
    tolerance: 1e-5,
    controls: [{
      what: "some other encoder",
      error: Math.min(...trained.map(({ c }) => m.relativeDistance(m.gram(c.someEncoder), c.spectralGram))),
    }],
  }];
}

/** With cross-entropy the equality does not hold. */
export function crossEntropy(trained: readonly Trained[]): Check {
  return {
    id: "T4",
    what: "cross-entropy instead of squared error: A^T A against W_sc^T W_sc at the best scale",
    error: Math.min(...trained.map((t) => shapeError(t.c, product(t.entropy)))),
    relation: "above",
    tolerance: 1e-2,
    controls: [{
      what: "squared error",
      error: Math.max(...trained.map((t) => shapeError(t.c, product(t.mse)))),
    }],
  };
}
