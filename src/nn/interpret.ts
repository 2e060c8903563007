/** The trace in plain f64: every op by its reference. The oracle that kernels, gradients and `doctor` are checked against. */
import { AssayError } from "../base/error.ts";
import { Alias } from "../gpu/value.ts";
import type { Trace, Value } from "./trace.ts";

/** Values by name of the f64 interpreter: inputs, parameters and states are given, constants known, the rest computed. */
export type Feeds = ReadonlyMap<Value, ArrayLike<number>>;

/** Computes `wanted` from `feeds` in f64. Only nodes that lead to `wanted` run. */
export function interpret(t: Trace, feeds: Feeds, wanted: readonly Value[]): Float64Array[] {
  const given: Iterable<[Value, ArrayLike<number>]> = [...t.program.constants, ...feeds];
  const known = new Map<Value, Float64Array>([...given].map(([v, data]) => [v, Float64Array.from(data)]));
  const needed = new Set<Value>(wanted);
  for (const node of [...t.nodes].reverse()) {
    const open = node.outputs.some((v) => needed.has(v)) && !node.outputs.every((v) => known.has(v));
    if (open) node.inputs.forEach((v) => needed.add(v));
  }
  for (const node of t.nodes) {
    if (!node.outputs.some((v) => needed.has(v)) || node.outputs.every((v) => known.has(v))) continue;
    const results = node.reference(node.inputs.map((v) => lookup(known, v)));
    node.outputs.forEach((v, i) => known.set(v, results[i]!));
  }
  return wanted.map((v) => lookup(known, v));
}

function lookup(known: ReadonlyMap<Value, Float64Array>, value: Value): Float64Array {
  const data = known.get(value) ?? (value instanceof Alias ? known.get(value.of) : undefined);
  if (!data) {
    throw new AssayError(`Cannot interpret ${value}: nothing computes it and no data was given for it.`);
  }
  return data;
}
