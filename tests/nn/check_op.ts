/** Checks an op on the adapter: values against its f64 reference, cotangents against central differences in f64. */
import assert from "node:assert/strict";
import { Device } from "../../src/gpu/device.ts";
import { plan } from "../../src/gpu/planner.ts";
import type { Target } from "../../src/gpu/program.ts";
import { PhiloxStream } from "../../src/base/random.ts";
import { type Data, Session } from "../../src/gpu/session.ts";
import { grad } from "../../src/nn/grad.ts";
import { interpret } from "../../src/nn/interpret.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { dotWith } from "../../src/nn/ops/reduce.ts";

let device: Device | undefined;

/** One device for all tests of a process. */
export async function testDevice(): Promise<Device> {
  return device ??= await Device.open();
}

/** Every kernel variant the adapter runs, for ops with one of their own per lane count; lanes of 8 hold lanes of 4. */
export async function testTargets(): Promise<Target[]> {
  const { lanes } = (await testDevice()).target;
  return ([8, 4, 0] as const).filter((n) => n <= lanes).map((lanes) => ({ lanes }));
}

/** Unit roundoff of f32. */
export const EPS = 2 ** -24;

export interface OpCase {
  /** Shapes of the f32 inputs; values are uniform in (-1, 1) times `magnitude` unless `data` gives them. */
  readonly inputs: readonly (readonly number[])[];
  readonly magnitude?: number;
  /** Given data by input index; u32 inputs must be given. */
  readonly data?: Readonly<Record<number, Data>>;
  /** Inputs not to differentiate by. Default: u32 inputs. */
  readonly skip?: readonly number[];
  /** Longest chain of additions behind one output element; the tolerance grows with it. */
  readonly terms: number;
  /** The same for the gradients. Default: `terms`. */
  readonly gradientTerms?: number;
  /** Kernel variants to run. Default: what the adapter has and the portable ones. */
  readonly targets?: readonly Target[];
  /** Step of the central differences. Default 1e-5; 0 skips the gradient check for an op without one. */
  readonly step?: number;
}

export function randomData(size: number, seed: number, magnitude = 1): Float32Array<ArrayBuffer> {
  const stream = new PhiloxStream([seed, 99]);
  return Float32Array.from({ length: size }, () => (2 * stream.uniform() - 1) * magnitude);
}

/**
 * Runs `op` on every target and checks all its outputs and, for s = sum of w_k . y_k with random w, the
 * gradients of s by every differentiable input.
 *
 * Tolerance: (terms + 8) * EPS * scale, where scale is the largest magnitude of the reference tensor, at least the
 * largest product the sums are made of; a sum of n rounded terms is off by at most n roundings of its partial sums.
 */
export async function checkOp(
  c: OpCase,
  op: (t: Trace, inputs: readonly Value[]) => Value | readonly Value[],
): Promise<void> {
  const gpu = await testDevice();
  const targets = c.targets ?? (gpu.target.lanes ? [gpu.target, { lanes: 0 }] : [{ lanes: 0 } as Target]);
  for (const target of targets) await checkOn(gpu, target, c, op);
}

async function checkOn(
  gpu: Device,
  target: Target,
  c: OpCase,
  op: (t: Trace, inputs: readonly Value[]) => Value | readonly Value[],
): Promise<void> {
  const t = new Trace({ target });
  const data = c.inputs.map((shape, i) =>
    c.data?.[i] ?? randomData(shape.reduce((a, b) => a * b, 1), 100 + i, c.magnitude)
  );
  const inputs = c.inputs.map((shape, i) =>
    t.input(`x${i}`, shape, data[i] instanceof Uint32Array ? "u32" : "f32")
  );
  const result = op(t, inputs);
  const outputs: Value[] = "shape" in result ? [result as Value] : [...result as readonly Value[]];
  outputs.forEach((y) => t.program.output(y));
  const differentiable = inputs.map((_, i) => i).filter((i) =>
    c.step !== 0 && !(data[i] instanceof Uint32Array) && !c.skip?.includes(i)
  );
  const weights = outputs.map((y, k) => randomData(y.size, 900 + k));
  let gradients: Value[] = [];
  let total: Value | undefined;
  if (differentiable.length > 0) {
    total = dotWith(t, outputs, outputs.map((y, k) => t.input(`w${k}`, y.shape)));
    gradients = grad(t, total, differentiable.map((i) => inputs[i]!));
    gradients.forEach((g) => t.program.output(g));
  }
  const session = await Session.bind(gpu, plan(t.program));
  try {
    inputs.forEach((v, i) => session.write(v, data[i]!));
    if (total) outputs.forEach((_, k) => session.write(t.inputs.get(`w${k}`)!, weights[k]!));
    session.replay();
    const feeds = new Map<Value, ArrayLike<number>>(inputs.map((v, i) => [v, data[i]!]));
    outputs.forEach((_, k) => total && feeds.set(t.inputs.get(`w${k}`)!, weights[k]!));
    const expected = interpret(t, feeds, outputs);
    for (const [k, y] of outputs.entries()) {
      const got = await session.read(y);
      compare(`${y.label} (lanes ${target.lanes})`, got, expected[k]!, c.terms, c.magnitude ?? 1);
    }
    for (const [k, i] of differentiable.entries()) {
      const got = await session.read(gradients[k]!);
      const sample = sampleOf(got.length);
      const numeric = centralDifferences(t, feeds, inputs[i]!, data[i]!, total!, c.step ?? 1e-5, sample);
      compare(
        `d/d${i} of ${outputs[0]!.label} (lanes ${target.lanes})`,
        sample.map((i) => got[i]!),
        numeric,
        c.gradientTerms ?? c.terms,
        1,
        // Truncation of the differences is O(step^2); rounding is 1e-16 / step of the total.
        1e-8 * Math.max(1, ...expected.map((e) => e.reduce((m, v) => Math.max(m, Math.abs(v)), 0))),
      );
    }
  } finally {
    session.close();
  }
}

export function compare(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  terms: number,
  floor = 1,
  slack = 0,
): void {
  assert.equal(got.length, expected.length, `${what}: length`);
  let scale = floor;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  const tolerance = (terms + 8) * EPS * scale + slack;
  let worst = 0, at = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(got[i]! - expected[i]!);
    if (!(error <= worst)) {
      worst = error;
      at = i;
    }
  }
  assert.ok(
    worst <= tolerance,
    `${what}: element ${at} is ${got[at]}, expected ${expected[at]}; error ${worst} exceeds ${tolerance}`,
  );
}

/** Differences of large tensors are taken at 96 elements spread over the tensor, first and last among them. */
function sampleOf(size: number): number[] {
  const count = Math.min(size, 96);
  return Array.from(
    { length: count },
    (_, i) => count === 1 ? 0 : Math.floor((i * (size - 1)) / (count - 1)),
  );
}

function centralDifferences(
  t: Trace,
  feeds: ReadonlyMap<Value, ArrayLike<number>>,
  by: Value,
  data: Data,
  total: Value,
  step: number,
  sample: readonly number[],
): Float64Array {
  const at = (i: number, delta: number): number => {
    const moved = Float64Array.from(data);
    moved[i]! += delta;
    return interpret(t, new Map([...feeds, [by, moved]]), [total])[0]![0]!;
  };
  return Float64Array.from(sample, (i) => (at(i, step) - at(i, -step)) / (2 * step));
}
