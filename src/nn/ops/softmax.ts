/** Softmax and log softmax of the rows of a matrix. Backward needs the output alone. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/softmax.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("softmax", source);

/** Threads of a workgroup that owns a row: long rows take more. */
export function rowThreads(columns: number): number {
  return columns > 4096 ? 256 : 64;
}

/** log softmax of each row in f64, for references. */
export function logSoftmaxRows(x: Float64Array, columns: number): Float64Array {
  const y = x.slice();
  for (let start = 0; start < x.length; start += columns) {
    const row = x.subarray(start, start + columns);
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const normaliser = Math.log(row.reduce((a, v) => a + Math.exp(v - largest), 0));
    row.forEach((v, j) => y[start + j] = v - largest - normaliser);
  }
  return y;
}

function rowwise(
  t: Trace,
  entry: string,
  like: Value,
  label: string,
  read: Record<string, Value>,
  name: string,
): Value {
  const [rows, columns] = like.shape as [number, number];
  const result = t.value(like.shape, label);
  t.program.dispatch({
    kernel,
    entry,
    label,
    read,
    write: { [name]: result },
    uniform: { rows, columns },
    overrides: { THREADS: rowThreads(columns) },
    workgroups: grid(rows),
    flops: 6 * like.size,
  });
  return result;
}

/** exp(x) / sum exp(x) over each row of [N, C]. */
export function softmax(t: Trace, x: Value): Value {
  requireShape(x.shape.length === 2, "take the softmax of", "the shape must be [N, C]", x);
  const y = rowwise(t, "softmax", x, `softmax(${x.label})`, { x }, "y");
  t.record("softmax", [x], [y], {
    vjp: ([dy]) => [rowwise(t, "softmax_vjp", x, `d ${x.label}`, { y, dy: dy! }, "dx")],
    reference: ([x]) => [logSoftmaxRows(x!, y.shape[1]!).map(Math.exp)],
  });
  return y;
}

/** x - log sum exp(x) over each row of [N, C]. */
export function logSoftmax(t: Trace, x: Value): Value {
  requireShape(x.shape.length === 2, "take the log softmax of", "the shape must be [N, C]", x);
  const y = rowwise(t, "log_softmax", x, `log softmax(${x.label})`, { x }, "y");
  t.record("logSoftmax", [x], [y], {
    vjp: ([dy]) => [rowwise(t, "log_softmax_vjp", x, `d ${x.label}`, { y, dy: dy! }, "dx")],
    reference: ([x]) => [logSoftmaxRows(x!, y.shape[1]!)],
  });
  return y;
}
