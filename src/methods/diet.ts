/**
 * DIET: every training image is a class of its own, one view a step, cross-entropy against the image's number. The
 * head (m, N) and its moments are resident and grow with the training set. The author's script has a `bias`, the papers have none.
 */
import { real, truth, word } from "../nn/hyper.ts";
import { linear } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { scale } from "../nn/ops/elementwise.ts";
import { mse, softmaxCrossEntropy } from "../nn/ops/loss.ts";
import { oneHot } from "../nn/ops/one_hot.ts";

const hyper = {
  loss: word("loss function", "cross-entropy", ["cross-entropy", "mse"]),
  smoothing: real("label smoothing", 0.8, { least: 0, below: 1 }),
  beta: real("factor of the logits", 1, { above: 0 }),
  bias: truth("bias of the head", false),
};

export const method: Method<typeof hyper> = {
  name: "diet",
  paper: "Ibrahim, Klindt, Balestriero, Occam's Razor for Self Supervised Learning, arXiv 2406.10743",
  views: 1,
  hyper,
  trace(s, [x]) {
    const { t, setup: { batch: B, images: N } } = s;
    const f = s.encoder();
    const W = linear(s, "head", f.features, N, { bias: s.hyper("bias") });
    const i = s.batchInput("index", [B], "u32");
    const z = scale(t, W(f.apply(x!)), s.hyper("beta")); // (B, N)
    const loss = s.hyper("loss") === "mse"
      ? mse(t, z, oneHot(t, i, N)) // mean over all elements, as in the author's script
      : softmaxCrossEntropy(t, z, i, { smoothing: s.hyper("smoothing") });
    return { loss, wrt: s.parameters() };
  },
};
