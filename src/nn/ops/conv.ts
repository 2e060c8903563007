/** Two-dimensional convolution with its two gradients. No patch buffer; any stride, padding, groups and channels. */
import { requireShape, type Trace, type Value } from "../trace.ts";
import { direct } from "./conv_direct.ts";
import { type ConvOptions, convReference, type ConvShape, convShape } from "./conv_shape.ts";
import { tiled } from "./conv_tiled.ts";
import { depthwise } from "./depthwise.ts";
import { reshape } from "./elementwise.ts";
import { resizeLast } from "./resize_last.ts";

export type { ConvOptions, Padding } from "./conv_shape.ts";

/** x [N, H, W, C] by weight [KH, KW, C / groups, K]: [N, OH, OW, K] (cross-correlation, as every framework's). */
export function conv2d(t: Trace, x: Value, weight: Value, options: ConvOptions = {}): Value {
  const s = convShape(x, weight, options);
  requireShape(x !== weight, "convolve", "a value cannot be its own weight", x, weight);
  const { c, k } = s;
  if (s.groups > 1 || (c % 4 === 0 && k % 4 === 0)) return convolve(t, x, weight, s, weight.label);
  // Channels filled up to vec4s with zeros, which change no sum, and cut off again.
  const c4 = 4 * Math.ceil(c / 4), k4 = 4 * Math.ceil(k / 4), taps = s.kernelH * s.kernelW;
  const columns = resizeLast(t, weight, k4);
  const filled = c === c4
    ? columns
    : reshape(t, resizeLast(t, reshape(t, columns, [taps, c * k4]), c4 * k4), [s.kernelH, s.kernelW, c4, k4]);
  const images = resizeLast(t, x, c4);
  const wide = { ...convShape(images, filled, options), flops: s.flops };
  return resizeLast(t, convolve(t, images, filled, wide, weight.label), k);
}

/** Records the convolution by the kernels that fit its groups; `name` is the weight's own label. */
function convolve(t: Trace, x: Value, weight: Value, s: ConvShape, name: string): Value {
  const kernels = s.groupC % 4 === 0 && s.groupK % 4 === 0
    ? tiled
    : s.groupC === 1 && s.groupK === 1 && s.c % 4 === 0
    ? depthwise
    : direct;
  const label = `conv2d(${name})`;
  const y = kernels.forward(t, x, weight, s, label);
  t.record("conv2d", [x, weight], [y], {
    vjp: ([dy], needs) => [
      needs[0] ? kernels.inputGradient(t, dy!, weight, s, `dx of ${label}`) : undefined,
      needs[1] ? kernels.weightGradient(t, x, dy!, s, `d ${name}`) : undefined,
    ],
    reference: ([x, weight]) => [convReference(x!, weight!, s)],
  });
  return y;
}
