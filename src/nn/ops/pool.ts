/**
 * Max and average pooling of NHWC images. Backward gathers, so it is deterministic; that of the
 * maximum needs x and the result, which the next layer keeps anyway.
 */
import { Kernel } from "../../gpu/kernel.ts";
import averageSource from "../../kernels.wgsl/pool_average.wgsl" with { type: "text" };
import maxSource from "../../kernels.wgsl/pool_max.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { reshape } from "./elementwise.ts";
import { grid } from "./grid.ts";

const maxKernel = new Kernel("pool_max", maxSource);
const averageKernel = new Kernel("pool_average", averageSource);

export interface PoolOptions {
  /** Side of the square window. */
  readonly kernel: number;
  /** Default: `kernel`. */
  readonly stride?: number;
  /** On every side, at most half the window. Default 0. */
  readonly padding?: number;
}

type Range = readonly [first: number, end: number];

interface Geometry {
  readonly x: Value;
  readonly oh: number;
  readonly ow: number;
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  /** Places of the image that window `o` of `count` holds along an axis of `length`. */
  readonly window: (o: number, length: number, count: number) => Range;
  /** Forward multiplications or comparisons of one output. */
  readonly work: number;
}

function slidingWindows(
  x: Value,
  what: string,
  { kernel, stride = kernel, padding = 0 }: PoolOptions,
): Geometry {
  requireShape(x.shape.length === 4, what, "the shape must be [N, H, W, C]", x);
  const [, h, w] = x.shape as [number, number, number, number];
  for (const n of [kernel, stride]) {
    requireShape(
      Number.isInteger(n) && n > 0,
      what,
      `kernel ${kernel} and stride ${stride} must be positive integers`,
      x,
    );
  }
  requireShape(
    Number.isInteger(padding) && padding >= 0 && 2 * padding <= kernel,
    what,
    `padding ${padding} must be at most half the kernel ${kernel}`,
    x,
  );
  const count = (length: number) => Math.floor((length + 2 * padding - kernel) / stride) + 1;
  requireShape(count(h) > 0 && count(w) > 0, what, `a window of ${kernel} must fit the padded image`, x);
  return {
    x,
    oh: count(h),
    ow: count(w),
    size: kernel,
    stride,
    padding,
    window: (
      o,
      length,
    ) => [Math.max(0, o * stride - padding), Math.min(o * stride - padding + kernel, length)],
    work: kernel * kernel,
  };
}

/** Records the forward dispatch; gives the output and the recorder of its backward dispatch. */
function pool(t: Trace, kernel: Kernel, label: string, g: Geometry, adaptive: boolean) {
  const [n, h, w, channels] = g.x.shape as [number, number, number, number];
  const vec = channels % 4 === 0;
  const vectors = vec ? channels / 4 : channels;
  const uniform = {
    n,
    h,
    w,
    vectors,
    oh: g.oh,
    ow: g.ow,
    size: g.size,
    stride: g.stride,
    padding: g.padding,
  };
  const header = {
    V: vec ? "vec4f" : "f32",
    ...(kernel === averageKernel && { ADAPTIVE: adaptive ? 1 : 0 }),
  };
  const y = t.value([n, g.oh, g.ow, channels], label);
  t.program.dispatch({
    kernel,
    entry: "forward",
    label,
    read: { x: g.x },
    write: { y },
    uniform,
    header,
    workgroups: grid(Math.ceil((n * g.oh * g.ow * vectors) / 64)),
    flops: y.size * g.work,
  });
  const backward = (dy: Value): Value => {
    const dx = t.value(g.x.shape, `d ${g.x.label}`);
    t.program.dispatch({
      kernel,
      entry: "backward",
      label: dx.label,
      read: { dy, ...(kernel === maxKernel && { x: g.x, y }) },
      write: { dx },
      uniform,
      header,
      workgroups: grid(Math.ceil((n * h * w * vectors) / 64)),
      flops: y.size * g.work,
    });
    return dx;
  };
  return { y, backward };
}

/** Calls `visit` for every element of y with the elements of x in its window, in scan order. */
function eachWindow(g: Geometry, visit: (y: number, xs: readonly number[]) => void): void {
  const [n, h, w, c] = g.x.shape as [number, number, number, number];
  let y = 0;
  for (let image = 0; image < n; image++) {
    for (let o = 0; o < g.oh; o++) {
      for (let q = 0; q < g.ow; q++) {
        const [top, bottom] = g.window(o, h, g.oh);
        const [left, right] = g.window(q, w, g.ow);
        for (let channel = 0; channel < c; channel++, y++) {
          const xs: number[] = [];
          for (let r = top; r < bottom; r++) {
            for (let s = left; s < right; s++) xs.push(((image * h + r) * w + s) * c + channel);
          }
          visit(y, xs);
        }
      }
    }
  }
}

/** Maximum of every window of x [N, H, W, C]; the first maximum in scan order takes the gradient, as in PyTorch. */
export function maxPool(t: Trace, x: Value, options: PoolOptions): Value {
  const g = slidingWindows(x, "max-pool", options);
  const { y, backward } = pool(t, maxKernel, `maxPool(${x.label})`, g, false);
  t.record("maxPool", [x], [y], {
    vjp: ([dy]) => [backward(dy!)],
    reference: ([x]) => {
      const out = new Float64Array(y.size);
      eachWindow(g, (i, xs) => out[i] = xs.reduce((m, j) => Math.max(m, x![j]!), -Infinity));
      return [out];
    },
  });
  return y;
}

function average(t: Trace, op: string, g: Geometry, adaptive: boolean): Value {
  const { y, backward } = pool(t, averageKernel, `${op}(${g.x.label})`, g, adaptive);
  t.record(op, [g.x], [y], {
    vjp: ([dy]) => [backward(dy!)],
    reference: ([x]) => {
      const out = new Float64Array(y.size);
      eachWindow(
        g,
        (i, xs) => out[i] = xs.reduce((a, j) => a + x![j]!, 0) / (adaptive ? xs.length : g.size ** 2),
      );
      return [out];
    },
  });
  return y;
}

/** Mean of every window of x [N, H, W, C]; padding counts as zeros, as PyTorch's default has it. */
export function avgPool(t: Trace, x: Value, options: PoolOptions): Value {
  return average(t, "avgPool", slidingWindows(x, "average-pool", options), false);
}

/**
 * Means of h x w windows that cover x [N, H, W, C]: window i holds floor(i H / h) to ceil((i + 1) H / h) - 1, so windows
 * may overlap, as in PyTorch.
 */
export function adaptiveAvgPool(t: Trace, x: Value, [oh, ow]: readonly [number, number]): Value {
  requireShape(x.shape.length === 4, "average-pool", "the shape must be [N, H, W, C]", x);
  const [, h, w] = x.shape as [number, number, number, number];
  const window = (o: number, length: number, count: number): Range => [
    Math.floor((o * length) / count),
    Math.ceil(((o + 1) * length) / count),
  ];
  const work = Math.ceil(h / oh) * Math.ceil(w / ow);
  return average(t, "adaptiveAvgPool", { x, oh, ow, size: 1, stride: 1, padding: 0, window, work }, true);
}

/** Mean over the places of x [N, H, W, C]: [N, C]. */
export function globalAvgPool(t: Trace, x: Value): Value {
  const y = adaptiveAvgPool(t, x, [1, 1]);
  return reshape(t, y, [y.shape[0]!, y.shape[3]!]);
}
