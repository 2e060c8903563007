/**
 * Spectral contrastive learning: inner products of two views of an image are to be large, squares of those of different
 * images small. As in the authors' code, rows longer than sqrt(mu) are cut to that length, the second term runs over
 * pairs (i, j), i != j, and all is divided by mu. The population loss of the theorems cuts nothing and has the pairs (i, i) too: it
 * is another quantity at any finite number of images. Width 1000 and mu 1 are the authors' for CIFAR-10. There they have a hidden layer
 * of 2048 and a norm behind the last (`lastNorm: "affine"`), for ImageNet `layers: 3` of 8192; the defaults are chosen here.
 */
import { real, whole, word } from "../nn/hyper.ts";
import { mlp } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { squaresByDiagonal } from "../nn/ops/diagonal.ts";
import { add, scale } from "../nn/ops/elementwise.ts";
import { l2Normalise } from "../nn/ops/l2.ts";
import { matmul } from "../nn/ops/matmul.ts";
import { dot } from "../nn/ops/reduce.ts";
import { requireShape, type Trace, type Value } from "../nn/trace.ts";

const hyper = {
  mu: real("squared radius of the rows", 1, { above: 0 }),
  hidden: whole("hidden width of the projector", 1000),
  projector: whole("width of the projection", 1000),
  layers: whole("layers of the projector", 2),
  lastNorm: word("norm behind the projector", "none", ["none", "affine"]),
};

export const method: Method<typeof hyper> = {
  name: "spectral",
  paper:
    "HaoChen, Wei, Gaidon, Ma, Provable Guarantees for Self-Supervised Deep Learning with Spectral Contrastive Loss, arXiv 2106.04156",
  views: 2,
  hyper,
  trace(s, [x1, x2]) {
    const f = s.encoder();
    const hidden = Array.from({ length: s.hyper("layers") - 1 }, () => s.hyper("hidden"));
    const widths = [f.features, ...hidden, s.hyper("projector")];
    const g = mlp(s, "projector", widths, { lastNorm: s.hyper("lastNorm") });
    const z1 = g(f.apply(x1!)), z2 = g(f.apply(x2!)); // (B, D)
    return { loss: spectral(s.t, z1, z2, s.hyper("mu")), wrt: s.parameters() };
  },
};

/** (-2/B sum_i z1_i . z2_i + 1/(B (B - 1)) sum_{i != j} (z1_i . z2_j)^2) / mu of (B, D) z1 and z2, long rows cut. */
export function spectral(t: Trace, z1: Value, z2: Value, mu: number): Value {
  requireShape(z1.shape[0]! > 1, "contrast the rows of", "at least 2 rows are needed", z1);
  const B = z1.shape[0]!;
  const radius = Math.sqrt(mu);
  // x / max(|x|, radius) times radius: x itself where it is shorter.
  const cut = (z: Value) => scale(t, l2Normalise(t, z, { eps: radius }), radius);
  const u1 = cut(z1), u2 = cut(z2);
  const pairs = matmul(t, u1, u2, { transposeB: true }); // (B, B)
  return add(
    t,
    dot(t, u1, u2, -2 / (B * mu)),
    squaresByDiagonal(t, pairs, { on: 0, off: 1 / (B * (B - 1) * mu) }),
  );
}
