/**
 * BYOL: the online network predicts what a slowly moving copy of it makes of the other view. Widths 4096 and 256 and m 0.99 (the
 * paper's tau, which there rises to 1 on half a cosine) are solo-learn's for CIFAR. The copy covers encoder and projector; the predictor has an arena of its own.
 */
import { scheduled, whole } from "../nn/hyper.ts";
import { type Layer, mlp } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { follow } from "../nn/momentum.ts";
import { add, scale } from "../nn/ops/elementwise.ts";
import { l2Normalise } from "../nn/ops/l2.ts";
import { mse } from "../nn/ops/loss.ts";
import type { Scope } from "../nn/scope.ts";
import type { Trace, Value } from "../nn/trace.ts";

const hyper = {
  m: scheduled("momentum of the copy", 0.99, { least: 0, most: 1 }),
  hidden: whole("hidden width of the projector", 4096),
  projector: whole("width of the projection", 256),
  predictor: whole("hidden width of the predictor", 4096),
};

export const method: Method<typeof hyper> = {
  name: "byol",
  paper:
    "Grill et al., Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning, arXiv 2006.07733",
  views: 2,
  hyper,
  trace(s, [x1, x2]) {
    const { t } = s;
    const hidden = s.hyper("hidden"), D = s.hyper("projector");
    const target = s.inArena("momentum", "momentum"), predictor = s.inArena("predictor");
    const g = network(s, hidden, D), gXi = network(target, hidden, D);
    const h = mlp(predictor, "predictor", [D, s.hyper("predictor"), D]);
    // Targets first: nothing of their network is kept, so their activations are gone before the online ones pile up.
    const z1 = gXi(x1!), z2 = gXi(x2!); // (B, D)
    const p1 = h(g(x1!)), p2 = h(g(x2!));
    const loss = add(t, regression(t, p1, z2), regression(t, p2, z1));
    follow(t, target.arena, s.arena, s.hyper("m"));
    return { loss, wrt: [...s.parameters(), ...predictor.parameters()] };
  },
};

function network(s: Scope, hidden: number, D: number): Layer {
  const f = s.encoder();
  const g = mlp(s, "projector", [f.features, hidden, D]);
  return (x) => g(f.apply(x));
}

/** Mean over rows of |p/|p| - z/|z||^2 = 2 - 2 cos(p, z), the paper's eq. 2. */
export function regression(t: Trace, p: Value, z: Value): Value {
  return scale(t, mse(t, l2Normalise(t, p), l2Normalise(t, z)), p.shape[1]!);
}
