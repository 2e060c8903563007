/**
 * A linear encoder with a row of head per image, trained in plain f64: once with a dense head, whose every row takes an
 * AdamW step in every step, and once with rows that move only when visited. What the multistep update must reproduce.
 */
import { permutation, PhiloxStream } from "../../src/base/random.ts";
import { absorb, advance, type Multistep, MultistepPlan, type RowState } from "../../src/nn/multistep.ts";
import { scheduleAt } from "../../src/nn/schedules.ts";

export interface LinearTask {
  readonly images: number;
  readonly batch: number;
  readonly inputs: number;
  readonly features: number;
  readonly epochs: number;
  readonly smoothing: number;
  /** Images, (images, inputs). */
  readonly x: Float64Array;
  /** Encoder at the start, (inputs, features). */
  readonly w: Float64Array;
  /** Head at the start, (images, features). */
  readonly head: Float64Array;
}

export function linearTask(inputs = 48, features = 8): LinearTask {
  const stream = new PhiloxStream([11, 0]);
  // Values exact in f32, so that a GPU starts from the same numbers.
  const normal = (size: number, deviation: number) =>
    Float64Array.from({ length: size }, () => Math.fround(stream.normal() * deviation));
  const images = 40;
  return {
    images,
    batch: 8,
    inputs,
    features,
    epochs: 30,
    smoothing: 0.1,
    x: normal(images * inputs, 1),
    w: normal(inputs * features, inputs ** -0.5),
    head: normal(images * features, features ** -0.5),
  };
}

/** Image numbers of every step: the same cycle each epoch, or another order each. */
export function orderOf({ images, batch, epochs }: LinearTask, shuffled: boolean): number[][] {
  const steps: number[][] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = [...permutation(images, 5, shuffled ? epoch : 0)];
    for (let at = 0; at + batch <= images; at += batch) steps.push(order.slice(at, at + batch));
  }
  return steps;
}

/** Gradients of the batch cross-entropy by encoder and rows, and the loss. */
function gradients(task: LinearTask, w: Float64Array, rows: readonly RowState[], batch: readonly number[]) {
  const { inputs: n, features: m, smoothing: s, x } = task;
  const size = batch.length;
  const z = batch.map((image) =>
    Float64Array.from({ length: m }, (_, c) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[image * n + i]! * w[i * m + c]!;
      return sum;
    })
  );
  const dw = new Float64Array(w.length);
  const dh = rows.map(() => new Float64Array(m));
  let loss = 0;
  batch.forEach((image, b) => {
    const logits = rows.map(({ h }) => h.reduce((sum, v, c) => sum + v * z[b]![c]!, 0));
    const top = Math.max(...logits);
    const mass = logits.reduce((sum, v) => sum + Math.exp(v - top), 0);
    const dz = new Float64Array(m);
    rows.forEach(({ h }, j) => {
      const target = s / size + (j === b ? 1 - s : 0);
      const log = logits[j]! - top - Math.log(mass);
      loss -= target * log / size;
      const d = (Math.exp(log) - target) / size;
      for (let c = 0; c < m; c++) {
        dz[c]! += d * h[c]!;
        dh[j]![c]! += d * z[b]![c]!;
      }
    });
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < m; c++) dw[i * m + c]! += x[image * n + i]! * dz[c]!;
    }
  });
  return { loss, dw, dh };
}

const fresh = (h: Float64Array): RowState => ({
  h: h.slice(),
  m: new Float64Array(h.length),
  v: new Float64Array(h.length),
});

function sequential(row: RowState, g: ArrayLike<number>, plan: MultistepPlan, step: number): void {
  absorb(row, g, plan.beta1, plan.beta2);
  const lr = scheduleAt(plan.spec.lr, step);
  const root = plan.spec.biasCorrection ? Math.sqrt(1 - plan.beta2 ** (step + 1)) : 1;
  const scale = plan.spec.biasCorrection ? root / (1 - plan.beta1 ** (step + 1)) : 1;
  const eps = plan.eps * root;
  advance(row, { shrink: 1 - lr * plan.spec.weightDecay, size: lr * scale, mean: 1, square: 1, eps });
}

export interface Trained {
  readonly w: Float64Array;
  readonly losses: readonly number[];
  readonly rows: readonly RowState[];
}

/** Trains with rows updated by `plan`, or with the dense head, the same numbers in every step for every row. */
export function trainLinear(
  task: LinearTask,
  order: readonly (readonly number[])[],
  spec: Multistep,
  dense: boolean,
): Trained {
  const plan = new MultistepPlan(spec);
  const m = task.features;
  const rows = Array.from({ length: task.images }, (_, i) => fresh(task.head.subarray(i * m, i * m + m)));
  const lastVisit = new Int32Array(task.images).fill(-1);
  const encoder = fresh(task.w);
  const losses: number[] = [];
  const nothing = new Float64Array(m);
  order.forEach((batch, step) => {
    if (!dense) batch.forEach((image) => advance(rows[image]!, plan.before(step, lastVisit[image]!)));
    const { loss, dw, dh } = gradients(task, encoder.h, batch.map((image) => rows[image]!), batch);
    losses.push(loss);
    sequential(encoder, dw, plan, step);
    if (dense) {
      rows.forEach((row, image) => {
        const b = batch.indexOf(image);
        sequential(row, b < 0 ? nothing : dh[b]!, plan, step);
      });
    } else {
      batch.forEach((image, b) => {
        absorb(rows[image]!, dh[b]!, plan.beta1, plan.beta2);
        advance(rows[image]!, plan.after(step));
        lastVisit[image] = step;
      });
    }
  });
  return { w: encoder.h, losses, rows };
}

/** |a - b| / |b|. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0, norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
