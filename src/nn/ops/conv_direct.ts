/** Convolution one element a thread: grouped shapes whose groups do not fill vec4s. Right for any shape, and slow. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/conv_direct.wgsl" with { type: "text" };
import type { Trace, Value } from "../trace.ts";
import type { ConvKernels, ConvShape } from "./conv_shape.ts";
import { grid } from "./grid.ts";

const kernel = new Kernel("conv_direct", source);
const WORKGROUP = 64;

function dispatch(
  t: Trace,
  entry: "forward" | "input_gradient" | "weight_gradient",
  label: string,
  shape: readonly number[],
  s: ConvShape,
  read: Readonly<Record<string, Value>>,
  written: string,
): Value {
  const result = t.value(shape, label);
  const [width, height] = grid(Math.ceil(result.size / WORKGROUP));
  t.program.dispatch({
    kernel,
    entry,
    label,
    read,
    write: { [written]: result },
    uniform: {
      batch: s.batch,
      h: s.h,
      w: s.w,
      c: s.c,
      oh: s.oh,
      ow: s.ow,
      k: s.k,
      group_c: s.groupC,
      group_k: s.groupK,
      kernel_h: s.kernelH,
      kernel_w: s.kernelW,
      stride: s.stride,
      pad_top: s.padTop,
      pad_left: s.padLeft,
      width: width * WORKGROUP,
    },
    workgroups: [width, height],
    flops: s.flops,
  });
  return result;
}

export const direct: ConvKernels = {
  forward: (t, x, weight, s, label) =>
    dispatch(t, "forward", label, [s.batch, s.oh, s.ow, s.k], s, { x, weight }, "y"),
  inputGradient: (t, dy, weight, s, label) =>
    dispatch(t, "input_gradient", label, [s.batch, s.h, s.w, s.c], s, { y: dy, weight }, "dx"),
  weightGradient: (t, x, dy, s, label) =>
    dispatch(t, "weight_gradient", label, [s.kernelH, s.kernelW, s.groupC, s.k], s, { x, y: dy }, "dw"),
};
