/**
 * S-DIET: DIET whose softmax runs over the rows of the batch alone, so that only those rows, with their AdamW moments,
 * visit the GPU. Not stated in any public source and chosen here: widths of the projector, temperature 0.1, normalised
 * rows, smoothing 0.1. How rows move between visits, and what `none`, `eager` and `lazy` are: src/nn/multistep.ts.
 * Over "all" rows the softmax runs over all N rows as DIET's does: a resident head (N, m) under the encoder's optimizer.
 */
import { headRows } from "../nn/head_rows.ts";
import { real, truth, whole, word } from "../nn/hyper.ts";
import { torchDefault } from "../nn/initialise.ts";
import { type Layer, mlp } from "../nn/layers.ts";
import type { Method } from "../nn/method.ts";
import { MULTISTEP_MODES, type RowUpdate } from "../nn/multistep.ts";
import { scale } from "../nn/ops/elementwise.ts";
import { l2Normalise } from "../nn/ops/l2.ts";
import { softmaxCrossEntropy } from "../nn/ops/loss.ts";
import { matmul } from "../nn/ops/matmul.ts";
import type { Scope } from "../nn/scope.ts";
import type { Value } from "../nn/trace.ts";

const hyper = {
  T: real("temperature", 0.1, { above: 0 }),
  smoothing: real("label smoothing", 0.1, { least: 0, below: 1 }),
  hidden: whole("hidden width of the projector", "features", ["features"]),
  projector: whole("width of the projection", "features", ["features", "none"]), // none: the head sits on the features
  normalise: truth("features of length one", true),
  normaliseRows: truth("head rows of length one", true),
  softmaxOver: word("rows of the softmax", "batch", ["batch", "all"]),
  multistep: word("row update between visits", "eager", MULTISTEP_MODES),
  period: whole("steps between visits", "epoch", ["epoch"]),
  rowCorrection: truth("bias correction of the row update", false),
  firstVisitDecay: truth("row decay before the first visit", false),
};

export const method: Method<typeof hyper> = {
  name: "sdiet",
  paper:
    "Memory-Efficient Self-Supervised Contrastive Learning with a Supervised Loss, ICLR 2025 submission 4NgxI6Z74n",
  views: 1,
  hyper,
  trace(s, [x]) {
    const { t, setup: { batch: B, images: N } } = s;
    const f = s.encoder();
    const g = projector(s, f.features);
    const y = f.apply(x!); // (B, d)
    const p = g?.(y) ?? y; // (B, m)
    const z = s.hyper("normalise") ? l2Normalise(t, p) : p;
    const everyRow = s.hyper("softmaxOver") === "all";
    const visiting = everyRow ? undefined : headRows(s, "head", p.shape[1]!, rowUpdate(s));
    const rows = visiting?.weights ?? resident(s, N, p.shape[1]!); // (B, m) or (N, m)
    const h = s.hyper("normaliseRows") ? l2Normalise(t, rows) : rows;
    const logits = scale(t, matmul(t, z, h, { transposeB: true }), 1 / s.hyper("T")); // (B, B) or (B, N)
    const own = everyRow
      ? s.batchInput("index", [B], "u32")
      : t.program.constant("row of each image", Uint32Array.from({ length: B }, (_, i) => i));
    const loss = softmaxCrossEntropy(t, logits, own, { smoothing: s.hyper("smoothing") });
    return { loss, wrt: s.parameters(), ...(visiting && { taps: [visiting.tap] }) };
  },
};

function projector(s: Scope<typeof hyper>, features: number): Layer | undefined {
  const m = s.hyper("projector"), hidden = s.hyper("hidden");
  if (m === "none") return undefined;
  return mlp(s, "projector", [features, ...[hidden, m].map((w) => w === "features" ? features : w)]);
}

const rowUpdate = (s: Scope<typeof hyper>): RowUpdate => ({
  mode: s.hyper("multistep"),
  period: s.hyper("period"),
  biasCorrection: s.hyper("rowCorrection"),
  firstVisitDecay: s.hyper("firstVisitDecay"),
});

/** The whole head as parameters, one row an image. */
const resident = (s: Scope, images: number, width: number): Value =>
  s.child("head").parameter("weight", [images, width], "dense", torchDefault(width));
