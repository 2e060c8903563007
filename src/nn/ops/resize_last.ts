/** Cuts the last dimension or fills it up with zeros: how kernels that work on whole vec4s meet other sizes. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/resize_last.wgsl" with { type: "text" };
import type { Trace, Value } from "../trace.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("resize_last", source);
const WORKGROUP = 64;

/** x [..., n] as [..., to]: the first `to` of each row, zeros behind the n-th. */
export function resizeLast(t: Trace, x: Value, to: number): Value {
  const n = x.shape.at(-1)!;
  if (n === to) return x;
  const label = `${x.label} to ${to}`;
  const y = t.value([...x.shape.slice(0, -1), to], label);
  const rows = x.size / n;
  const [width, height] = grid(Math.ceil(y.size / WORKGROUP));
  t.program.dispatch({
    kernel,
    label,
    read: { x },
    write: { y },
    uniform: { rows, n, to, width: width * WORKGROUP },
    workgroups: [width, height],
    cheap: true,
  });
  t.record("resizeLast", [x], [y], {
    vjp: ([dy]) => [resizeLast(t, dy!, n)],
    reference: ([x]) => [Float64Array.from({ length: rows * to }, (_, i) => {
      const j = i % to;
      return j < n ? x![Math.floor(i / to) * n + j]! : 0;
    })],
  });
  return y;
}
