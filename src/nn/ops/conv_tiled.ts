/** Convolution as an implicit matrix product in register tiles; channels of every group fill vec4s. */
import { Kernel } from "../../gpu/kernel.ts";
import portableSource from "../../kernels.wgsl/conv_portable.wgsl" with { type: "text" };
import tiledSource from "../../kernels.wgsl/conv.wgsl" with { type: "text" };
import weightPortableSource from "../../kernels.wgsl/conv_weight_portable.wgsl" with { type: "text" };
import weightTiledSource from "../../kernels.wgsl/conv_weight.wgsl" with { type: "text" };
import type { Trace, Value } from "../trace.ts";
import type { ConvKernels, ConvShape } from "./conv_shape.ts";
import { grid } from "./grid.ts";
import { sumPartials } from "./partials.ts";
import { THREADS, workgroupsOf } from "./tiles.ts";

const tiledKernel = new Kernel("conv", tiledSource);
const portableKernel = new Kernel("conv_portable", portableSource);
const weightTiled = new Kernel("conv_weight", weightTiledSource);
const weightPortable = new Kernel("conv_weight_portable", weightPortableSource);

/** Partial weight gradients take at most this many bytes together. */
const SCRATCH_BYTES = 16 * 2 ** 20;
/** Enough independent units of work for a wide adapter. */
const WANTED_UNITS = 4096;
/** A split sums at least this many pixels. */
const LEAST_PIXELS = 256;

/** Lanes that share a tile: eight, or four where eight would leave more than a quarter of the columns empty. */
function lanesFor(t: Trace, columns4: number): 0 | 4 | 8 {
  const { lanes } = t.program.target;
  if (lanes < 8) return lanes;
  return columns4 / (Math.ceil(columns4 / 8) * 8) < 0.75 ? 4 : 8;
}

function sum(t: Trace, backward: boolean, x: Value, weight: Value, s: ConvShape, label: string): Value {
  const [ih, iw, ic, ig] = backward ? [s.oh, s.ow, s.k, s.groupK] : [s.h, s.w, s.c, s.groupC];
  const [oh, ow, oc, og] = backward ? [s.h, s.w, s.c, s.groupC] : [s.oh, s.ow, s.k, s.groupK];
  const y = t.value([s.batch, oh, ow, oc], label);
  const lanes = lanesFor(t, og / 4);
  const cols = lanes || og % 8 !== 0 ? 1 : 2;
  const rows = lanes ? 32 : 8;
  const columnTiles = Math.ceil(og / 4 / ((lanes || 1) * cols));
  // Each class of pixels that agree modulo the stride has at most so many rows and columns.
  const classes = backward ? s.stride * s.stride : 1;
  const spacing = backward ? s.stride : 1;
  const pixels = s.batch * Math.ceil(oh / spacing) * Math.ceil(ow / spacing);
  const { threads, groups } = workgroupsOf(lanes, Math.ceil(pixels / rows), columnTiles);
  const [width, height] = grid(groups);
  t.program.dispatch({
    kernel: lanes ? tiledKernel : portableKernel,
    label,
    read: { x, weight },
    write: { y },
    header: {
      ROWS: rows,
      BACKWARD: Number(backward),
      THREADS: threads,
      ...(lanes ? { LANES: lanes } : { COLS: cols }),
    },
    uniform: {
      batch: s.batch,
      in_h: ih,
      in_w: iw,
      in_c4: ic / 4,
      in_g4: ig / 4,
      out_h: oh,
      out_w: ow,
      out_c4: oc / 4,
      out_g4: og / 4,
      kernel_h: s.kernelH,
      kernel_w: s.kernelW,
      weight_c: s.groupC,
      weight_k4: s.k / 4,
      stride: s.stride,
      pad_top: s.padTop,
      pad_left: s.padLeft,
      column_tiles: columnTiles,
      width,
    },
    workgroups: [width, height, classes * s.groups],
    flops: s.flops,
  });
  return y;
}

/** How many parts the pixels are cut into: a function of the shape alone, so that results are. */
function splitsFor(s: ConvShape, units: number): number {
  const bytes = s.kernelH * s.kernelW * s.groupC * s.k * 4;
  const byScratch = Math.floor(SCRATCH_BYTES / bytes);
  const byPixels = Math.floor(s.batch * s.oh * s.ow / LEAST_PIXELS);
  return Math.max(1, Math.min(Math.ceil(WANTED_UNITS / units), byScratch, byPixels));
}

function weightGradient(t: Trace, x: Value, dy: Value, s: ConvShape, label: string): Value {
  const shape = [s.kernelH, s.kernelW, s.groupC, s.k];
  const rows4 = s.kernelH * s.kernelW * s.groupC / 4;
  const columns4 = s.groupK / 4;
  // Splits come from the tiles of eight lanes on every adapter: the plan must not depend on it.
  const splits = splitsFor(s, s.groups * Math.ceil(rows4 / 8) * Math.ceil(columns4 / 8));
  const pixels = s.batch * s.oh * s.ow;
  const span = Math.ceil(pixels / splits / 4) * 4;
  const lanes = lanesFor(t, columns4);
  const rowTiles = Math.ceil(rows4 / (lanes || 2));
  const columnTiles = Math.ceil(columns4 / (lanes || 2));
  const partial = t.value(
    splits === 1 ? shape : [splits, ...shape],
    splits === 1 ? label : `${label} (partials)`,
  );
  const units = rowTiles * columnTiles * splits;
  const [width, height] = grid(Math.ceil(units / (THREADS / (lanes || 1))));
  t.program.dispatch({
    kernel: lanes ? weightTiled : weightPortable,
    label: partial.label,
    read: { x, dy },
    write: { dw: partial },
    header: lanes ? { LANES: lanes } : {},
    uniform: {
      in_h: s.h,
      in_w: s.w,
      in_c4: s.c / 4,
      in_g4: s.groupC / 4,
      out_h: s.oh,
      out_w: s.ow,
      out_c4: s.k / 4,
      out_g4: columns4,
      kernel_w: s.kernelW,
      stride: s.stride,
      pad_top: s.padTop,
      pad_left: s.padLeft,
      pixels,
      span,
      rows4,
      row_tiles: rowTiles,
      column_tiles: columnTiles,
      splits,
      width,
    },
    workgroups: [width, height, s.groups],
    flops: s.flops,
  });
  return splits === 1 ? partial : sumPartials(t, partial, shape, label);
}

export const tiled: ConvKernels = {
  forward: (t, x, weight, s, label) => sum(t, false, x, weight, s, label),
  inputGradient: (t, dy, weight, s, label) => sum(t, true, dy, weight, s, label),
  weightGradient,
};
