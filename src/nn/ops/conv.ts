/** Two-dimensional convolution with its two gradients. No patch buffer; any stride, padding, groups and channels. */
import { requireShape, type Trace, type Value } from "../trace.ts";
import { direct } from "./conv_direct.ts";
import { type ConvOptions, convReference, type ConvShape, convShape } from "./conv_shape.ts";
import { tiled } from "./conv_tiled.ts";
import { depthwise } from "./depthwise.ts";
import { reshape } from "./elementwise.ts";
import { resizeLast } from "./resize_last.ts";

export type { ConvOptions, Padding } from "./conv_shape.ts";

/** One way to compute the three passes: y from x and weight, dx from dy and weight, dw from x and dy. */
export interface ConvKernels {
  forward(t: Trace, x: Value, weight: Value, s: ConvShape, label: string): Value;
  inputGradient(t: Trace, dy: Value, weight: Value, s: ConvShape, label: string): Value;
  weightGradient(t: Trace, x: Value, dy: Value, s: ConvShape, label: string): Value;
}

/** x [N, H, W, C] by weight [KH, KW, C / groups, K]: [N, OH, OW, K] (cross-correlation, as every framework's). */
export function conv2d(t: Trace, x: Value, weight: Value, options: ConvOptions = {}): Value {
  const s = convShape(x, weight, options);
  requireShape(x !== weight, "convolve", "a value cannot be its own weight", x, weight);
  const whole = s.groupC % 4 === 0 && s.groupK % 4 === 0;
  if (s.groups === 1 && !whole) return padded(t, x, weight, options, s);
  const kernels = whole ? tiled : s.groupC === 1 && s.groupK === 1 && s.c % 4 === 0 ? depthwise : direct;
  const label = `conv2d(${weight.label})`;
  const y = kernels.forward(t, x, weight, s, label);
  t.record("conv2d", [x, weight], [y], {
    vjp: ([dy], needs) => [
      needs[0] ? kernels.inputGradient(t, dy!, weight, s, `dx of ${label}`) : undefined,
      needs[1] ? kernels.weightGradient(t, x, dy!, s, `d ${weight.label}`) : undefined,
    ],
    reference: ([x, weight]) => [convReference(x!, weight!, s)],
  });
  return y;
}

/** Channels filled up to vec4s with zeros, which change no sum, and cut off again. */
function padded(t: Trace, x: Value, weight: Value, options: ConvOptions, s: ConvShape): Value {
  const c = 4 * Math.ceil(s.c / 4), k = 4 * Math.ceil(s.k / 4);
  const columns = resizeLast(t, weight, k);
  const rows = c === s.c
    ? columns
    : resizeLast(t, reshape(t, columns, [s.kernelH * s.kernelW, s.c * k]), c * k);
  const filled = c === s.c ? columns : reshape(t, rows, [s.kernelH, s.kernelW, c, k]);
  return resizeLast(t, conv2d(t, resizeLast(t, x, c), filled, options), s.k);
}
