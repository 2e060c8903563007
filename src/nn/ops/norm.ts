/**
 * Batch normalisation (Ioffe & Szegedy, 2015) over all but the last dimension, fused with a residual add and ReLU. The
 * backward pass keeps the input, two vectors of statistics and, behind a residual, the output for its sign.
 */
import { AssayError } from "../../base/error.ts";
import { Kernel } from "../../gpu/kernel.ts";
import { rootOf } from "../../gpu/value.ts";
import apply from "../../kernels.wgsl/norm_apply.wgsl" with { type: "text" };
import statistics from "../../kernels.wgsl/norm.wgsl" with { type: "text" };
import { guardFlag } from "../guard.ts";
import { requireShape, type Trace, type Value } from "../trace.ts";
import { copy, fill } from "./elementwise.ts";
import { dispatchOver, layoutOf, type RowLayout, spansOf } from "./norm_layout.ts";
import { normReference } from "./norm_reference.ts";
import { normVjp } from "./norm_vjp.ts";

const statisticsKernel = new Kernel("norm", statistics);
const applyKernel = new Kernel("norm_apply", apply);

/** Rows a thread of the statistics kernel sums about one shift; CHUNK in norm.wgsl. */
const CHUNK = 16;
/** Enough workgroups to fill a large GPU; more would only lengthen the merge. */
const WORKGROUPS = 2048;

/** How batch norm behaves: batch statistics, stored statistics, or batch statistics that leave the stored ones alone. */
export type Mode = "train" | "eval" | "frozen";

/** Tensors of one batch norm, each [C]. Without gamma the scale is 1, without beta the offset 0. */
export interface NormTensors {
  readonly gamma?: Value;
  readonly beta?: Value;
  /** Needed in modes "train" and "eval". */
  readonly runningMean?: Value;
  readonly runningVariance?: Value;
}

export interface NormOptions {
  /** "train": batch statistics, stored ones updated; "eval": stored ones; "frozen": batch statistics alone. */
  readonly mode: Mode;
  readonly eps?: number;
  /** Share of the batch in the running statistics. */
  readonly momentum?: number;
  readonly relu?: boolean;
  /** Added before the ReLU; the shape of x. */
  readonly residual?: Value | undefined;
}

/** Name of the effect that updates running statistics. */
export const STATISTICS_EFFECT = "bn-statistics";

/**
 * y = act(gamma (x - mean) / sqrt(variance + eps) + beta + residual), x [..., C]. The variance that normalises is the
 * biased one, the running variance averages the unbiased one, as in PyTorch. Throws where batch statistics of one row
 * are asked for. The running statistics change at the end of the step (`Trace.recordLater`).
 */
export function batchNorm(t: Trace, x: Value, tensors: NormTensors, options: NormOptions): Value {
  const { mode, eps = 1e-5, momentum = 0.1, relu = false } = options;
  const channels = x.shape.at(-1)!;
  const layout = layoutOf(x.size / channels, channels);
  for (const v of [tensors.gamma, tensors.beta, tensors.runningMean, tensors.runningVariance]) {
    if (v) {
      requireShape(v.size === channels, "batch-normalise", `parameters must have ${channels} elements`, x, v);
    }
  }
  let residual = options.residual;
  if (residual) {
    requireShape(String(residual.shape) === String(x.shape), "add", "shapes must be equal", x, residual);
    if (rootOf(residual) === rootOf(x)) residual = copy(t, residual);
  }
  const name = tensors.gamma?.label ?? x.label;
  const gamma = tensors.gamma ?? fill(t, [channels], 1, `${name} scale`);
  const beta = tensors.beta ?? fill(t, [channels], 0, `${name} offset`);
  const [mean, variance] = mode === "eval"
    ? [required(tensors.runningMean, mode, x), required(tensors.runningVariance, mode, x)]
    : batchStatistics(t, x, layout);
  if (mode === "train") updateRunning(t, layout, x, mean, variance, tensors, momentum);

  const y = t.value(x.shape, `${relu ? "relu " : ""}bn(${x.label})`);
  dispatchOver(t, layout, {
    kernel: applyKernel,
    entry: residual ? "apply_residual" : "apply",
    label: y.label,
    read: { x, mean, variance, gamma, beta, ...(residual && { residual }) },
    write: { y },
    uniform: { eps },
    header: { RELU: relu ? 1 : 0 },
    cheap: true,
    flops: 3 * x.size,
  });
  const inputs = [
    x,
    gamma,
    beta,
    ...(residual ? [residual] : []),
    ...(mode === "eval" ? [mean, variance] : []),
  ];
  const stored = mode === "eval";
  const forward = { x, y, gamma, beta, mean, variance, residual, layout, eps, relu, stored };
  t.record("batchNorm", inputs, [y], {
    vjp: ([dy], needs) => normVjp(t, forward, dy!, needs),
    reference: (
      data,
    ) => [normReference(data, { channels, eps, relu, residual: residual !== undefined, stored })],
  });
  return y;
}

function required(value: Value | undefined, mode: Mode, x: Value): Value {
  if (value) return value;
  throw new AssayError(
    `Cannot batch-normalise ${x}: mode "${mode}" needs running statistics, none were given; pass runningMean and runningVariance or use mode "frozen".`,
  );
}

/** Mean and biased variance over rows, each [C]. */
function batchStatistics(t: Trace, x: Value, layout: RowLayout): readonly [Value, Value] {
  const { rows, channels, vectors } = layout;
  if (rows < 2) {
    throw new AssayError(
      `Cannot batch-normalise ${x}: batch statistics need at least 2 rows, current number is 1; use a larger batch or mode "eval".`,
    );
  }
  const { span, splits } = spansOf(layout, layout.deep * CHUNK, WORKGROUPS);
  const label = `statistics(${x.label})`;
  const pair = (n: number): readonly [Value, Value] => [
    t.value(n === 1 ? [channels] : [n, channels], `mean ${x.label}`),
    t.value(n === 1 ? [channels] : [n, channels], `variance ${x.label}`),
  ];
  const [mean, variance] = pair(splits);
  const uniform = { rows, vectors, lanes: layout.lanes, deep: layout.deep, span, splits, momentum: 0 };
  t.program.dispatch({
    kernel: statisticsKernel,
    entry: "statistics",
    label,
    read: { x },
    write: { mean, variance },
    uniform: { ...uniform, factor: splits === 1 ? 1 / rows : 1 },
    header: layout.header,
    workgroups: [layout.blocks, splits],
    flops: 4 * x.size,
  });
  if (splits === 1) return [mean, variance];
  const merged = pair(1);
  t.program.dispatch({
    kernel: statisticsKernel,
    entry: "finalise",
    label: `${label} merged`,
    read: { part_mean: mean, part_m2: variance },
    write: { mean: merged[0], variance: merged[1] },
    uniform: { ...uniform, factor: 1 / rows },
    header: layout.header,
    workgroups: [Math.ceil(vectors / 4)],
    flops: 8 * splits * channels,
  });
  return merged;
}

function updateRunning(
  t: Trace,
  layout: RowLayout,
  x: Value,
  mean: Value,
  variance: Value,
  tensors: NormTensors,
  momentum: number,
): void {
  const { rows, vectors, channels } = layout;
  const running_mean = required(tensors.runningMean, "train", x);
  const running_variance = required(tensors.runningVariance, "train", x);
  const uniform = {
    rows,
    vectors,
    lanes: 0,
    deep: 0,
    span: 0,
    splits: 0,
    momentum,
    factor: rows / (rows - 1),
  };
  // At the end of the step, behind the guard: a step that is not finite leaves the statistics alone too.
  t.later(() =>
    t.program.effect(STATISTICS_EFFECT, () =>
      t.program.dispatch({
        kernel: statisticsKernel,
        entry: "update",
        label: `running statistics(${x.label})`,
        read: { mean, variance, guard: guardFlag(t) },
        update: { running_mean, running_variance },
        uniform,
        header: layout.header,
        workgroups: [Math.ceil(vectors / 64)],
        flops: 7 * channels,
      }))
  );
}
