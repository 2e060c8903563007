/** What is measured: names, sizes and inputs, the same numbers for every runner, so that results can be compared. */
import { PhiloxStream } from "../src/base/random.ts";

export const NAMES = ["matmul512", "conv3x3-forward", "conv3x3-train", "train-step"] as const;
export type WorkloadName = (typeof NAMES)[number];

/** Side of the square matrices. */
export const MATMUL = 512;
/** Batch, side, input and output channels of the convolution: 3x3, stride 1, one pixel of padding. */
export const CONV = { batch: 8, side: 32, c: 32, k: 32 } as const;
/** The small network: three 3x3 convolutions, each with batch norm and ReLU, pool, dense, cross-entropy, SGD. */
export const NET = {
  batch: 32,
  side: 32,
  channels: [3, 16, 32, 64],
  strides: [1, 2, 2],
  classes: 10,
  lr: 0.05,
  momentum: 0.9,
  eps: 1e-5,
} as const;

/** Additions and multiplications of one run; of the network its convolutions and dense layer, forward and backward. */
export const FLOPS: Readonly<Record<WorkloadName, number>> = (() => {
  const conv = 2 * CONV.batch * CONV.side ** 2 * CONV.c * CONV.k * 9;
  let side: number = NET.side, net = 0;
  NET.strides.forEach((stride, i) => {
    side /= stride;
    net += 2 * NET.batch * side ** 2 * NET.channels[i]! * NET.channels[i + 1]! * 9;
  });
  net += 2 * NET.batch * NET.channels.at(-1)! * NET.classes;
  return {
    "matmul512": 2 * MATMUL ** 3,
    "conv3x3-forward": conv,
    "conv3x3-train": 3 * conv,
    "train-step": 3 * net,
  };
})();

/** Steps of the network whose losses are compared before anything is timed. */
export const COMPARED_STEPS = 6;

/** Uniform numbers in (-scale, scale), the same for every runner. */
export function data(seed: number, size: number, scale = 1): Float32Array<ArrayBuffer> {
  const stream = new PhiloxStream([seed, 7]);
  return Float32Array.from({ length: size }, () => (2 * stream.uniform() - 1) * scale);
}

export interface NetTensors {
  /** [32, 32, 32, 3] */
  readonly images: Float32Array<ArrayBuffer>;
  /** Class of each image. */
  readonly labels: readonly number[];
  /** HWIO. */
  readonly kernels: readonly Float32Array<ArrayBuffer>[];
  /** [64, 10] */
  readonly dense: Float32Array<ArrayBuffer>;
}

export function netTensors(): NetTensors {
  return {
    images: data(1, NET.batch * NET.side ** 2 * 3),
    labels: Array.from({ length: NET.batch }, (_, i) => i % NET.classes),
    kernels: NET.strides.map((_, i) => {
      const inputs = 9 * NET.channels[i]!;
      return data(10 + i, inputs * NET.channels[i + 1]!, Math.sqrt(3 / inputs));
    }),
    dense: data(20, NET.channels.at(-1)! * NET.classes, 0.1),
  };
}

/** A few elements spread over a flat tensor; indices in the NHWC or HWIO order of the tensor. */
export function sample(values: ArrayLike<number>, count = 16): number[] {
  return Array.from({ length: count }, (_, i) => values[Math.floor(i * (values.length - 1) / (count - 1))]!);
}

/** Transposes a row-major tensor, for runners with another layout: dimension i of the result is `order[i]` of x. */
export function permute(x: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const out = order.map((d) => shape[d]!);
  const y = new Float32Array(x.length);
  for (let i = 0; i < y.length; i++) {
    let rest = i, from = 0;
    for (let d = out.length - 1; d >= 0; d--) {
      from += (rest % out[d]!) * strides[order[d]!]!;
      rest = Math.floor(rest / out[d]!);
    }
    y[i] = x[from]!;
  }
  return y;
}
