/** Sums over whole tensors, in a fixed order: sum, mean, weighted sum. Results have shape [1]. */
import { AssayError } from "../../base/error.ts";
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/reduce.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { add } from "./elementwise.ts";

const kernel = new Kernel("reduce", source);
const SPAN = 4096;

/** Reduces to one element by repeated passes; the factor is applied in the first. */
function reduceAll(
  t: Trace,
  entry: "sum" | "dot",
  label: string,
  a: Value,
  b: Value | undefined,
  s: number,
): Value {
  let x = a;
  let first = true;
  do {
    const y = t.value([Math.ceil(x.size / SPAN)], label);
    t.program.dispatch({
      kernel,
      entry: first ? entry : "sum",
      label,
      read: { a: x, ...(first && b && { b }) },
      write: { y },
      uniform: { n: x.size, s: first ? s : 1 },
      workgroups: [y.size],
      flops: x.size,
    });
    x = y;
    first = false;
  } while (x.size > 1);
  return x;
}

function spread(
  t: Trace,
  dy: Value,
  shape: readonly number[],
  b: Value | undefined,
  s: number,
  label: string,
): Value {
  const y = t.value(shape, label);
  const groups = Math.ceil(y.size / 64);
  const width = Math.min(groups, 65535);
  t.program.dispatch({
    kernel,
    entry: b ? "spread_times" : "spread",
    label,
    read: { a: dy, ...(b && { b }) },
    write: { y },
    uniform: { n: y.size, s },
    workgroups: [width, Math.ceil(groups / width)],
    flops: y.size,
  });
  return y;
}

/** Sum of all elements times a constant. */
export function sum(t: Trace, x: Value, factor = 1): Value {
  const y = reduceAll(t, "sum", `sum(${x.label})`, x, undefined, factor);
  t.record("sum", [x], [y], {
    vjp: ([dy]) => [spread(t, dy!, x.shape, undefined, factor, `d sum(${x.label})`)],
    reference: ([x]) => [Float64Array.of(factor * x!.reduce((a, b) => a + b, 0))],
  });
  return y;
}

/** Mean of all elements. */
export function mean(t: Trace, x: Value): Value {
  return sum(t, x, 1 / x.size);
}

/** Inner product of two tensors of one shape, times a constant. */
export function dot(t: Trace, a: Value, b: Value, factor = 1): Value {
  requireShape(
    String(a.shape) === String(b.shape),
    "take the inner product of",
    "shapes must be equal",
    a,
    b,
  );
  const y = reduceAll(t, "dot", `<${a.label}, ${b.label}>`, a, b, factor);
  t.record("dot", [a, b], [y], {
    vjp: ([dy], needs) => [
      needs[0] ? spread(t, dy!, a.shape, b, factor, `d ${a.label}`) : undefined,
      needs[1] ? spread(t, dy!, b.shape, a, factor, `d ${b.label}`) : undefined,
    ],
    reference: ([a, b]) => [Float64Array.of(factor * a!.reduce((s, v, i) => s + v * b![i]!, 0))],
  });
  return y;
}

/** Sum of inner products, one per pair: a weighted sum of losses, or the scalar a gradient check differentiates. */
export function dotWith(t: Trace, values: readonly Value[], weights: readonly Value[]): Value {
  if (values.length === 0 || values.length !== weights.length) {
    throw new AssayError(
      `Cannot weight ${values.length} values by ${weights.length} weights: one each is needed.`,
    );
  }
  return values.map((v, i) => dot(t, v, weights[i]!)).reduce((a, b) => add(t, a, b));
}
