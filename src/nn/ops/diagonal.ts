/**
 * Square matrices of similarities, correlations and covariances, whose diagonal means something else than the rest: a
 * sample against itself, a feature against itself.
 */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/diagonal.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { grid } from "./grid.ts";
import { sum } from "./reduce.ts";

const kernel = new Kernel("diagonal", source);

/** Elements one workgroup adds; SPAN in diagonal.wgsl. */
const SPAN = 4096;

function requireSquare(what: string, x: Value): number {
  requireShape(
    x.shape.length === 2 && x.shape[0] === x.shape[1],
    what,
    "the shape must be [N, N]",
    x,
  );
  return x.shape[0]!;
}

/** x [N, N] with `value` on the diagonal. Nothing flows back through the diagonal. */
export function fillDiagonal(t: Trace, x: Value, value: number): Value {
  const n = requireSquare("fill the diagonal of", x);
  const y = t.value(x.shape, `${x.label} off the diagonal`);
  t.program.dispatch({
    kernel,
    entry: "fill",
    label: y.label,
    read: { x },
    write: { y },
    uniform: { n, aim: value, on: 0, off: 0 },
    workgroups: grid(Math.ceil(x.size / 64)),
    cheap: true,
  });
  t.record("fillDiagonal", [x], [y], {
    vjp: ([dy]) => [fillDiagonal(t, dy!, 0)],
    reference: ([x]) => [x!.map((v, i) => Math.floor(i / n) === i % n ? value : v)],
  });
  return y;
}

export interface DiagonalSquares {
  /** What the diagonal is compared with; every other element is compared with 0. Default 0. */
  readonly aim?: number;
  /** Weight of the diagonal. */
  readonly on: number;
  /** Weight of every other element. */
  readonly off: number;
}

/**
 * on sum_i (x_ii - aim)^2 + off sum_{i != j} x_ij^2 of x [N, N], shape [1]. The two parts are never subtracted from one
 * another, so a large diagonal costs the rest no digits.
 */
export function squaresByDiagonal(t: Trace, x: Value, { aim = 0, on, off }: DiagonalSquares): Value {
  const n = requireSquare("add the squares of", x);
  const y = t.value([Math.ceil(x.size / SPAN)], `squares(${x.label})`);
  const shared = { kernel, uniform: { n, aim, on, off }, flops: 4 * x.size };
  t.program.dispatch({
    ...shared,
    entry: "squares",
    label: y.label,
    read: { x },
    write: { y },
    workgroups: grid(y.size),
  });
  t.record("squaresByDiagonal", [x], [y], {
    vjp: ([dy]) => {
      const dx = t.value(x.shape, `d ${x.label}`);
      t.program.dispatch({
        ...shared,
        entry: "squares_vjp",
        label: dx.label,
        read: { x, dy: dy! },
        write: { y: dx },
        workgroups: grid(Math.ceil(x.size / 64)),
      });
      return [dx];
    },
    reference: ([x]) => {
      const sums = new Float64Array(y.size);
      x!.forEach((v, i) => {
        const diagonal = Math.floor(i / n) === i % n;
        sums[Math.floor(i / SPAN)]! += diagonal ? on * (v - aim) ** 2 : off * v ** 2;
      });
      return [sums];
    },
  });
  return sum(t, y);
}
