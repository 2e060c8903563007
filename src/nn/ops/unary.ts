/** Functions of single elements: exp, log, sqrt, reciprocal, square, hinge. */
import { Kernel } from "../../gpu/kernel.ts";
import { rootOf } from "../../gpu/value.ts";
import source from "../../kernels.wgsl/unary.wgsl" with { type: "text" };
import type { Trace, Value } from "../trace.ts";
import { copy } from "./elementwise.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("unary", source);

function dispatch(t: Trace, entry: string, label: string, a: Value, dy: Value | undefined, s: number): Value {
  if (dy && rootOf(dy) === rootOf(a)) dy = copy(t, dy);
  const y = t.value(a.shape, label);
  const n = Math.ceil(y.size / 4);
  t.program.dispatch({
    kernel,
    entry,
    label,
    read: { a, ...(dy && { dy }) },
    write: { y },
    uniform: { n, s },
    workgroups: grid(Math.ceil(n / 64)),
    cheap: true,
    flops: y.size,
  });
  return y;
}

interface Rule {
  readonly name: string;
  readonly entry: string;
  readonly vjp: string;
  /** What the derivative reads. */
  readonly keeps: "input" | "output";
  /** Constant of the derivative. */
  readonly factor: number;
  /** Constant of the function. */
  readonly constant?: number;
  readonly reference: (x: number) => number;
}

function unary(t: Trace, x: Value, rule: Rule): Value {
  const y = dispatch(t, rule.entry, `${rule.name}(${x.label})`, x, undefined, rule.constant ?? 0);
  t.record(rule.name, [x], [y], {
    vjp: ([dy]) => [
      dispatch(t, rule.vjp, `d ${x.label}`, rule.keeps === "input" ? x : y, dy!, rule.factor),
    ],
    reference: ([x]) => [x!.map(rule.reference)],
  });
  return y;
}

/** e to the x. */
export function exp(t: Trace, x: Value): Value {
  const rule = { entry: "exponential", vjp: "times_vjp", keeps: "output", factor: 1 } as const;
  return unary(t, x, { name: "exp", ...rule, reference: Math.exp });
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(t: Trace, x: Value): Value {
  const rule = { entry: "logarithm", vjp: "over_vjp", keeps: "input", factor: 1 } as const;
  return unary(t, x, { name: "log", ...rule, reference: Math.log });
}

/** Square root; the derivative at 0 is infinite, so add an epsilon before. */
export function sqrt(t: Trace, x: Value): Value {
  const rule = { entry: "root", vjp: "over_vjp", keeps: "output", factor: 0.5 } as const;
  return unary(t, x, { name: "sqrt", ...rule, reference: Math.sqrt });
}

/** 1 / x. */
export function reciprocal(t: Trace, x: Value): Value {
  const rule = { entry: "reciprocal", vjp: "reciprocal_vjp", keeps: "output", factor: 0 } as const;
  return unary(t, x, { name: "reciprocal", ...rule, reference: (v) => 1 / v });
}

/** x times x. */
export function square(t: Trace, x: Value): Value {
  const rule = { entry: "square", vjp: "times_vjp", keeps: "input", factor: 2 } as const;
  return unary(t, x, { name: "square", ...rule, reference: (v) => v * v });
}

/** max(margin - x, 0). The derivative at x = margin is 0. */
export function hinge(t: Trace, x: Value, margin: number): Value {
  const rule = {
    entry: "hinge",
    vjp: "hinge_vjp",
    keeps: "input",
    factor: margin,
    constant: margin,
  } as const;
  return unary(t, x, { name: "hinge", ...rule, reference: (v) => Math.max(margin - v, 0) });
}
