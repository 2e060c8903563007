/** Backward pass of batch normalisation: at most three dispatches for dx, dgamma, dbeta and the residual's cotangent. */
import { AssayError } from "../../base/error.ts";
import { Kernel } from "../../gpu/kernel.ts";
import { rootOf } from "../../gpu/value.ts";
import apply from "../../kernels.wgsl/norm_vjp_apply.wgsl" with { type: "text" };
import sums from "../../kernels.wgsl/norm_vjp.wgsl" with { type: "text" };
import type { Trace, Value } from "../trace.ts";
import { dispatchOver, type RowLayout, spansOf } from "./norm_layout.ts";

const sumsKernel = new Kernel("norm_vjp", sums);
const applyKernel = new Kernel("norm_vjp_apply", apply);

/** Enough workgroups to fill a large GPU. */
const WORKGROUPS = 2048;
/** Rows a thread of the sums kernel adds at least. */
const CHUNK = 16;

/** What the backward pass knows of the forward pass. */
export interface NormForward {
  readonly x: Value;
  readonly y: Value;
  readonly gamma: Value;
  readonly beta: Value;
  readonly mean: Value;
  readonly variance: Value;
  readonly residual: Value | undefined;
  readonly layout: RowLayout;
  readonly eps: number;
  readonly relu: boolean;
  /** Statistics are stored ones: constants of the derivative. */
  readonly stored: boolean;
}

/** Cotangents of x, gamma, beta and, where there is one, the residual. */
export function normVjp(
  t: Trace,
  f: NormForward,
  dy: Value,
  needs: readonly boolean[],
): readonly (Value | undefined)[] {
  const [needX, needGamma, needBeta] = needs;
  if (f.stored) rejectChanged(t, f);
  const masked = f.relu && f.residual !== undefined;
  let dz = dy;
  let dgamma: Value | undefined, dbeta: Value | undefined;
  if (masked || needGamma || needBeta || (needX && !f.stored)) {
    if (masked) dz = t.value(f.x.shape, `d ${f.y.label} masked`);
    [dbeta, dgamma] = sumRows(t, f, dy, masked ? dz : undefined);
  }
  const dx = needX ? applyRows(t, f, dz, dbeta, dgamma) : undefined;
  // z = gamma xhat + beta + residual: the residual's cotangent is dz itself.
  return [dx, dgamma, dbeta, ...(f.residual ? [dz] : [])];
}

/** dbeta = sum dz and dgamma = sum dz xhat, each [C]; writes dz on the way where the mask comes from y. */
function sumRows(t: Trace, f: NormForward, dy: Value, dz: Value | undefined): readonly [Value, Value] {
  const { x, y, gamma, beta, mean, variance, layout, eps } = f;
  const { rows, channels, vectors, lanes, deep } = layout;
  const { span, splits } = spansOf(layout, deep * CHUNK, WORKGROUPS);
  const pair = (n: number): readonly [Value, Value] => [
    t.value(n === 1 ? beta.shape : [n, channels], `d ${beta.label}`),
    t.value(n === 1 ? gamma.shape : [n, channels], `d ${gamma.label}`),
  ];
  const [dbeta, dgamma] = pair(splits);
  const uniform = { rows, vectors, lanes, deep, span, splits, eps };
  t.program.dispatch({
    kernel: sumsKernel,
    entry: dz ? "reduce_masked" : "reduce",
    label: `d bn(${x.label}) sums`,
    read: { x, dy, mean, variance, ...(dz ? { y } : { gamma, beta }) },
    write: { dbeta, dgamma, ...(dz && { dz }) },
    uniform,
    header: { ...layout.header, RELU: f.relu && !dz ? 1 : 0 },
    workgroups: [layout.blocks, splits],
    flops: 5 * x.size,
  });
  if (splits === 1) return [dbeta, dgamma];
  const total = pair(1);
  t.program.dispatch({
    kernel: sumsKernel,
    entry: "finalise",
    label: `d bn(${x.label}) sums merged`,
    read: { part_beta: dbeta, part_gamma: dgamma },
    write: { dbeta: total[0], dgamma: total[1] },
    uniform,
    header: layout.header,
    workgroups: [Math.ceil(vectors / 4)],
    flops: 2 * splits * channels,
  });
  return total;
}

function applyRows(t: Trace, f: NormForward, dy: Value, dbeta?: Value, dgamma?: Value): Value {
  const { x, gamma, beta, mean, variance, layout, eps } = f;
  const dx = t.value(x.shape, `d ${x.label}`);
  dispatchOver(t, layout, {
    kernel: applyKernel,
    entry: f.stored ? "stored" : "batch",
    label: dx.label,
    read: { x, dy, mean, variance, gamma, beta, ...(!f.stored && { dbeta: dbeta!, dgamma: dgamma! }) },
    write: { dx },
    uniform: { eps },
    header: { RELU: f.relu && !f.residual ? 1 : 0 },
    flops: 6 * x.size,
  });
  return dx;
}

/** The backward pass reads the stored statistics again, so nothing may have changed them since. */
function rejectChanged(t: Trace, f: NormForward): void {
  const used = [rootOf(f.mean), rootOf(f.variance)];
  const at = t.producer(f.y)!.end;
  const change = t.program.dispatches.slice(at).find((d) =>
    [...d.update.values()].some((v) => used.includes(v))
  );
  if (change) {
    throw new AssayError(
      `Cannot differentiate "${f.y.label}": its stored statistics must not change between forward and backward pass, "${change.label}" changes them; differentiate first or use mode "frozen".`,
    );
  }
}
