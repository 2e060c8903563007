/** Partial results of a split reduction, added in a fixed order. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/partials.wgsl" with { type: "text" };
import type { Trace, Value } from "../trace.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("partials", source);
const WORKGROUP = 64;

/** x [splits, ...shape] summed over its first dimension in order; the size of `shape` must be a multiple of 4. */
export function sumPartials(t: Trace, x: Value, shape: readonly number[], label: string): Value {
  const y = t.value(shape, label);
  const [width, height] = grid(Math.ceil(y.size / 4 / WORKGROUP));
  t.program.dispatch({
    kernel,
    label: `${label} (sum of partials)`,
    read: { x },
    write: { y },
    uniform: { n: y.size / 4, splits: x.shape[0]!, width: width * WORKGROUP },
    workgroups: [width, height],
    flops: x.size - y.size,
  });
  return y;
}
