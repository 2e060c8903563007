/**
 * SimCLR: two views of an image against all others of the batch. The projector has the norm behind its hidden layer that the
 * authors' code has (solo-learn has none) and no norm behind its last; widths 2048 and 256 and T 0.2 are solo-learn's for CIFAR.
 */
import { mlp } from "../nn/layers.ts";
import { ntXent } from "../nn/losses.ts";
import type { Method } from "../nn/method.ts";

export const method: Method = {
  name: "simclr",
  paper:
    "Chen, Kornblith, Norouzi, Hinton, A Simple Framework for Contrastive Learning of Visual Representations, arXiv 2002.05709",
  views: 2,
  trace(s, [x1, x2]) {
    const f = s.encoder();
    const g = mlp(s, "projector", [f.features, s.hyper("hidden", 2048), s.hyper("projector", 256)]);
    // One view after the other, as all reference codes do: batch norm sees a view at a time.
    const z1 = g(f.apply(x1!)); // (B, D)
    const z2 = g(f.apply(x2!));
    return { loss: ntXent(s.t, z1, z2, s.hyper("T", 0.2)), wrt: s.parameters() };
  },
};
