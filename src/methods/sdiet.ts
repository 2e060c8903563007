/**
 * S-DIET: DIET whose softmax runs over the rows of the batch alone, so that only those rows, with their AdamW moments,
 * visit the GPU. Not stated in any public source and chosen here: widths of the projector, temperature 0.1, normalised
 * rows, smoothing 0.1. How rows move between visits (`none`, `eager`, `lazy`) is the host's choice: src/nn/multistep.ts.
 * With `everyRow` the softmax runs over all N rows as DIET's does: a resident head (N, m) under the encoder's optimizer.
 */
import { headRows } from "../nn/head_rows.ts";
import { torchDefault } from "../nn/initialise.ts";
import { mlp } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { scale } from "../nn/ops/elementwise.ts";
import { l2Normalise } from "../nn/ops/l2.ts";
import { softmaxCrossEntropy } from "../nn/ops/loss.ts";
import { matmul } from "../nn/ops/matmul.ts";
import type { Scope } from "../nn/scope.ts";
import type { Value } from "../nn/trace.ts";

export const method: Method = {
  name: "sdiet",
  paper:
    "Memory-Efficient Self-Supervised Contrastive Learning with a Supervised Loss, ICLR 2025 submission 4NgxI6Z74n",
  views: 1,
  trace(s, [x]) {
    const { t, setup: { batch: B, images: N } } = s;
    const f = s.encoder();
    const m = s.hyper("projector", f.features); // 0: none, the head sits on the features
    const g = m > 0 ? mlp(s, "projector", [f.features, s.hyper("hidden", f.features), m]) : undefined;
    const y = f.apply(x!); // (B, d)
    const p = g?.(y) ?? y; // (B, m)
    const z = s.hyper("normalise", 1) ? l2Normalise(t, p) : p;
    const everyRow = s.hyper("everyRow", 0) !== 0;
    const visiting = everyRow ? undefined : headRows(s, "head", p.shape[1]!);
    const rows = visiting?.weights ?? resident(s, N, p.shape[1]!); // (B, m) or (N, m)
    const h = s.hyper("normaliseRows", 1) ? l2Normalise(t, rows) : rows;
    const logits = scale(t, matmul(t, z, h, { transposeB: true }), 1 / s.hyper("T", 0.1)); // (B, B) or (B, N)
    const own = everyRow
      ? s.batchInput("index", [B], "u32")
      : t.program.constant("row of each image", Uint32Array.from({ length: B }, (_, i) => i));
    const loss = softmaxCrossEntropy(t, logits, own, { smoothing: s.hyper("smoothing", 0.1) });
    return { loss, wrt: s.parameters(), ...(visiting && { taps: [visiting.tap] }) };
  },
};

/** The whole head as parameters, one row an image. */
const resident = (s: Scope, images: number, width: number): Value =>
  s.child("head").parameter("weight", [images, width], "dense", torchDefault(width));
