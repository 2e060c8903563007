/** A column before a matrix: the positive's logit before those of the negatives. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/column.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("column", source);

/** [v, x] of v [N] and x [N, C]: [N, C + 1]. */
export function prependColumn(t: Trace, v: Value, x: Value): Value {
  requireShape(
    x.shape.length === 2 && v.shape.length === 1 && v.size === x.shape[0],
    "join columns of",
    "a vector [N] and a matrix [N, C] are needed",
    v,
    x,
  );
  const [rows, columns] = x.shape as [number, number];
  const part = (
    entry: "prepend" | "first" | "rest",
    result: Value,
    read: Record<string, Value>,
    name: string,
  ): Value => {
    t.program.dispatch({
      kernel,
      entry,
      label: result.label,
      read,
      write: { [name]: result },
      uniform: { rows, columns },
      workgroups: grid(Math.ceil(result.size / 64)),
      cheap: true,
    });
    return result;
  };
  const y = part("prepend", t.value([rows, columns + 1], `[${v.label}, ${x.label}]`), { v, x }, "y");
  t.record("prependColumn", [v, x], [y], {
    vjp: ([dy], needs) => [
      needs[0] ? part("first", t.value(v.shape, `d ${v.label}`), { y: dy! }, "v") : undefined,
      needs[1] ? part("rest", t.value(x.shape, `d ${x.label}`), { y: dy! }, "x") : undefined,
    ],
    reference: ([v, x]) => [
      Float64Array.from({ length: y.size }, (_, i) => {
        const row = Math.floor(i / (columns + 1)), column = i % (columns + 1);
        return column === 0 ? v![row]! : x![row * columns + column - 1]!;
      }),
    ],
  });
  return y;
}
