/** Depthwise convolution: as many groups as channels, one output channel each, channels a multiple of 4. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/depthwise.wgsl" with { type: "text" };
import type { Trace, Value } from "../trace.ts";
import type { ConvKernels, ConvShape } from "./conv_shape.ts";
import { grid } from "./grid.ts";
import { sumPartials } from "./partials.ts";

const kernel = new Kernel("depthwise", source);
const WORKGROUP = 64;
/** Output columns a thread of the forward pass computes, as in the kernel. */
const COLS = 4;
/** Threads of the weight gradient that keep a wide adapter busy, and the fewest output rows each should add. */
const WANTED_THREADS = 16384;
const LEAST_ROWS = 4;

function dispatch(
  t: Trace,
  entry: "forward" | "input_gradient" | "weight_gradient",
  s: ConvShape,
  threads: number,
  read: Readonly<Record<string, Value>>,
  write: Readonly<Record<string, Value>>,
  splits = 1,
  span = s.batch * s.oh,
): void {
  const [width, height] = grid(Math.ceil(threads / WORKGROUP));
  t.program.dispatch({
    kernel,
    entry,
    label: Object.values(write)[0]!.label,
    read,
    write,
    uniform: {
      batch: s.batch,
      h: s.h,
      w: s.w,
      c4: s.c / 4,
      oh: s.oh,
      ow: s.ow,
      kernel_h: s.kernelH,
      kernel_w: s.kernelW,
      stride: s.stride,
      pad_top: s.padTop,
      pad_left: s.padLeft,
      splits,
      span,
      width: width * WORKGROUP,
    },
    workgroups: [width, height],
    flops: s.flops,
  });
}

function forward(t: Trace, x: Value, weight: Value, s: ConvShape, label: string): Value {
  const y = t.value([s.batch, s.oh, s.ow, s.c], label);
  dispatch(t, "forward", s, s.batch * s.oh * Math.ceil(s.ow / COLS) * s.c / 4, { x, weight }, { y });
  return y;
}

function inputGradient(t: Trace, dy: Value, weight: Value, s: ConvShape, label: string): Value {
  const dx = t.value([s.batch, s.h, s.w, s.c], label);
  dispatch(t, "input_gradient", s, dx.size / 4, { y: dy, weight }, { dx });
  return dx;
}

function weightGradient(t: Trace, x: Value, dy: Value, s: ConvShape, label: string): Value {
  const shape = [s.kernelH, s.kernelW, 1, s.c];
  const threads = s.kernelH * s.kernelW * s.c / 4;
  const rows = s.batch * s.oh;
  const wanted = Math.max(1, Math.min(Math.ceil(WANTED_THREADS / threads), Math.floor(rows / LEAST_ROWS)));
  const span = Math.ceil(rows / wanted);
  const splits = Math.ceil(rows / span);
  const partial = t.value(
    splits === 1 ? shape : [splits, ...shape],
    splits === 1 ? label : `${label} (partials)`,
  );
  dispatch(t, "weight_gradient", s, threads * splits, { x, y: dy }, { dw: partial }, splits, span);
  return splits === 1 ? partial : sumPartials(t, partial, shape, label);
}

export const depthwise: ConvKernels = { forward, inputGradient, weightGradient };
