/**
 * The extragradient method on a quadratic: a look ahead w' = w - lr g(w), then the real step w - lr g(w') (Korpelevich,
 * 1976). The smallest step of two replays, with parameters put aside in the first and brought back in the second.
 */
import type { Method } from "../../src/nn/method.ts";
import { copy, multiply } from "../../src/nn/ops/elementwise.ts";
import { dot, sum } from "../../src/nn/ops/reduce.ts";
import { snapshot, snapshotEffects } from "../../src/nn/snapshot.ts";
import type { Value } from "../../src/nn/trace.ts";

/** Size of the parameter: off every boundary, and longer than a span. */
export const SIZE = 5003;

/** loss = 1/2 sum a w^2, so that g = a w; reports w's squared norm. */
export const extragradient: Method = {
  name: "extragradient",
  paper: "Korpelevich, The extragradient method for finding saddle points, 1976",
  views: 0,
  hyper: {},
  trace(s) {
    const w: Value = s.parameter(
      "w",
      [SIZE],
      "vector",
      (draw, size) => Float32Array.from({ length: size }, () => 2 * draw.uniform() - 1),
    );
    const a = s.batchInput("a", [SIZE]);
    snapshot(s);
    const square = multiply(s.t, w, copy(s.t, w));
    s.metric("norm", sum(s.t, square));
    return { name: "energy", loss: dot(s.t, square, a, 0.5), wrt: [w] };
  },
  replays() {
    const { save, restore } = snapshotEffects();
    return [
      { name: "look ahead", effects: [save, "optimizer"], scalars: (_step, { lr }) => ({ lr: 2 * lr! }) },
      { name: "step", effects: [restore, "optimizer", "metrics"] },
    ];
  },
};
