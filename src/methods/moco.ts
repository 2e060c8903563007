/**
 * MoCo v2: a query against its key and a queue of earlier keys, which a slowly moving copy of the encoder makes. Widths, T,
 * m and K are the authors'; their projector has no norm. They move the copy before it encodes; `follow` moves it at the
 * end of the step before, which is the same copy, since both start equal. Their shuffling of images among devices hides from the
 * key's batch norm which queries it belongs to; one device has nothing to shuffle with, so it is not done here.
 * With `symmetric` each view is the other's key and each direction has a queue, as in solo-learn's MoCo v2+.
 */
import { enqueue, rowsOfState } from "../nn/bank.ts";
import { real, scheduled, truth, whole } from "../nn/hyper.ts";
import { type Layer, mlp } from "../nn/layers.ts";
import { infoNce } from "../nn/losses.ts";
import type { Method } from "../nn/method.ts";
import { follow } from "../nn/momentum.ts";
import { add, scale } from "../nn/ops/elementwise.ts";
import { l2Normalise } from "../nn/ops/l2.ts";
import type { Scope } from "../nn/scope.ts";

const hyper = {
  T: real("temperature", 0.2, { above: 0 }),
  m: scheduled("momentum of the copy", 0.999, { least: 0, most: 1 }),
  queue: whole("length of the queue", 65536),
  hidden: whole("hidden width of the projector", "features", ["features"]),
  projector: whole("width of the projection", 128),
  symmetric: truth("symmetric loss", false),
};

export const method: Method<typeof hyper> = {
  name: "moco",
  paper:
    "Chen, Fan, Girshick, He, Improved Baselines with Momentum Contrastive Learning, arXiv 2003.04297 (v1: 1911.05722)",
  views: 2,
  hyper,
  trace(s, [x1, x2]) {
    const { t } = s;
    const C = s.hyper("projector");
    const online = s, copy = s.inArena("momentum", "momentum");
    const fq = encoder(online, C), fk = encoder(copy, C);
    const pairs = s.hyper("symmetric") ? [[x1!, x2!], [x2!, x1!]] as const : [[x1!, x2!]] as const;
    const queues = pairs.map((_, i) => rowsOfState(s, i === 0 ? "queue" : "queue2", s.hyper("queue"), C)); // (K, C)
    // Keys first: nothing of their encoder is kept, so their activations are gone before the queries' pile up.
    const ks = pairs.map(([, xk]) => l2Normalise(t, fk(xk))); // (B, C)
    const qs = pairs.map(([xq]) => l2Normalise(t, fq(xq)));
    const losses = qs.map((q, i) => infoNce(t, q, ks[i]!, queues[i]!, s.hyper("T")));
    queues.forEach((queue, i) => enqueue(t, queue, ks[i]!));
    follow(t, copy.arena, online.arena, s.hyper("m"));
    const [loss, other] = losses;
    return { loss: other ? scale(t, add(t, loss!, other), 1 / 2) : loss!, wrt: s.parameters() };
  },
};

function encoder(s: Scope<typeof hyper>, C: number): Layer {
  const f = s.encoder();
  const hidden = s.hyper("hidden");
  const widths = [f.features, hidden === "features" ? f.features : hidden, C];
  const g = mlp(s, "projector", widths, { norm: false });
  return (x) => g(f.apply(x));
}
