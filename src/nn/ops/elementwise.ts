/** Elementwise ops: add, ReLU, ReLU6, scale, square, copy, fill. Shapes of operands are equal. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/elementwise.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";

const kernel = new Kernel("elementwise", source);

/** Threads per workgroup; one thread handles four elements. */
const WORKGROUP = 64;

type Entry = "add" | "relu" | "relu_vjp" | "relu6" | "relu6_vjp" | "scale" | "multiply" | "copy" | "fill";

/** Records one elementwise dispatch: y = entry(a, b, s). */
function elementwise(
  t: Trace,
  entry: Entry,
  label: string,
  shape: readonly number[],
  a?: Value,
  b?: Value,
  s = 0,
): Value {
  const y = t.value(shape, label);
  const n = Math.ceil(y.size / 4);
  const groups = Math.ceil(n / WORKGROUP);
  const width = Math.min(groups, 65535);
  t.program.dispatch({
    kernel,
    entry,
    label,
    read: { ...(a && { a }), ...(b && { b }) },
    write: { y },
    uniform: { n, width: width * WORKGROUP, s },
    workgroups: [width, Math.ceil(groups / width)],
    cheap: entry !== "fill",
    flops: entry === "copy" || entry === "fill" ? 0 : y.size,
  });
  return y;
}

/** A tensor of one value. Constant: nothing flows back. */
export function fill(t: Trace, shape: readonly number[], value: number, label: string): Value {
  const y = elementwise(t, "fill", label, shape, undefined, undefined, value);
  t.record("fill", [], [y], { vjp: () => [], reference: () => [new Float64Array(y.size).fill(value)] });
  return y;
}

/** A copy with bytes of its own. */
export function copy(t: Trace, x: Value): Value {
  const y = elementwise(t, "copy", `copy(${x.label})`, x.shape, x);
  t.record("copy", [x], [y], { vjp: ([dy]) => [dy], reference: ([x]) => [x!.slice()] });
  return y;
}

/** a + b, equal shapes. */
export function add(t: Trace, a: Value, b: Value): Value {
  requireShape(String(a.shape) === String(b.shape), "add", "shapes must be equal", a, b);
  if (a === b) return scale(t, a, 2);
  const y = elementwise(t, "add", `${a.label} + ${b.label}`, a.shape, a, b);
  t.record("add", [a, b], [y], {
    vjp: ([dy]) => [dy, dy],
    reference: ([a, b]) => [a!.map((v, i) => v + b![i]!)],
  });
  return y;
}

/** x times a constant. */
export function scale(t: Trace, x: Value, factor: number): Value {
  const y = elementwise(t, "scale", `${factor} ${x.label}`, x.shape, x, undefined, factor);
  t.record("scale", [x], [y], {
    vjp: ([dy]) => [scale(t, dy!, factor)],
    reference: ([x]) => [x!.map((v) => factor * v)],
  });
  return y;
}

/** Elementwise product, equal shapes. */
export function multiply(t: Trace, a: Value, b: Value): Value {
  requireShape(String(a.shape) === String(b.shape), "multiply", "shapes must be equal", a, b);
  const other = a === b ? copy(t, b) : b;
  const y = elementwise(t, "multiply", `${a.label} * ${other.label}`, a.shape, a, other);
  t.record("multiply", [a, other], [y], {
    vjp: (
      [dy],
      needs,
    ) => [needs[0] ? multiply(t, dy!, other) : undefined, needs[1] ? multiply(t, dy!, a) : undefined],
    reference: ([a, b]) => [a!.map((v, i) => v * b![i]!)],
  });
  return y;
}

/** max(x, 0). The derivative at 0 is 0, as in PyTorch. */
export function relu(t: Trace, x: Value): Value {
  const y = elementwise(t, "relu", `relu(${x.label})`, x.shape, x);
  t.record("relu", [x], [y], {
    vjp: ([dy]) => [elementwise(t, "relu_vjp", `d relu(${x.label})`, x.shape, y, dy!)], // y = max(x, 0)
    reference: ([x]) => [x!.map((v) => Math.max(v, 0))],
  });
  return y;
}

/** min(max(x, 0), 6). The derivative is 1 strictly between, as in PyTorch. */
export function relu6(t: Trace, x: Value): Value {
  const y = elementwise(t, "relu6", `relu6(${x.label})`, x.shape, x);
  t.record("relu6", [x], [y], {
    vjp: ([dy]) => [elementwise(t, "relu6_vjp", `d relu6(${x.label})`, x.shape, y, dy!)], // y = min(max(x, 0), 6)
    reference: ([x]) => [x!.map((v) => Math.min(Math.max(v, 0), 6))],
  });
  return y;
}

/** The same bytes under another shape. */
export function reshape(t: Trace, x: Value, shape: readonly number[]): Value {
  const y = t.program.alias(x, shape, `${x.label} as [${shape.join(", ")}]`);
  t.record("reshape", [x], [y], { vjp: ([dy]) => [t.program.alias(dy!, x.shape)], reference: ([x]) => [x!] });
  return y;
}

/** The same value; nothing flows back through it. Needed only where both branches share trained parameters. */
export function stopGradient(t: Trace, x: Value): Value {
  const y = t.program.alias(x, x.shape, `sg(${x.label})`);
  t.record("stopGradient", [x], [y], { vjp: () => [undefined], reference: ([x]) => [x!] });
  return y;
}
