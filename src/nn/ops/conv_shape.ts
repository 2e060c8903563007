/** The numbers of a convolution, derived once from shapes and options, and its plain f64 form. */
import { AssayError } from "../../base/error.ts";
import { requireShape, type Trace, type Value } from "../trace.ts";

/** Zeros around the image, in pixels. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface ConvOptions {
  /** Pixels from one output to the next, both ways. Default 1. */
  readonly stride?: number;
  /** Default 0. */
  readonly padding?: number | Padding;
  /** Input and output channels fall into this many independent parts. Default 1. */
  readonly groups?: number;
}

export interface ConvShape {
  readonly batch: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly oh: number;
  readonly ow: number;
  readonly k: number;
  readonly kernelH: number;
  readonly kernelW: number;
  readonly stride: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly groups: number;
  readonly groupC: number;
  readonly groupK: number;
  /** Multiplications and additions of each of the three passes. */
  readonly flops: number;
}

/** One way to compute the three passes: y from x and weight, dx from dy and weight, dw from x and dy. */
export interface ConvKernels {
  forward(t: Trace, x: Value, weight: Value, s: ConvShape, label: string): Value;
  inputGradient(t: Trace, dy: Value, weight: Value, s: ConvShape, label: string): Value;
  weightGradient(t: Trace, x: Value, dy: Value, s: ConvShape, label: string): Value;
}

/** Checks x [N, H, W, C] and weight [KH, KW, C / groups, K] against the options. */
export function convShape(x: Value, weight: Value, options: ConvOptions): ConvShape {
  const stride = options.stride ?? 1, groups = options.groups ?? 1, pad = options.padding ?? 0;
  const { top, bottom, left, right } = typeof pad === "number"
    ? { top: pad, bottom: pad, left: pad, right: pad }
    : pad;
  for (const [name, n, least] of [["stride", stride, 1], ["groups", groups, 1]] as const) {
    if (!Number.isInteger(n) || n < least) {
      throw new AssayError(
        `Cannot convolve "${x.label}" by "${weight.label}": ${name} must be an integer of at least ${least}, it is ${n}.`,
      );
    }
  }
  for (const n of [top, bottom, left, right]) {
    if (!Number.isInteger(n) || n < 0) {
      throw new AssayError(
        `Cannot convolve "${x.label}" by "${weight.label}": padding must be whole pixels, it is ${n}.`,
      );
    }
  }
  requireShape(
    x.shape.length === 4 && weight.shape.length === 4,
    "convolve",
    "x must be [N, H, W, C] and the weight [KH, KW, C / groups, K]",
    x,
    weight,
  );
  const [batch, h, w, c] = x.shape as [number, number, number, number];
  const [kernelH, kernelW, groupC, k] = weight.shape as [number, number, number, number];
  requireShape(
    groupC * groups === c && k % groups === 0,
    "convolve",
    `with ${groups} groups the weight must hold C / ${groups} input channels and a multiple of ${groups} output channels`,
    x,
    weight,
  );
  const oh = Math.floor((h + top + bottom - kernelH) / stride) + 1;
  const ow = Math.floor((w + left + right - kernelW) / stride) + 1;
  requireShape(
    h + top + bottom >= kernelH && w + left + right >= kernelW,
    "convolve",
    "the kernel must fit the padded image",
    x,
    weight,
  );
  return {
    batch,
    h,
    w,
    c,
    oh,
    ow,
    k,
    kernelH,
    kernelW,
    stride,
    padTop: top,
    padLeft: left,
    groups,
    groupC,
    groupK: k / groups,
    flops: 2 * batch * oh * ow * k * groupC * kernelH * kernelW,
  };
}

/** y [N, OH, OW, K] in f64. */
export function convReference(x: Float64Array, weight: Float64Array, s: ConvShape): Float64Array {
  const y = new Float64Array(s.batch * s.oh * s.ow * s.k);
  for (let pixel = 0; pixel < s.batch * s.oh * s.ow; pixel++) {
    const n = Math.floor(pixel / (s.oh * s.ow)), oy = Math.floor(pixel / s.ow) % s.oh, ox = pixel % s.ow;
    for (let tap = 0; tap < s.kernelH * s.kernelW; tap++) {
      const iy = oy * s.stride + Math.floor(tap / s.kernelW) - s.padTop;
      const ix = ox * s.stride + tap % s.kernelW - s.padLeft;
      if (iy < 0 || iy >= s.h || ix < 0 || ix >= s.w) continue;
      const from = ((n * s.h + iy) * s.w + ix) * s.c;
      for (let c = 0; c < s.groupC; c++) {
        const row = (tap * s.groupC + c) * s.k;
        for (let k = 0; k < s.k; k++) {
          y[pixel * s.k + k]! += x[from + Math.floor(k / s.groupK) * s.groupC + c]! * weight[row + k]!;
        }
      }
    }
  }
  return y;
}
