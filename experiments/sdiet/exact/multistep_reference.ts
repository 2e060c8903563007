/**
 * The long way round of the multistep update: AdamW one step at a time, a head whose every row moves in every step, and
 * ways to get the closed form wrong. Written apart from the update that training uses, as its judge.
 */
import { permutation, PhiloxStream } from "../../../src/base/random.ts";
import {
  type AdamWNumbers,
  advance,
  decayingSum,
  MultistepPlan,
  type RowState,
} from "../../../src/nn/multistep.ts";

/** A row in the middle of training with gradients of deviation `size`, and its next gradient. */
export function rowInTraining(
  coordinates: number,
  size: number,
  seed = 1,
): { row: RowState; g: Float64Array } {
  const stream = new PhiloxStream([seed, 0]);
  const normal = (by: number) => Float64Array.from({ length: coordinates }, () => by * stream.normal());
  return {
    row: { h: normal(0.1), m: normal(0.3 * size), v: normal(0.1 * size).map((x) => x * x) },
    g: normal(size),
  };
}

export const cloneRow = ({ h, m, v }: RowState): RowState => ({ h: h.slice(), m: m.slice(), v: v.slice() });

/** One AdamW step in place, with torch's bias correction when `step` (from 0) is given. */
export function adamwStep(
  { h, m, v }: RowState,
  g: ArrayLike<number> | undefined,
  { lr, weightDecay, beta1, beta2, eps }: AdamWNumbers,
  step?: number,
): void {
  const [first, second] = step === undefined ? [1, 1] : [1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1)];
  for (let i = 0; i < h.length; i++) {
    const gradient = g?.[i] ?? 0;
    h[i]! *= 1 - lr * weightDecay;
    m[i] = beta1 * m[i]! + (1 - beta1) * gradient;
    v[i] = beta2 * v[i]! + (1 - beta2) * gradient * gradient;
    const root = Math.sqrt(v[i]! / second) + eps;
    if (root > 0) h[i]! -= lr * (m[i]! / first) / root;
  }
}

/** t steps of which only the first has a gradient, behind `before` steps when bias correction is wanted. */
export function sequentialVisit(
  row: RowState,
  g: ArrayLike<number>,
  t: number,
  numbers: AdamWNumbers,
  before?: number,
): void {
  for (let j = 0; j < t; j++) {
    adamwStep(row, j === 0 ? g : undefined, numbers, before === undefined ? undefined : before + j);
  }
}

/** Four ways to misread the published update. */
export const WRONG_UPDATES = {
  "m from before the real step": { m: "before" },
  "m after its decay": { m: "decayed" },
  "alpha2 without its factor mu": { withoutMu: true },
  "exponents t instead of t - 1": { extra: 1 },
} as const satisfies Record<string, Misreading>;

export interface Misreading {
  readonly m?: "before" | "decayed";
  readonly withoutMu?: boolean;
  readonly extra?: number;
}

/** The closed form with something changed, in place: one real step, then t - 1 without gradient. */
export function misreadVisit(
  row: RowState,
  g: ArrayLike<number>,
  t: number,
  numbers: AdamWNumbers,
  { m: which, withoutMu, extra = 0 }: Misreading = {},
): void {
  const earlier = row.m.slice();
  adamwStep(row, g, numbers);
  const n = t - 1 + extra;
  const { lr, weightDecay, beta1, beta2, eps } = numbers;
  const mu = beta1 / Math.sqrt(beta2);
  const size = lr * decayingSum(1 - lr * weightDecay, mu, n) / (withoutMu ? mu : 1);
  const m = which === "before" ? earlier : row.m.map((x) => which === "decayed" ? x * beta1 ** n : x);
  advance({ ...row, m }, { shrink: (1 - lr * weightDecay) ** n, size, mean: 1, square: 1, eps });
  row.m.forEach((x, i) => row.m[i] = x * beta1 ** n);
  row.v.forEach((x, i) => row.v[i] = x * beta2 ** n);
}

/** A linear encoder with one head row per image, trained on the cross-entropy over the batch's rows. */
export interface LinearTask {
  readonly images: number;
  readonly batch: number;
  readonly inputs: number;
  readonly features: number;
  readonly epochs: number;
  readonly smoothing: number;
}

/** How head rows move: every row in every step, or the visited ones by a plan. */
export type HeadUpdate = { readonly kind: "dense" } | { readonly kind: "rows"; readonly plan: MultistepPlan };

/** Image numbers of every step. Rows that drop out of a ragged last batch are not visited. */
export function batchOrder(
  { images, batch, epochs }: LinearTask,
  order: "cyclic" | "reshuffled",
): number[][] {
  return Array.from({ length: epochs }, (_, epoch) => {
    const all = [...permutation(images, 2, order === "cyclic" ? 0 : epoch)];
    return Array.from(
      { length: Math.floor(images / batch) },
      (_, b) => all.slice(b * batch, (b + 1) * batch),
    );
  }).flat();
}

/** The trained encoder, (inputs x features) row-major. The same start and data for every update. */
export function trainLinearHead(
  task: LinearTask,
  order: readonly (readonly number[])[],
  numbers: AdamWNumbers,
  update: HeadUpdate,
): Float64Array {
  const { images, inputs, features } = task;
  const stream = new PhiloxStream([4, 0]);
  const normal = (count: number, by: number) =>
    Float64Array.from({ length: count }, () => by * stream.normal());
  const fresh = (h: Float64Array): RowState => ({
    h,
    m: new Float64Array(h.length),
    v: new Float64Array(h.length),
  });
  const x = Array.from({ length: images }, () => normal(inputs, 1));
  const encoder = fresh(normal(inputs * features, inputs ** -0.5));
  const head = Array.from({ length: images }, () => fresh(normal(features, features ** -0.5)));
  const lastVisit = new Int32Array(images).fill(-1);
  order.forEach((batch, step) => {
    if (update.kind === "rows") {
      for (const i of batch) advance(head[i]!, update.plan.before(step, lastVisit[i]!));
    }
    const { byEncoder, byRow } = batchGradient(
      batch.map((i) => x[i]!),
      encoder.h,
      batch.map((i) => head[i]!.h),
      task.smoothing,
    );
    adamwStep(encoder, byEncoder, numbers);
    if (update.kind === "dense") {
      head.forEach((row, i) => adamwStep(row, byRow[batch.indexOf(i)], numbers));
      return;
    }
    batch.forEach((i, b) => {
      const row = head[i]!;
      row.m.forEach((m, c) => row.m[c] = numbers.beta1 * m + (1 - numbers.beta1) * byRow[b]![c]!);
      row.v.forEach((v, c) => row.v[c] = numbers.beta2 * v + (1 - numbers.beta2) * byRow[b]![c]! ** 2);
      advance(row, update.plan.after(step));
      lastVisit[i] = step;
    });
  });
  return encoder.h;
}

/** Gradients of the smoothed cross-entropy of logits Z H^T against the diagonal, mean over the batch. */
function batchGradient(
  x: readonly Float64Array[],
  w: Float64Array,
  head: readonly Float64Array[],
  smoothing: number,
): { byEncoder: Float64Array; byRow: Float64Array[] } {
  const B = x.length, m = head[0]!.length;
  const byEncoder = new Float64Array(w.length);
  const byRow = head.map(() => new Float64Array(m));
  x.forEach((image, b) => {
    const z = new Float64Array(m);
    image.forEach((pixel, i) => z.forEach((_, c) => z[c]! += pixel * w[i * m + c]!));
    const logits = head.map((h) => h.reduce((s, v, c) => s + v * z[c]!, 0));
    const top = Math.max(...logits);
    const mass = logits.map((o) => Math.exp(o - top));
    const total = mass.reduce((s, e) => s + e, 0);
    const byZ = new Float64Array(m);
    head.forEach((h, j) => {
      const target = smoothing / B + (j === b ? 1 - smoothing : 0);
      const d = (mass[j]! / total - target) / B;
      for (let c = 0; c < m; c++) {
        byZ[c]! += d * h[c]!;
        byRow[j]![c]! += d * z[c]!;
      }
    });
    image.forEach((pixel, i) => byZ.forEach((d, c) => byEncoder[i * m + c]! += pixel * d));
  });
  return { byEncoder, byRow };
}
