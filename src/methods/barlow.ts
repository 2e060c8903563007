/**
 * Barlow Twins: the cross-correlation of two views' features is to be the identity. The projector is the paper's, three
 * layers with norms between; widths 2048 and the loss's scale 0.1 are solo-learn's for CIFAR, lambda 0.005 is the paper's.
 */
import { real, whole } from "../nn/hyper.ts";
import { mlp } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { squaresByDiagonal } from "../nn/ops/diagonal.ts";
import { scale } from "../nn/ops/elementwise.ts";
import { matmul } from "../nn/ops/matmul.ts";
import { batchNorm } from "../nn/ops/norm.ts";
import type { Trace, Value } from "../nn/trace.ts";

const hyper = {
  lambda: real("weight of the redundancy term", 0.005, { least: 0 }),
  scale: real("scale of the loss", 0.1, { above: 0 }),
  hidden: whole("hidden width of the projector", 2048),
  projector: whole("width of the projection", 2048),
};

export const method: Method<typeof hyper> = {
  name: "barlow",
  paper:
    "Zbontar, Jing, Misra, LeCun, Deny, Barlow Twins: Self-Supervised Learning via Redundancy Reduction, arXiv 2103.03230",
  views: 2,
  hyper,
  trace(s, [x1, x2]) {
    const hidden = s.hyper("hidden"), D = s.hyper("projector");
    const f = s.encoder();
    const g = mlp(s, "projector", [f.features, hidden, hidden, D]);
    const z1 = g(f.apply(x1!)), z2 = g(f.apply(x2!)); // (B, D)
    const loss = redundancy(s.t, z1, z2, s.hyper("lambda"), s.hyper("scale"));
    return { loss, wrt: s.parameters() };
  },
};

/** factor (sum_i (1 - C_ii)^2 + lambda sum_{i != j} C_ij^2), C the cross-correlation over the batch of (B, D) z1 and z2. */
export function redundancy(t: Trace, z1: Value, z2: Value, lambda: number, factor: number): Value {
  // The batch norm of a fresh layer: no scale, no offset, no running statistics.
  const unit = (z: Value) => batchNorm(t, z, {}, { mode: "frozen" });
  const C = matmul(t, scale(t, unit(z1), 1 / z1.shape[0]!), unit(z2), { transposeA: true }); // (D, D)
  return squaresByDiagonal(t, C, { aim: 1, on: factor, off: factor * lambda });
}
