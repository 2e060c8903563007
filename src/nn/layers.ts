/**
 * Layers: each creates its parameters in a scope, under the names of a PyTorch state dict, and returns the function
 * that applies them. The function may be applied any number of times; the parameters are shared.
 */
import { AssayError } from "../base/error.ts";
import { constant, torchDefault, zeros } from "./initialise.ts";
import { conv2d, type ConvOptions } from "./ops/conv.ts";
import { relu } from "./ops/elementwise.ts";
import { addBias, dense } from "./ops/matmul.ts";
import { batchNorm as batchNormOp } from "./ops/norm.ts";
import type { Scope } from "./scope.ts";
import type { Initialiser, Value } from "./trace.ts";

export type Layer = (x: Value) => Value;

export interface ConvSpec extends ConvOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Side of the square kernel. */
  readonly kernel: number;
  /** Default false: nearly every convolution here is followed by a norm. */
  readonly bias?: boolean;
  /** Of the weight. Default PyTorch's. */
  readonly initialise?: Initialiser;
}

/** Two-dimensional convolution, (N, H, W, inChannels) to (N, OH, OW, outChannels). Creates `weight` and maybe `bias`. */
export function conv(s: Scope, name: string, spec: ConvSpec): Layer {
  const { inChannels, outChannels, kernel, groups = 1 } = spec;
  const inputs = kernel * kernel * inChannels / groups;
  const here = s.child(name);
  const weight = here.parameter(
    "weight",
    [kernel, kernel, inChannels / groups, outChannels],
    "conv",
    spec.initialise ?? torchDefault(inputs),
  );
  const bias = spec.bias ? here.parameter("bias", [outChannels], "vector", torchDefault(inputs)) : undefined;
  const options: ConvOptions = { stride: spec.stride ?? 1, padding: spec.padding ?? 0, groups };
  return (x) => {
    const y = conv2d(s.t, x, weight, options);
    return bias ? addBias(s.t, y, bias) : y;
  };
}

export interface NormSpec {
  readonly relu?: boolean;
  /** Learned scale and offset, or a scale alone. Default true. */
  readonly affine?: boolean | "scale";
  readonly eps?: number;
  readonly momentum?: number;
  /** Start of the scale. Default 1; 0 on the last norm of a branch makes it start as the identity. */
  readonly scale?: number;
}

/** Applies a norm; `residual` is added before the ReLU. */
export type NormLayer = (x: Value, residual?: Value) => Value;

/**
 * Batch norm over all but the last dimension, in the scope's mode. Creates what `affine` says of `weight` and `bias`,
 * and the states `running_mean` and `running_var`.
 */
export function batchNorm(s: Scope, name: string, channels: number, spec: NormSpec = {}): NormLayer {
  const { relu: rectify = false, affine = true, eps = 1e-5, momentum = 0.1, scale = 1 } = spec;
  const here = s.child(name);
  const shape = [channels];
  const tensors = {
    ...(affine && { gamma: here.parameter("weight", shape, "vector", constant(scale)) }),
    ...(affine === true && { beta: here.parameter("bias", shape, "vector", zeros) }),
    runningMean: here.state("running_mean", shape, zeros),
    runningVariance: here.state("running_var", shape, constant(1)),
  };
  return (x, residual) =>
    batchNormOp(s.t, x, tensors, { mode: s.mode, eps, momentum, relu: rectify, residual });
}

export interface LinearSpec {
  /** Default true. */
  readonly bias?: boolean;
  readonly initialise?: Initialiser;
  readonly initialiseBias?: Initialiser;
}

/** Linear layer, (N, inputs) to (N, outputs). Creates `weight` and maybe `bias`. */
export function linear(
  s: Scope,
  name: string,
  inputs: number,
  outputs: number,
  spec: LinearSpec = {},
): Layer {
  const here = s.child(name);
  const initial = torchDefault(inputs);
  const weight = here.parameter("weight", [inputs, outputs], "dense", spec.initialise ?? initial);
  const bias = spec.bias === false
    ? undefined
    : here.parameter("bias", [outputs], "vector", spec.initialiseBias ?? initial);
  return (x) => dense(s.t, x, weight, bias);
}

export interface MlpSpec {
  /** Batch norm behind every hidden layer. Default true. */
  readonly norm?: boolean;
  /** Biases of the linear layers. Default: where no norm follows, since a norm takes every offset away. */
  readonly bias?: boolean;
  /** Norm behind the last layer: none (default), with learned scale and offset, with a scale alone, or with neither. */
  readonly lastNorm?: "none" | "affine" | "scale" | "plain";
}

const AFFINE = { none: true, affine: true, scale: "scale", plain: false } as const;

/**
 * Linear layers with ReLU between: (N, dims[0]) to (N, dims.at(-1)). Parameters are numbered as in the torch.nn.Sequential
 * of the same layers: linear 0, norm 1, ReLU 2, linear 3, ...
 */
export function mlp(s: Scope, name: string, dims: readonly number[], spec: MlpSpec = {}): Layer {
  const { norm = true, lastNorm = "none" } = spec;
  if (dims.length < 2) {
    throw new AssayError(
      `Cannot create "${
        s.nameOf(name)
      }": an MLP needs at least 2 widths, found ${dims.length}; give input and output.`,
    );
  }
  const here = s.child(name);
  const layers: Layer[] = [];
  let number = 0;
  for (let i = 1; i < dims.length; i++) {
    const last = i === dims.length - 1;
    const normed = last ? lastNorm !== "none" : norm;
    layers.push(linear(here, `${number++}`, dims[i - 1]!, dims[i]!, { bias: spec.bias ?? !normed }));
    if (normed) {
      layers.push(
        batchNorm(here, `${number++}`, dims[i]!, { relu: !last, affine: !last || AFFINE[lastNorm] }),
      );
    } else if (!last) {
      layers.push((x) => relu(s.t, x));
    }
    if (!last) number++; // the ReLU's own number
  }
  return (x) => layers.reduce((h, layer) => layer(h), x);
}
