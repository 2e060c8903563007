/**
 * SimCLR: two views of an image against all others of the batch. Widths 2048 and 256 and T 0.2 are solo-learn's for CIFAR, the
 * norm behind hidden layers is the authors' (`norm: false` is solo-learn's). The authors' projector for ImageNet has `layers: 3`
 * and `lastNorm: "scale"`, a norm without offset behind the last.
 */
import { real, truth, whole, word } from "../nn/hyper.ts";
import { mlp } from "../nn/layers.ts";
import { ntXent } from "../nn/losses.ts";
import type { Method } from "../nn/method.ts";

const hyper = {
  T: real("temperature", 0.2, { above: 0 }),
  hidden: whole("hidden width of the projector", 2048),
  projector: whole("width of the projection", 256),
  layers: whole("layers of the projector", 2),
  norm: truth("norm in the projector", true),
  lastNorm: word("norm behind the projector", "none", ["none", "affine", "scale"]),
};

export const method: Method<typeof hyper> = {
  name: "simclr",
  paper:
    "Chen, Kornblith, Norouzi, Hinton, A Simple Framework for Contrastive Learning of Visual Representations, arXiv 2002.05709",
  views: 2,
  hyper,
  trace(s, [x1, x2]) {
    const f = s.encoder();
    const hidden = Array.from({ length: s.hyper("layers") - 1 }, () => s.hyper("hidden"));
    const widths = [f.features, ...hidden, s.hyper("projector")];
    const g = mlp(s, "projector", widths, { norm: s.hyper("norm"), lastNorm: s.hyper("lastNorm") });
    // One view after the other, as all reference codes do: batch norm sees a view at a time.
    const z1 = g(f.apply(x1!)); // (B, D)
    const z2 = g(f.apply(x2!));
    return { loss: ntXent(s.t, z1, z2, s.hyper("T")), wrt: s.parameters() };
  },
};
