/** A vector added to every row, and its gradient: column sums in a fixed order. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/bias.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("bias", source);
const WORKGROUP = 64;
/** Rows that one thread adds; longer columns take several passes. */
const SPAN = 64;

/** Elements per thread, and the header that says so. */
function packing(n: number): { readonly lanes: number; readonly header: { readonly element: string } } {
  return n % 4 === 0 ? { lanes: 4, header: { element: "vec4f" } } : { lanes: 1, header: { element: "f32" } };
}

/** x [..., n] + b [n]. */
export function addBias(t: Trace, x: Value, b: Value): Value {
  const n = x.shape.at(-1)!;
  requireShape(
    b.shape.length === 1 && b.shape[0] === n,
    "add bias to",
    "the bias must be a vector as long as the last dimension",
    x,
    b,
  );
  const label = `${x.label} + ${b.label}`;
  const y = t.value(x.shape, label);
  const { lanes, header } = packing(n);
  const [width, height] = grid(Math.ceil(y.size / lanes / WORKGROUP));
  t.program.dispatch({
    kernel,
    entry: "add",
    label,
    read: { x, b },
    write: { y },
    header,
    uniform: { rows: x.size / n, n: n / lanes, span: 1, width: width * WORKGROUP },
    workgroups: [width, height],
    cheap: true,
    flops: y.size,
  });
  t.record("addBias", [x, b], [y], {
    vjp: ([dy], needs) => [dy, needs[1] ? columnSums(t, dy!, `d ${b.label}`) : undefined],
    reference: ([x, b]) => [x!.map((v, i) => v + b![i % n]!)],
  });
  return y;
}

/** Sums of the columns of x [..., n]: [n]. Blocks of 64 rows are summed in order, then blocks of those. */
function columnSums(t: Trace, x: Value, label: string): Value {
  const n = x.shape.at(-1)!;
  const { lanes, header } = packing(n);
  let rows = x.size / n;
  do {
    const blocks = Math.ceil(rows / SPAN);
    const y = t.value(blocks === 1 ? [n] : [blocks, n], label);
    const [width, height] = grid(Math.ceil(y.size / lanes / WORKGROUP));
    t.program.dispatch({
      kernel,
      entry: "column_sums",
      label,
      read: { x },
      write: { y },
      header,
      uniform: { rows, n: n / lanes, span: SPAN, width: width * WORKGROUP },
      workgroups: [width, height],
      flops: rows * n,
    });
    x = y;
    rows = blocks;
  } while (rows > 1);
  return x;
}
