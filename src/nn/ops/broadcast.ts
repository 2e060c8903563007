/**
 * Matrices [N, D] against vectors: sums and means over an axis, and a vector added to, subtracted from or multiplied into
 * every row (axis 0, v [D]) or every column (axis 1, v [N]). An axis is the one that a sum removes.
 */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/broadcast.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { multiply } from "./elementwise.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("broadcast", source);

/** Most rows one workgroup adds. */
const SPAN = 128;
const MAX_WORKGROUPS = 65535;

export type Axis = 0 | 1;

/** y = x op v over a whole matrix. */
function pointwise(
  t: Trace,
  entry: "add" | "multiply" | "spread",
  label: string,
  shape: readonly number[],
  x: Value | undefined,
  v: Value,
  axis: Axis,
  s: number,
): Value {
  const y = t.value(shape, label);
  t.program.dispatch({
    kernel,
    entry,
    label,
    read: { ...(x && { x }), v },
    write: { y },
    uniform: { rows: shape[0]!, columns: shape[1]!, span: 0, s },
    header: { BY_ROW: axis },
    workgroups: grid(Math.ceil(y.size / 64)),
    cheap: true,
    flops: y.size,
  });
  return y;
}

function reduceAxis(t: Trace, x: Value, axis: Axis, factor: number): Value {
  const label = `sum(${x.label}, axis ${axis})`;
  const [rows, columns] = x.shape as [number, number];
  if (axis === 1) {
    const y = t.value([rows], label);
    t.program.dispatch({
      kernel,
      entry: "sum_rows",
      label,
      read: { x },
      write: { y },
      uniform: { rows, columns, span: 0, s: factor },
      workgroups: grid(rows),
      flops: x.size,
    });
    return y;
  }
  // Spans of rows, then spans of their sums, until one row is left; the factor is applied in the first pass.
  for (let s = factor, from = x;; s = 1) {
    const count = from.shape.length === 1 ? 1 : from.shape[0]!;
    const span = Math.max(SPAN, Math.ceil(count / MAX_WORKGROUPS));
    const splits = Math.ceil(count / span);
    const y = t.value(splits === 1 ? [columns] : [splits, columns], label);
    t.program.dispatch({
      kernel,
      entry: "sum_columns",
      label,
      read: { x: from },
      write: { y },
      uniform: { rows: count, columns, span, s },
      workgroups: [Math.ceil(columns / 64), splits],
      flops: count * columns,
    });
    if (splits === 1) return y;
    from = y;
  }
}

/** Sum over an axis of x [N, D] times a constant: [D] for axis 0, [N] for axis 1. */
export function sumAxis(t: Trace, x: Value, axis: Axis, factor = 1): Value {
  requireShape(x.shape.length === 2, "sum", "the shape must be [N, D]", x);
  const y = reduceAxis(t, x, axis, factor);
  const columns = x.shape[1]!;
  t.record("sumAxis", [x], [y], {
    vjp: ([dy]) => [pointwise(t, "spread", `d ${x.label}`, x.shape, undefined, dy!, axis, factor)],
    reference: ([x]) => {
      const sums = new Float64Array(y.size);
      x!.forEach((v, i) => sums[axis === 0 ? i % columns : Math.floor(i / columns)]! += factor * v);
      return [sums];
    },
  });
  return y;
}

/** Mean over an axis of x [N, D]. */
export function meanAxis(t: Trace, x: Value, axis: Axis): Value {
  return sumAxis(t, x, axis, 1 / x.shape[axis]!);
}

/** x less the mean of every column. */
export function centreColumns(t: Trace, x: Value): Value {
  return broadcastSubtract(t, x, meanAxis(t, x, 0), 0);
}

function requireVector(what: string, x: Value, v: Value, axis: Axis): void {
  requireShape(
    x.shape.length === 2 && v.shape.length === 1 && v.size === x.shape[1 - axis],
    what,
    `a matrix [N, D] and a vector [${axis === 0 ? "D" : "N"}] are needed for axis ${axis}`,
    x,
    v,
  );
}

function addScaled(t: Trace, op: string, x: Value, v: Value, axis: Axis, s: 1 | -1): Value {
  requireVector(s === 1 ? "add" : "subtract", x, v, axis);
  const columns = x.shape[1]!;
  const y = pointwise(t, "add", `${x.label} ${s === 1 ? "+" : "-"} ${v.label}`, x.shape, x, v, axis, s);
  t.record(op, [x, v], [y], {
    vjp: ([dy], needs) => [dy, needs[1] ? reduceAxis(t, dy!, axis, s) : undefined],
    reference: (
      [x, v],
    ) => [x!.map((a, i) => a + s * v![axis === 0 ? i % columns : Math.floor(i / columns)]!)],
  });
  return y;
}

/** x + v. */
export function broadcastAdd(t: Trace, x: Value, v: Value, axis: Axis): Value {
  return addScaled(t, "broadcastAdd", x, v, axis, 1);
}

/** x - v. */
export function broadcastSubtract(t: Trace, x: Value, v: Value, axis: Axis): Value {
  return addScaled(t, "broadcastSubtract", x, v, axis, -1);
}

/** x times v. */
export function broadcastMultiply(t: Trace, x: Value, v: Value, axis: Axis): Value {
  requireVector("multiply", x, v, axis);
  const columns = x.shape[1]!;
  const y = pointwise(t, "multiply", `${x.label} * ${v.label}`, x.shape, x, v, axis, 1);
  t.record("broadcastMultiply", [x, v], [y], {
    vjp: ([dy], needs) => [
      needs[0] ? pointwise(t, "multiply", `d ${x.label}`, x.shape, dy!, v, axis, 1) : undefined,
      needs[1] ? reduceAxis(t, multiply(t, dy!, x), axis, 1) : undefined,
    ],
    reference: ([x, v]) => [x!.map((a, i) => a * v![axis === 0 ? i % columns : Math.floor(i / columns)]!)],
  });
  return y;
}
