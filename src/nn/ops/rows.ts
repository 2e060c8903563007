/**
 * Rows as units: gather by index, slices, concatenation and split along the first dimension. Forward passes copy bits,
 * so they work on u32 tensors too. Changes of rows in place are effects: `enqueue` and `updateBank` of src/nn/bank.ts.
 */
import { AssayError } from "../../base/error.ts";
import { Kernel } from "../../gpu/kernel.ts";
import { rootOf } from "../../gpu/value.ts";
import rowsSource from "../../kernels.wgsl/rows.wgsl" with { type: "text" };
import scatterSource from "../../kernels.wgsl/rows_scatter.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { copy, fill } from "./elementwise.ts";
import { grid } from "./grid.ts";

const rowsKernel = new Kernel("rows", rowsSource);
const scatterKernel = new Kernel("rows_scatter", scatterSource);

/** Elements of a row, and how many words a vector of the kernels has. */
function rowOf(x: Value): { width: number; words: 1 | 4 } {
  const elements = x.size / x.shape[0]!;
  const words = elements % 4 === 0 ? 4 : 1;
  return { width: elements / words, words };
}

function copyRows(
  t: Trace,
  entry: "gather" | "slice" | "pad" | "join",
  y: Value,
  read: Record<string, Value>,
  { offset = 0, length = 0 },
): Value {
  const { width, words } = rowOf(y);
  t.program.dispatch({
    kernel: rowsKernel,
    entry,
    label: y.label,
    read,
    write: { y },
    uniform: { n: y.shape[0]! * width, width, length, offset },
    header: { V: words === 4 ? "vec4u" : "u32" },
    workgroups: grid(Math.ceil((y.shape[0]! * width) / 64)),
    cheap: true,
  });
  return y;
}

/**
 * Rows `index` (u32 [N]) of a table [R, ...]: [N, ...]. An index past the table gives a row of NaN. The gradient has the
 * table's size; rows of one index add up in order.
 */
export function gatherRows(t: Trace, table: Value, index: Value): Value {
  requireShape(
    index.shape.length === 1 && index.dtype === "u32",
    "gather rows of",
    "the index must be u32 [N]",
    table,
    index,
  );
  const [rows, ...row] = table.shape as [number, ...number[]];
  const count = index.size;
  const y = t.value([count, ...row], `rows of ${table.label}`, table.dtype);
  copyRows(t, "gather", y, { a: table, indices: index }, { length: rows });
  const elements = table.size / rows;
  t.record("gatherRows", [table, index], [y], {
    vjp: ([dy], needs) => [needs[0] ? scatterAdd(t, table, index, dy!) : undefined],
    reference: ([table, index]) => [
      Float64Array.from(
        { length: y.size },
        (_, i) => table![index![Math.floor(i / elements)]! * elements + i % elements] ?? NaN,
      ),
    ],
  });
  return y;
}

function scatterAdd(t: Trace, table: Value, indices: Value, dy: Value): Value {
  const dtable = t.value(table.shape, `d ${table.label}`);
  const { width, words } = rowOf(table);
  t.program.dispatch({
    kernel: scatterKernel,
    label: dtable.label,
    read: { indices, dy },
    write: { dtable },
    uniform: { rows: table.shape[0]!, count: indices.size, width },
    header: { V: words === 4 ? "vec4f" : "f32" },
    workgroups: grid(table.shape[0]!),
    flops: dy.size,
  });
  return dtable;
}

/** A slice of `count` rows without a record of its own. */
function slice(t: Trace, x: Value, start: number, count: number, label: string): Value {
  const y = t.value([count, ...x.shape.slice(1)], label, x.dtype);
  return copyRows(t, "slice", y, { a: x }, { offset: start * rowOf(y).width });
}

/** Zeros in the shape of `like` with `rows` put from row `start` on. */
function padded(t: Trace, rows: Value, like: Value, start: number): Value {
  const y = t.value(like.shape, `d ${like.label}`);
  const { width } = rowOf(y);
  return copyRows(t, "pad", y, { a: rows }, { offset: start * width, length: rows.shape[0]! * width });
}

/** Rows `start` to `start + count - 1` of x [N, ...]. */
export function sliceRows(t: Trace, x: Value, start: number, count: number): Value {
  const rows = x.shape[0]!;
  requireShape(
    Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count > 0 && start + count <= rows,
    "slice",
    `rows ${start} to ${start + count - 1} must lie in 0 to ${rows - 1}`,
    x,
  );
  const y = slice(t, x, start, count, `${x.label}[${start}+${count}]`);
  const elements = x.size / rows;
  t.record("sliceRows", [x], [y], {
    vjp: ([dy]) => [padded(t, dy!, x, start)],
    reference: ([x]) => [x!.slice(start * elements, (start + count) * elements)],
  });
  return y;
}

/** Joins neighbours in a balanced tree, so that every element is copied log2(parts) times at most. */
function join(t: Trace, parts: readonly Value[], label: string): Value {
  if (parts.length === 1) return parts[0]!;
  const half = Math.ceil(parts.length / 2);
  const a = join(t, parts.slice(0, half), label);
  const last = join(t, parts.slice(half), label);
  const b = rootOf(a) === rootOf(last) ? copy(t, last) : last;
  const y = t.value([a.shape[0]! + b.shape[0]!, ...a.shape.slice(1)], label, a.dtype);
  return copyRows(t, "join", y, { a, b }, { length: a.shape[0]! * rowOf(y).width });
}

/** Values of one row shape, one after the other along the first dimension. */
export function concat(t: Trace, values: readonly Value[]): Value {
  const [first, ...others] = values;
  if (!first) throw new AssayError("Cannot concatenate no values: at least one is needed.");
  for (const v of others) {
    requireShape(
      String(v.shape.slice(1)) === String(first.shape.slice(1)) && v.dtype === first.dtype,
      "concatenate",
      "rows must have one shape and type",
      first,
      v,
    );
  }
  if (others.length === 0) return first;
  const y = join(t, values, `concat(${values.map((v) => v.label).join(", ")})`);
  const starts = values.map((_, i) => values.slice(0, i).reduce((sum, v) => sum + v.shape[0]!, 0));
  t.record("concat", values, [y], {
    vjp: ([dy], needs) =>
      values.map((v, i) => needs[i] ? slice(t, dy!, starts[i]!, v.shape[0]!, `d ${v.label}`) : undefined),
    reference: (parts) => [Float64Array.from(parts.flatMap((part) => [...part]))],
  });
  return y;
}

/** x [N, ...] in parts of the given numbers of rows, which add up to N. */
export function split(t: Trace, x: Value, sizes: readonly number[]): Value[] {
  requireShape(
    sizes.every((n) => Number.isInteger(n) && n > 0) && sizes.reduce((a, b) => a + b, 0) === x.shape[0],
    "split",
    `parts of ${sizes.join(", ")} rows must be positive and add up to the rows`,
    x,
  );
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const parts = sizes.map((n, i) => slice(t, x, starts[i]!, n, `${x.label}[${starts[i]}+${n}]`));
  const elements = x.size / x.shape[0]!;
  t.record("split", [x], parts, {
    vjp: (cotangents) => {
      const given = cotangents.flatMap((c, i) => c ? [i] : []);
      if (given.length === 1) return [padded(t, cotangents[given[0]!]!, x, starts[given[0]!]!)];
      const all = cotangents.map((c, i) => c ?? fill(t, parts[i]!.shape, 0, `d ${parts[i]!.label}`));
      return [join(t, all, `d ${x.label}`)];
    },
    reference: ([x]) => sizes.map((n, i) => x!.slice(starts[i]! * elements, (starts[i]! + n) * elements)),
  });
  return parts;
}
