/**
 * VICReg: two views alike (invariance), every feature spread out (variance), no two features alike (covariance). The
 * projector is the paper's, three layers with norms between; widths 2048 are solo-learn's for CIFAR.
 */
import { real, whole } from "../nn/hyper.ts";
import { mlp } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { centreColumns, sumAxis } from "../nn/ops/broadcast.ts";
import { squaresByDiagonal } from "../nn/ops/diagonal.ts";
import { add, fill, scale } from "../nn/ops/elementwise.ts";
import { mse } from "../nn/ops/loss.ts";
import { matmul } from "../nn/ops/matmul.ts";
import { mean } from "../nn/ops/reduce.ts";
import { hinge, sqrt, square } from "../nn/ops/unary.ts";
import { requireShape, type Trace, type Value } from "../nn/trace.ts";

const EPS = 1e-4;

export interface Weights {
  readonly lambda: number;
  readonly mu: number;
  readonly nu: number;
}

const hyper = {
  lambda: real("weight of invariance", 25, { least: 0 }),
  mu: real("weight of variance", 25, { least: 0 }),
  nu: real("weight of covariance", 1, { least: 0 }),
  hidden: whole("hidden width of the projector", 2048),
  projector: whole("width of the projection", 2048),
};

export const method: Method<typeof hyper> = {
  name: "vicreg",
  paper:
    "Bardes, Ponce, LeCun, VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning, arXiv 2105.04906",
  views: 2,
  hyper,
  trace(s, [x1, x2]) {
    const hidden = s.hyper("hidden"), D = s.hyper("projector");
    const f = s.encoder();
    const g = mlp(s, "projector", [f.features, hidden, hidden, D]);
    const z1 = g(f.apply(x1!)), z2 = g(f.apply(x2!)); // (B, D)
    const weights = { lambda: s.hyper("lambda"), mu: s.hyper("mu"), nu: s.hyper("nu") };
    return { loss: vicreg(s.t, z1, z2, weights), wrt: s.parameters() };
  },
};

/**
 * lambda s(z1, z2) + mu (v(z1) + v(z2)) + nu (c(z1) + c(z2)) of (B, D) z1 and z2; variance and covariance divide by B - 1. As in
 * solo-learn, s is the mean over all elements (the paper adds over features) and v is not halved (the authors' code halves it).
 */
export function vicreg(t: Trace, z1: Value, z2: Value, { lambda, mu, nu }: Weights): Value {
  requireShape(z1.shape[0]! > 1, "take the variance of", "at least 2 rows are needed", z1);
  const terms = [z1, z2].flatMap((z) => {
    const y = centreColumns(t, z);
    return [scale(t, variance(t, y), mu), scale(t, covariance(t, y), nu)];
  });
  return [scale(t, mse(t, z1, z2), lambda), ...terms].reduce((a, b) => add(t, a, b));
}

/** v: mean over features of max(0, 1 - sqrt(Var + eps)) of centred y. */
function variance(t: Trace, y: Value): Value {
  const [B, D] = y.shape as [number, number];
  const eps = fill(t, [D], EPS, "eps");
  const S = sqrt(t, add(t, sumAxis(t, square(t, y), 0, 1 / (B - 1)), eps)); // (D)
  return mean(t, hinge(t, S, 1));
}

/** c: 1/D times the sum of squares of the covariances of different features, of centred y. */
function covariance(t: Trace, y: Value): Value {
  const [B, D] = y.shape as [number, number];
  const C = matmul(t, scale(t, y, 1 / (B - 1)), y, { transposeA: true }); // (D, D)
  return squaresByDiagonal(t, C, { on: 0, off: 1 / D });
}
