/** Losses: softmax cross-entropy with hard, smoothed or soft targets, and the mean squared error. */
import { Kernel } from "../../gpu/kernel.ts";
import { rootOf } from "../../gpu/value.ts";
import lossSource from "../../kernels.wgsl/loss.wgsl" with { type: "text" };
import mseSource from "../../kernels.wgsl/mse.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { copy } from "./elementwise.ts";
import { grid } from "./grid.ts";
import { mean, sum } from "./reduce.ts";
import { logSoftmaxRows, rowThreads } from "./softmax.ts";

const lossKernel = new Kernel("loss", lossSource);
const mseKernel = new Kernel("mse", mseSource);

/** Elements one workgroup of mse.wgsl adds; SPAN there. */
const SPAN = 4096;

export interface CrossEntropyOptions {
  /** s in the target (1 - s) onehot + s / columns. */
  readonly smoothing?: number;
}

interface RowLoss {
  readonly x: Value;
  readonly aim: Record<string, Value>;
  readonly kept: Value;
  readonly smoothing: number;
}

function recordRows(t: Trace, entry: "hard" | "soft", loss: Value, r: RowLoss): void {
  const [rows, columns] = r.x.shape as [number, number];
  t.program.dispatch({
    kernel: lossKernel,
    entry,
    label: loss.label,
    read: { x: r.x, ...r.aim },
    write: { loss, kept: r.kept },
    uniform: { rows, columns, smoothing: r.smoothing },
    overrides: { THREADS: rowThreads(columns) },
    workgroups: grid(rows),
    flops: 6 * r.x.size,
  });
}

function recordVjp(
  t: Trace,
  entry: "hard_vjp" | "soft_vjp" | "targets_vjp",
  dloss: Value,
  { x, aim, kept, smoothing }: RowLoss,
): Value {
  const result = t.value(x.shape, `d ${entry === "targets_vjp" ? aim.targets!.label : x.label}`);
  t.program.dispatch({
    kernel: lossKernel,
    entry,
    label: result.label,
    read: { x, kept, dloss, ...(entry !== "targets_vjp" && aim) },
    write: entry === "targets_vjp" ? { dtargets: result } : { dx: result },
    uniform: { rows: x.shape[0]!, columns: x.shape[1]!, smoothing },
    overrides: { THREADS: 64 },
    workgroups: grid(Math.ceil(x.size / 64)),
    flops: 5 * x.size,
  });
  return result;
}

/**
 * Cross-entropy of every row [N] of logits [N, C] against labels, u32 [N], smaller than C: a label past the columns
 * makes its loss NaN.
 */
export function crossEntropyRows(
  t: Trace,
  logits: Value,
  labels: Value,
  { smoothing = 0 }: CrossEntropyOptions = {},
): Value {
  const [rows, columns] = logits.shape;
  requireShape(
    logits.shape.length === 2 && labels.shape.length === 1 && labels.size === rows && labels.dtype === "u32",
    "take the cross-entropy of",
    "logits must be [N, C] and labels u32 [N]",
    logits,
    labels,
  );
  const loss = t.value([rows!], `cross-entropy(${logits.label})`);
  const r = {
    x: logits,
    aim: { labels },
    kept: t.value([rows!, 3], `normaliser(${logits.label})`),
    smoothing,
  };
  recordRows(t, "hard", loss, r);
  t.record("crossEntropyRows", [logits, labels], [loss], {
    vjp: ([dloss], needs) => [needs[0] ? recordVjp(t, "hard_vjp", dloss!, r) : undefined],
    reference: ([x, labels]) => {
      const log = logSoftmaxRows(x!, columns!);
      const even = Float64Array.from(
        labels!,
        (_, i) => log.subarray(i * columns!, (i + 1) * columns!).reduce((a, b) => a + b, 0) / columns!,
      );
      return [
        Float64Array.from(
          labels!,
          (label, i) => -(1 - smoothing) * (log[i * columns! + label] ?? NaN) - smoothing * even[i]!,
        ),
      ];
    },
  });
  return loss;
}

/** Cross-entropy of every row [N] of logits [N, C] against target weights [N, C]: -sum_j t_j log softmax_j. */
export function crossEntropyRowsSoft(t: Trace, logits: Value, targets: Value): Value {
  const [rows, columns] = logits.shape;
  requireShape(
    logits.shape.length === 2 && String(logits.shape) === String(targets.shape),
    "take the cross-entropy of",
    "logits and targets must both be [N, C]",
    logits,
    targets,
  );
  if (rootOf(targets) === rootOf(logits)) targets = copy(t, targets);
  const loss = t.value([rows!], `cross-entropy(${logits.label})`);
  const kept = t.value([rows!, 3], `normaliser(${logits.label})`);
  const r = { x: logits, aim: { targets }, kept, smoothing: 0 };
  recordRows(t, "soft", loss, r);
  t.record("crossEntropyRowsSoft", [logits, targets], [loss], {
    vjp: ([dloss], needs) => [
      needs[0] ? recordVjp(t, "soft_vjp", dloss!, r) : undefined,
      needs[1] ? recordVjp(t, "targets_vjp", dloss!, r) : undefined,
    ],
    reference: ([x, targets]) => {
      const log = logSoftmaxRows(x!, columns!);
      const loss = new Float64Array(rows!);
      targets!.forEach((w, i) => loss[Math.floor(i / columns!)]! -= w * log[i]!);
      return [loss];
    },
  });
  return loss;
}

/** Mean over rows of the cross-entropy against labels, shape [1]. See `crossEntropyRows`. */
export function softmaxCrossEntropy(
  t: Trace,
  logits: Value,
  labels: Value,
  options: CrossEntropyOptions = {},
): Value {
  return mean(t, crossEntropyRows(t, logits, labels, options));
}

/** Mean over rows of the cross-entropy against target weights, shape [1]. See `crossEntropyRowsSoft`. */
export function softmaxCrossEntropySoft(t: Trace, logits: Value, targets: Value): Value {
  return mean(t, crossEntropyRowsSoft(t, logits, targets));
}

/** Mean over all elements of (a - b)^2, shape [1]. */
export function mse(t: Trace, a: Value, b: Value): Value {
  requireShape(
    String(a.shape) === String(b.shape),
    "take the squared error of",
    "shapes must be equal",
    a,
    b,
  );
  if (rootOf(a) === rootOf(b)) b = copy(t, b);
  const spans = Math.ceil(a.size / SPAN);
  const y = t.value([spans], `|${a.label} - ${b.label}|^2`);
  t.program.dispatch({
    kernel: mseKernel,
    entry: "squares",
    label: y.label,
    read: { a, b },
    write: { y },
    uniform: { n: a.size, s: 1 },
    workgroups: grid(spans),
    flops: 3 * a.size,
  });
  const difference = (dy: Value, s: number, label: string): Value => {
    const result = t.value(a.shape, `d ${label}`);
    t.program.dispatch({
      kernel: mseKernel,
      entry: "difference",
      label: result.label,
      read: { a, b, dy },
      write: { y: result },
      uniform: { n: a.size, s },
      workgroups: grid(Math.ceil(a.size / 64)),
      flops: 3 * a.size,
    });
    return result;
  };
  t.record("squaredError", [a, b], [y], {
    vjp: ([dy], needs) => [
      needs[0] ? difference(dy!, 2, a.label) : undefined,
      needs[1] ? difference(dy!, -2, b.label) : undefined,
    ],
    reference: ([a, b]) => {
      const sums = new Float64Array(spans);
      a!.forEach((v, i) => sums[Math.floor(i / SPAN)]! += (v - b![i]!) ** 2);
      return [sums];
    },
  });
  return sum(t, y, 1 / a.size);
}
