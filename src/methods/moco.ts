/**
 * MoCo v2: a query against its key and a queue of earlier keys, which a slowly moving copy of the encoder makes. Widths, T,
 * m and K are the authors'; their projector has no norm. They move the copy before it encodes; `follow` moves it at the
 * end of the step before, which is the same copy, since both start equal. Their shuffling of images among devices hides from the
 * key's batch norm which queries it belongs to; one device has nothing to shuffle with, so it is not done here.
 */
import { enqueue, rowsOfState } from "../nn/bank.ts";
import { type Layer, mlp } from "../nn/layers.ts";
import { infoNce } from "../nn/losses.ts";
import type { Method } from "../nn/method.ts";
import { follow } from "../nn/momentum.ts";
import { l2Normalise } from "../nn/ops/l2.ts";
import type { Scope } from "../nn/scope.ts";

export const method: Method = {
  name: "moco",
  paper:
    "Chen, Fan, Girshick, He, Improved Baselines with Momentum Contrastive Learning, arXiv 2003.04297 (v1: 1911.05722)",
  views: 2,
  trace(s, [xq, xk]) {
    const { t } = s;
    const C = s.hyper("projector", 128);
    const online = s, copy = s.inArena("momentum", "momentum");
    const fq = encoder(online, C), fk = encoder(copy, C);
    const queue = rowsOfState(s, "queue", s.hyper("queue", 65536), C); // (K, C)
    // Keys first: nothing of their encoder is kept, so their activations are gone before the queries' pile up.
    const k = l2Normalise(t, fk(xk!)); // (B, C)
    const q = l2Normalise(t, fq(xq!));
    const loss = infoNce(t, q, k, queue, s.hyper("T", 0.2));
    enqueue(t, queue, k);
    follow(t, copy.arena, online.arena, s.hyper("m", 0.999));
    return { loss, wrt: s.parameters() };
  },
};

function encoder(s: Scope, C: number): Layer {
  const f = s.encoder();
  const g = mlp(s, "projector", [f.features, s.hyper("hidden", f.features), C], { norm: false });
  return (x) => g(f.apply(x));
}
