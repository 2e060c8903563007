/** Rows brought to length one. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/l2.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("l2", source);

/** x / max(|x|, eps) of each row of [N, D], as PyTorch's `normalize`. Backward keeps the result and the lengths. */
export function l2Normalise(t: Trace, x: Value, { eps = 1e-12 }: { readonly eps?: number } = {}): Value {
  requireShape(x.shape.length === 2, "normalise", "the shape must be [N, D]", x);
  const [rows, columns] = x.shape as [number, number];
  const y = t.value(x.shape, `l2(${x.label})`);
  const lengths = t.value([rows], `lengths(${x.label})`);
  const shared = { kernel, uniform: { rows, columns, eps }, workgroups: grid(rows) };
  t.program.dispatch({
    ...shared,
    entry: "forward",
    label: y.label,
    read: { x },
    write: { y, lengths },
    flops: 3 * x.size,
  });
  t.record("l2Normalise", [x], [y], {
    vjp: ([dy]) => {
      const dx = t.value(x.shape, `d ${x.label}`);
      t.program.dispatch({
        ...shared,
        entry: "backward",
        label: dx.label,
        read: { y, lengths, dy: dy! },
        write: { dx },
        flops: 5 * x.size,
      });
      return [dx];
    },
    reference: ([x]) => {
      const norms = Array.from(
        { length: rows },
        (_, i) => Math.hypot(...x!.subarray(i * columns, (i + 1) * columns)),
      );
      return [x!.map((v, i) => v / Math.max(norms[Math.floor(i / columns)]!, eps))];
    },
  });
  return y;
}
