/**
 * SimSiam: each view predicts the other's projection, taken as a constant. Layers are the authors' and solo-learn's: a projector
 * of three with norms, the last without scale and offset, and a predictor with a bottleneck; widths 2048, 2048, 512.
 */
import { whole } from "../nn/hyper.ts";
import { mlp } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { add, scale, stopGradient } from "../nn/ops/elementwise.ts";
import { l2Normalise } from "../nn/ops/l2.ts";
import { dot } from "../nn/ops/reduce.ts";
import type { Trace, Value } from "../nn/trace.ts";

const hyper = {
  hidden: whole("hidden width of the projector", 2048),
  projector: whole("width of the projection", 2048),
  predictor: whole("hidden width of the predictor", 512),
};

export const method: Method<typeof hyper> = {
  name: "simsiam",
  paper: "Chen, He, Exploring Simple Siamese Representation Learning, arXiv 2011.10566",
  views: 2,
  hyper,
  trace(s, [x1, x2]) {
    const { t } = s;
    const hidden = s.hyper("hidden"), D = s.hyper("projector");
    const f = s.encoder();
    const g = mlp(s, "projector", [f.features, hidden, hidden, D], { lastNorm: "plain" });
    const h = mlp(s, "predictor", [D, s.hyper("predictor"), D]);
    const z1 = g(f.apply(x1!)), z2 = g(f.apply(x2!)); // (B, D)
    const p1 = h(z1), p2 = h(z2);
    const loss = scale(t, add(t, negativeCosine(t, p1, z2), negativeCosine(t, p2, z1)), 1 / 2);
    return { loss, wrt: s.parameters() };
  },
};

/** Mean over rows of -cos(p, z); z is a constant to the gradient. The paper's eq. 1 with its stop-gradient. */
export function negativeCosine(t: Trace, p: Value, z: Value): Value {
  return dot(t, l2Normalise(t, p), l2Normalise(t, stopGradient(t, z)), -1 / p.shape[0]!);
}
