/**
 * A parameter's layout here and in PyTorch. Convolutions: HWIO here, OIHW there; dense weights: [in, out] here,
 * [out, in] there; vectors are the same.
 */
import { AssayError } from "../base/error.ts";
import type { ParameterKind, Value } from "./trace.ts";

/** What `toTorch` and `fromTorch` need to know of a tensor. States count as vectors. */
export interface LayoutOf {
  readonly kind: ParameterKind;
  readonly value: Value;
}

const flattened = new WeakSet<Value>();

/** Says that PyTorch stores this convolution as the matrix [O, I*H*W] of a linear layer behind a flattened map. */
export function storeFlat(weight: Value): Value {
  flattened.add(weight);
  return weight;
}

/** Shape of the tensor in a PyTorch state dict. */
export function torchShape({ kind, value }: LayoutOf): number[] {
  const axes = torchAxes(kind, value);
  const shape = axes.map((axis) => value.shape[axis]!);
  return flattened.has(value) ? [shape[0]!, shape.slice(1).reduce((a, b) => a * b, 1)] : shape;
}

/** Our elements in PyTorch's order. */
export function toTorch<T extends Float32Array | Float64Array>(of: LayoutOf, data: T): T {
  const axes = torchAxes(of.kind, of.value);
  return permute(data, of.value.shape, axes);
}

/** PyTorch's elements in our order. */
export function fromTorch<T extends Float32Array | Float64Array>(of: LayoutOf, data: T): T {
  const axes = torchAxes(of.kind, of.value);
  const inverse = axes.map((_, i) => axes.indexOf(i));
  return permute(data, axes.map((axis) => of.value.shape[axis]!), inverse);
}

/** For each of PyTorch's dimensions, the dimension of ours it is. */
function torchAxes(kind: ParameterKind, value: Value): number[] {
  const rank = value.shape.length;
  const expected = { conv: 4, dense: 2, vector: rank }[kind];
  if (rank !== expected) {
    throw new AssayError(
      `Cannot convert ${value} to PyTorch's layout: a ${kind} weight must have ${expected} dimensions, it has ${rank}.`,
    );
  }
  if (kind === "conv") return [3, 2, 0, 1];
  return kind === "dense" ? [1, 0] : value.shape.map((_, i) => i);
}

/** Transposes row-major data: dimension i of the result is dimension axes[i] of the input. */
function permute<T extends Float32Array | Float64Array>(
  data: T,
  shape: readonly number[],
  axes: readonly number[],
): T {
  const size = shape.reduce((a, b) => a * b, 1);
  if (data.length !== size) {
    throw new AssayError(
      `Cannot transpose ${data.length} elements: shape [${shape.join(", ")}] has ${size}.`,
    );
  }
  const out = data.slice() as T;
  if (axes.every((axis, i) => axis === i)) return out;
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  let at = 0;
  const walk = (depth: number, offset: number): void => {
    const count = shape[axes[depth]!]!, stride = strides[axes[depth]!]!;
    if (depth === axes.length - 1) {
      for (let i = 0; i < count; i++) out[at++] = data[offset + i * stride]!;
    } else {
      for (let i = 0; i < count; i++) walk(depth + 1, offset + i * stride);
    }
  };
  walk(0, 0);
  return out;
}
