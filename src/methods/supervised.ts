/** Cross-entropy on labels: the upper anchor beside every self-supervised method, and the engine's first workload. */
import { real } from "../nn/hyper.ts";
import { linear } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { softmaxCrossEntropy } from "../nn/ops/loss.ts";

const hyper = { smoothing: real("label smoothing", 0, { least: 0, below: 1 }) };

export const method: Method<typeof hyper> = {
  name: "supervised",
  paper: "He et al., Deep Residual Learning for Image Recognition, arXiv 1512.03385 (training objective)",
  views: 1,
  hyper,
  trace(s, [x]) {
    const f = s.encoder();
    const g = linear(s, "fc", f.features, s.setup.classes);
    const z = g(f.apply(x!)); // (N, classes)
    const loss = softmaxCrossEntropy(s.t, z, s.labels(), { smoothing: s.hyper("smoothing") });
    return { loss, wrt: s.parameters() };
  },
};
